package dev.rill.fuzz;

import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Session;
import dev.rill.kernels.KernelSwitch;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adagrad;
import dev.rill.training.Adam;
import dev.rill.training.AdamW;
import dev.rill.training.Batch;
import dev.rill.training.Checkpoint;
import dev.rill.training.CosineDecay;
import dev.rill.training.ExponentialDecay;
import dev.rill.training.Logs;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.Nadam;
import dev.rill.training.Objectives;
import dev.rill.training.Optimizer;
import dev.rill.training.RMSprop;
import dev.rill.training.SGD;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Configurations: random layers with random options become a model, which is run, cut in time and in rows, saved, loaded and
 * trained, on scalar kernels and on SIMD: everything to the same bits.
 */
public final class NetworkFuzzer {
  private static final String[] LOSSES = {"mse", "mae", "mape", "huber", "log_cosh", "poisson", "kl_divergence",
      "cosine_similarity", "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"};
  private static final String[] METRICS = {"mse", "mae", "binary_accuracy", "categorical_accuracy", "root_mean_squared_error",
      "top_k_categorical_accuracy", "cosine_similarity"};

  private NetworkFuzzer() {}

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    // Not every time: until it is compiled, SIMD takes a hundred times as long.
    boolean simd = choices.oneIn(4);
    RandomLayers layers = new RandomLayers(choices);
    KernelSwitch.simd(false);
    Model model;
    List<Tensor> x;
    List<Tensor> y;
    try {
      model = layers.model();
      model.initialize(choices.below(1000));
      x = Tensors.inputs(model, 1 + choices.below(4), 1 + choices.below(6), choices);
      y = model.predictOnBatch(x);
    } catch (RillException e) {
      // Options that do not go together.
      return;
    }
    model.resetStates();
    KernelSwitch.simd(simd);
    Tensors.requireBits(y, model.predictOnBatch(x), "outputs of a second call, of SIMD if that is on");
    model.resetStates();
    stream(model.freeze(), x.get(0), y.get(0), choices.below(x.get(0).shape().axis(1)));
    train(model, layers.dropout(), x, y, choices);
  }

  /** Cut in time and row by row. */
  private static void stream(Network network, Tensor x, Tensor y, int cut) {
    if (!network.streams()) {
      return;
    }
    int rows = x.shape().axis(0);
    int steps = x.shape().axis(1);
    int in = x.size() / (rows * steps);
    int out = y.size() / rows;
    boolean sequence = y.shape().rank() == 3;
    for (int row = 0; row < rows; row++) {
      float[] from = Arrays.copyOfRange(x.toArray(), row * steps * in, (row + 1) * steps * in);
      float[] expected = Arrays.copyOfRange(y.toArray(), row * out, (row + 1) * out);
      float[] actual = new float[out];
      float[] part = new float[out];
      Session session = network.session(1);
      // What the last step comes to cannot be asked for where there is none.
      if (cut > 0 || sequence) {
        session.run(cut, Arrays.copyOf(from, cut * in), part);
      }
      session.run(steps - cut, Arrays.copyOfRange(from, cut * in, from.length), actual);
      if (sequence) {
        int before = cut * (out / steps);
        System.arraycopy(actual, 0, actual, before, out - before);
        System.arraycopy(part, 0, actual, 0, before);
      }
      Tensors.requireBits(expected, actual, "outputs of row " + row + " cut at step " + cut);
    }
  }

  private static void train(Model model, boolean dropout, List<Tensor> x, List<Tensor> y, Choices choices) throws IOException {
    Batch batch = new Batch(x, targets(y, choices), null, null, false);
    Path file = Scratch.file("model.keras");
    try {
      model.compile(optimizer(choices), objectives(choices));
      model.trainOnBatch(batch);
      model.save(file);
    } catch (RillException e) {
      // A loss that does not take such targets, a rule that does not fit a variable.
      return;
    }
    Model loaded = Model.load(file);
    if (dropout || choices.yes()) {
      // How many batches have drawn random numbers is in a checkpoint only.
      model.checkpoint(1).save(Scratch.file("model.ckpt"));
      loaded.trainer();
      loaded.resume(Checkpoint.load(Scratch.file("model.ckpt")));
    } else {
      model.resetStates();
    }
    Logs expected = model.trainOnBatch(batch).copy();
    KernelSwitch.simd(false);
    Logs actual = loaded.trainOnBatch(batch).copy();
    Bounds.require(expected.toMap().equals(actual.toMap()), "logs after loading: expected " + expected + ", got " + actual);
    model.resetStates();
    loaded.resetStates();
    List<Tensor> after = model.predictOnBatch(x);
    Tensors.requireBits(after, loaded.predictOnBatch(x), "outputs when trained on after loading");
    loaded.save(file);
    Tensors.requireBits(after, Model.load(file).predictOnBatch(x), "outputs when saved and loaded again");
  }

  private static Objectives objectives(Choices choices) {
    Objectives objectives = Objectives.of(Loss.named(choices.of(LOSSES)));
    return choices.yes() ? objectives.metrics(Metric.named(choices.of(METRICS))) : objectives;
  }

  private static Optimizer optimizer(Choices choices) {
    Optimizer optimizer = switch (choices.below(8)) {
      case 1 -> new SGD(0.1, 0.5, choices.yes());
      case 2 -> new RMSprop(0.01, 0.9, choices.yes() ? 0.5 : 0, 1e-7, choices.yes());
      case 3 -> new Adam(0.01, 0.9, 0.99, 1e-7, choices.yes());
      case 4 -> new AdamW();
      case 5 -> new Nadam();
      case 6 -> new Adagrad();
      default -> new SGD();
    };
    Optimizer clipped = switch (choices.below(6)) {
      case 1 -> optimizer.clipValue(0.1);
      case 2 -> optimizer.clipNorm(0.5);
      case 3 -> optimizer.globalClipNorm(0.5);
      default -> optimizer;
    };
    return switch (choices.below(6)) {
      case 1 -> clipped.schedule(new ExponentialDecay(0.01, 2, 0.5, choices.yes()));
      case 2 -> clipped.schedule(new CosineDecay(0.01, 3));
      case 3 -> clipped.weightDecay(0.01);
      default -> clipped;
    };
  }

  /** Zeros and ones, which nearly every loss takes. */
  private static List<Tensor> targets(List<Tensor> y, Choices choices) {
    List<Tensor> targets = new ArrayList<>();
    for (Tensor output : y) {
      float[] values = new float[output.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = choices.below(2);
      }
      targets.add(Tensor.of(values, output.shape().toArray()));
    }
    return targets;
  }
}
