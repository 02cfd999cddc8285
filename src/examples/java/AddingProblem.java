import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adam;
import dev.rill.training.ArrayData;
import dev.rill.training.Fit;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Schedule;
import java.util.Locale;

/**
 * Memory over a hundred steps: the adding problem (Hochreiter and Schmidhuber 1997). Each step brings a random number from 0 to 1
 * and a mark, which is 1 at one step of the first half and at one of the second, else 0. After the last step the sum of the
 * two marked numbers is asked for.
 *
 * <p>Who remembers nothing answers 1, the mean, always. The mean squared error of that is the variance of the sum, twice 1/12:
 * exactly 1/6. Whatever lies below has been carried over many steps, forward by the state and backward by the gradient.
 *
 * <pre>java -p target/rill.jar --add-modules dev.rill src/examples/java/AddingProblem.java</pre>
 */
public final class AddingProblem {
  /** The mean squared error of the best answer without a memory. */
  static final double BOUND = 1 / 6.0;

  private static final int BATCH = 50;

  private AddingProblem() {}

  public static void main(String... args) {
    double error = error(100, 10_000, 6, 1);
    System.out.printf(Locale.ROOT, """

        mean squared error on 10,000 fresh sequences of 100 steps
          bound without a memory  %.3e
          GRU                     %.6e
        """, BOUND, error);
  }

  /** Trains on some sequences of some steps; returns the mean squared error on 10,000 fresh ones. */
  static double error(int steps, int sequences, int epochs, int verbosity) {
    Sequential model = Sequential.of(Input.shape(steps, 2), new GRU(32), new Dense(1));
    model.initialize(1);
    // Over many steps a gradient grows too large now and then; a rate that falls to 0 brings the last digits.
    long updates = (long) epochs * sequences / BATCH;
    model.compile(new Adam().schedule(Schedule.cosine(0.01, updates)).globalClipNorm(1), new MeanSquaredError());

    Tensor x = sequences(1, sequences, steps);
    model.fit(x, sums(x), new Fit().batchSize(BATCH).epochs(epochs).verbosity(verbosity));

    Tensor fresh = sequences(2, 10_000, steps);
    return model.evaluate(ArrayData.of(fresh, sums(fresh))).get("loss");
  }

  /** Numbers and marks: (sequences, steps, 2). */
  static Tensor sequences(long seed, int sequences, int steps) {
    Tensor x = Tensor.zeros(sequences, steps, 2);
    for (int i = 0; i < sequences; i++) {
      long random = CounterRandom.stream(seed, 0, 0, i);
      for (int t = 0; t < steps; t++) {
        x.set(i, t, 0, (float) CounterRandom.unit(random, t));
      }
      int half = steps / 2;
      x.set(i, (int) (half * CounterRandom.unit(random, steps)), 1, 1);
      x.set(i, half + (int) (half * CounterRandom.unit(random, steps + 1)), 1, 1);
    }
    return x;
  }

  /** The sum of the marked numbers of each sequence: (sequences, 1). */
  static Tensor sums(Tensor x) {
    Tensor y = Tensor.zeros(x.shape().axis(0), 1);
    for (int i = 0; i < x.shape().axis(0); i++) {
      float sum = 0;
      for (int t = 0; t < x.shape().axis(1); t++) {
        sum += x.get(i, t, 0) * x.get(i, t, 1);
      }
      y.set(i, 0, sum);
    }
    return y;
  }
}
