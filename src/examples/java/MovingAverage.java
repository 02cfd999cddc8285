import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adam;
import dev.rill.training.ArrayData;
import dev.rill.training.Fit;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.ResetStates;
import java.util.Locale;

/**
 * What a state is good for: Keras' example {@code lstm_stateful}. A stream of random numbers from -0.1 to 0.1 comes in, one number
 * a call; the answer is the mean of the last two.
 *
 * <p>Who does not remember the number before can answer no better than half the number that is seen. The error of that is half of
 * a number that is not known: its mean square is a quarter of the numbers' variance, 0.1<sup>2</sup> / 3 / 4 = 8.333e-4. A
 * stateful model has the number before in its state, and no such bound.
 *
 * <pre>java -p target/rill.jar --add-modules dev.rill src/examples/java/MovingAverage.java</pre>
 */
public final class MovingAverage {
  /** The mean squared error of the best answer without a memory. */
  static final double BOUND = 0.1 * 0.1 / 3 / 4;

  private MovingAverage() {}

  public static void main(String... args) {
    double stateless = error(false, 1000, 20, 1);
    double stateful = error(true, 1000, 20, 1);
    System.out.printf(Locale.ROOT, """

        mean squared error on 10,000 fresh numbers
          bound without a memory  %.3e
          stateless LSTM          %.6e
          stateful LSTM           %.6e
        """, BOUND, stateless, stateful);
  }

  /** Trains on a stream of some steps; returns the mean squared error on a fresh one. */
  static double error(boolean stateful, int steps, int epochs, int verbosity) {
    Sequential model = Sequential.of(Input.batchShape(1, 1, 1), new LSTM(20).stateful(stateful), new Dense(1));
    model.initialize(1);
    model.compile(new Adam(0.0005), new MeanSquaredError());

    Tensor numbers = numbers(1, steps);
    model.fit(numbers, means(numbers), new Fit().batchSize(1).shuffle(false).epochs(epochs).verbosity(verbosity)
        .callbacks(ResetStates.everyEpoch()));

    Tensor fresh = numbers(2, 10_000);
    model.resetStates();
    return model.evaluate(ArrayData.of(fresh, means(fresh)).batchSize(1)).get("loss");
  }

  /** A stream as samples of one step each: (steps, 1, 1). */
  static Tensor numbers(long seed, int steps) {
    Tensor x = Tensor.zeros(steps, 1, 1);
    for (int t = 0; t < steps; t++) {
      x.set(t, 0, 0, (float) (0.2 * CounterRandom.unit(seed, t) - 0.1));
    }
    return x;
  }

  /** The mean of each number and the one before it, which is 0 at the beginning: (steps, 1). */
  static Tensor means(Tensor x) {
    int steps = x.shape().axis(0);
    Tensor y = Tensor.zeros(steps, 1);
    for (int t = 0; t < steps; t++) {
      float before = t == 0 ? 0 : x.get(t - 1, 0, 0);
      y.set(t, 0, (before + x.get(t, 0, 0)) / 2);
    }
    return y;
  }
}
