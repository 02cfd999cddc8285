package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * Saves the model after epochs or batches, by Keras' rules. The best value is remembered from one {@code fit} to the next.
 * Setters change this object.
 *
 * <p>A folder that cannot be written into, and a model that a file cannot hold, are refused before training; a file that cannot be
 * written later ends it by an {@link UncheckedIOException}.
 */
public final class ModelCheckpoint extends Callback {
  private static final String NAME = "the checkpoint";

  private final String text;
  private final FilePattern pattern;
  private final boolean weightsOnly;
  private Monitor monitor = new Monitor("val_loss");
  private boolean bestOnly;
  private int everyBatches;
  private int batchesSince;
  private OptionalDouble best = OptionalDouble.empty();

  private ModelCheckpoint(String file, String end, boolean weightsOnly) {
    if (!Require.given(file, "the name of a file").endsWith(end)) {
      throw new RillException("file name " + file + ": expected one that ends in " + end);
    }
    text = file;
    pattern = new FilePattern(file);
    this.weightsOnly = weightsOnly;
  }

  /**
   * Saves the whole model, its optimizer included.
   *
   * @param file ends in {@code .keras}; {@code {epoch}} and {@code {batch}} stand for their numbers from 1, {@code
   *     {val_loss:.2f}} and the like for figures of the logs. Without a place for the epoch the last file wins. Folders are made
   * @return a callback
   * @throws RillException if the name has another ending, or a place that cannot be filled or would make a name of many digits
   */
  public static ModelCheckpoint model(String file) {
    return new ModelCheckpoint(file, ".keras", false);
  }

  /**
   * Saves the weights.
   *
   * @param file ends in {@code .weights.h5}; as for {@link #model}
   * @return a callback
   * @throws RillException as for {@link #model}
   */
  public static ModelCheckpoint weights(String file) {
    return new ModelCheckpoint(file, ".weights.h5", true);
  }

  /**
   * Saves only if a figure is better than ever before. If the logs do not hold it, a warning is logged and the model saved.
   *
   * @param figure its name in the logs
   * @param mode which values are better
   * @return this
   */
  public ModelCheckpoint best(String figure, Mode mode) {
    monitor = new Monitor(figure);
    monitor.mode(mode);
    bestOnly = true;
    return this;
  }

  /**
   * Sets a value that has to be beaten before anything is saved; goes with {@link #best}.
   *
   * @param value none by default
   * @return this
   */
  public ModelCheckpoint threshold(double value) {
    best = OptionalDouble.of(value);
    return this;
  }

  /**
   * Saves after every so many batches instead of every epoch, counted on from epoch to epoch.
   *
   * @param count how many
   * @return this
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public ModelCheckpoint everyBatches(int count) {
    everyBatches = Require.atLeast(count, 1, "batches from file to file");
    return this;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    if (bestOnly) {
      monitor.begin(run.trainee(), NAME);
    }
    try {
      OutputFolder.check(pattern.sample());
      if (!weightsOnly) {
        run.trainee().checkSave();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onTrainBatchEnd(FitContext run, Logs logs) {
    if (everyBatches > 0 && ++batchesSince >= everyBatches) {
      batchesSince = 0;
      save(run, logs, new Logs().put("epoch", run.epoch() + 1).put("batch", run.batch() + 1));
    }
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    if (everyBatches == 0) {
      save(run, logs, new Logs().put("epoch", run.epoch() + 1));
    }
  }

  private void save(FitContext run, Logs logs, Logs figures) {
    Path file = Path.of(pattern.fill(figures.putAll("", logs)));
    if (bestOnly) {
      OptionalDouble current = monitor.value(logs, NAME + " " + text);
      if (current.isPresent()) {
        if (!monitor.improves(current.getAsDouble(), best)) {
          return;
        }
        best = current;
      }
    }
    try {
      OutputFolder.make(file);
      if (weightsOnly) {
        run.trainee().saveWeights(file);
      } else {
        run.trainee().save(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public CallbackState state() {
    return monitor.state(best).put("batches", batchesSince);
  }

  @Override
  public void restore(CallbackState state) {
    best = monitor.best(state, NAME + " " + text);
    batchesSince = state.integer("batches");
  }
}
