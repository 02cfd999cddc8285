package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes event files for TensorBoard under the names of Keras' callback: {@code epoch_loss} and the like in {@code train} and, of
 * validation, in {@code validation}, with {@code epoch_learning_rate}; on request {@code batch_loss} and the like; on request histograms
 * of weights, {@code sequential/lstm/lstm_cell/kernel/histogram}, and, which Keras has not, of the last gradient of the epoch, {@code
 * .../kernel/gradient/histogram}. Beside that the text of the model's summary. All that has been told is in the files after each call,
 * also where training fails. A run that goes on from a checkpoint writes another file, as Keras does.
 *
 * <p>What cannot be written ends training by an {@link UncheckedIOException}.
 */
public final class TensorBoard extends Callback {
  private static final String VALIDATION = "val_";
  private static final double MILLIS = 1e-3;

  private final Path folder;
  private final LongSupplier clock;
  private int histograms;
  private int batches;
  private EventFile train;
  private EventFile validation;
  private Trainable watched;
  private float[] gradient;
  private long batch;

  /**
   * Writes into a folder, which is made; files of earlier runs stay.
   *
   * @param folder such as {@code logs}
   */
  public TensorBoard(Path folder) {
    this(folder, System::currentTimeMillis);
  }

  TensorBoard(Path folder, LongSupplier clock) {
    this.folder = Require.given(folder, "the folder");
    this.clock = clock;
  }

  /**
   * Asks for histograms of weights and gradients.
   *
   * @param epochs one each so many epochs, from the first on; 0 for none, the default
   * @return this
   */
  public TensorBoard histogramFreq(int epochs) {
    histograms = Require.atLeast(epochs, 0, "epochs from histogram to histogram");
    return this;
  }

  /**
   * Asks for figures of batches.
   *
   * @param updates one each so many updates; 0 for none, the default
   * @return this
   */
  public TensorBoard updateFreq(int updates) {
    batches = Require.atLeast(updates, 0, "updates from figure to figure");
    return this;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    batch = 0;
    if (histograms > 0) {
      watched = run.trainee();
      gradient = watched.watchGradient();
    }
    String summary = run.trainee().summary();
    write(() -> {
      train = open("train");
      if (!summary.isEmpty()) {
        // Markdown: four spaces in front keep the table as it is.
        train.text("model_summary", "    " + summary.replace("\n", "\n    "), 0, now());
      }
    });
  }

  @Override
  public void onTrainBatchEnd(FitContext run, Logs logs) {
    batch++;
    if (batches > 0 && batch % batches == 0) {
      write(() -> {
        for (String name : logs.names()) {
          train.scalar("batch_" + name, logs.get(name), batch, now());
        }
      });
    }
  }

  @Override
  public void onTestEnd(FitContext run, Logs logs) {
    if (run.training()) {
      write(() -> {
        for (String name : logs.names()) {
          validation().scalar("evaluation_" + name + "_vs_iterations", logs.get(name), run.trainee().iterations(), now());
        }
      });
    }
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    int epoch = run.epoch();
    write(() -> {
      for (String name : logs.names()) {
        if (name.startsWith(VALIDATION)) {
          validation().scalar("epoch_" + name.substring(VALIDATION.length()), logs.get(name), epoch, now());
        } else if (!name.equals("learning_rate")) {
          train.scalar("epoch_" + name, logs.get(name), epoch, now());
        }
      }
      train.scalar("epoch_learning_rate", run.trainee().learningRate(), epoch, now());
      if (histograms > 0 && epoch % histograms == 0) {
        histograms(run.trainee(), epoch);
      }
    });
  }

  private void histograms(Trainable trainee, int epoch) throws IOException {
    float[] weights = trainee.weights();
    List<Weights.Slice> trained = trainee.trained();
    for (Map.Entry<String, Weights.Slice> variable : trainee.variables().entrySet()) {
      Weights.Slice slice = variable.getValue();
      train.histogram(variable.getKey() + "/histogram", weights, slice.at(), slice.size(), epoch, now());
      if (trained.contains(slice)) {
        train.histogram(variable.getKey() + "/gradient/histogram", gradient, slice.at(), slice.size(), epoch, now());
      }
    }
  }

  @Override
  public void onTrainEnd(FitContext run, Logs logs) {
    write(() -> {
      for (EventFile file : new EventFile[] {train, validation}) {
        if (file != null) {
          file.close();
        }
      }
    });
  }

  @Override
  protected void release() {
    for (EventFile file : new EventFile[] {train, validation}) {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        // Closed by onTrainEnd unless the run has failed, which says why itself; nothing that was told waits to be written.
      }
    }
    train = null;
    validation = null;
    if (watched != null) {
      watched.ignoreGradient();
    }
    watched = null;
    gradient = null;
  }

  private EventFile validation() throws IOException {
    validation = validation == null ? open("validation") : validation;
    return validation;
  }

  /** Named as TensorFlow does, so that TensorBoard takes it for a file of events; a number tells runs of one second apart. */
  private EventFile open(String part) throws IOException {
    long now = clock.getAsLong();
    Path into = folder.resolve(part);
    for (int number = 0; ; number++) {
      Path file = into.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.rill.%d.%d.v2", now / 1000,
          ProcessHandle.current().pid(), number));
      OutputFolder.make(file);
      if (!Files.exists(file)) {
        return new EventFile(file, now * MILLIS);
      }
    }
  }

  private double now() {
    return clock.getAsLong() * MILLIS;
  }

  /** Something that writes. */
  private interface Writing {
    void run() throws IOException;
  }

  private static void write(Writing what) {
    try {
      what.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
