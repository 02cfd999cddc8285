import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adam;
import dev.rill.training.Fit;
import dev.rill.training.Schedule;
import dev.rill.training.SparseCategoricalCrossentropy;
import dev.rill.training.StreamData;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text whose entropy is known. Each character, a, b or c, is drawn with probabilities that depend on the two before it. So the
 * source's entropy rate is known exactly: no model can predict its text with a smaller cross-entropy, and one that does has seen
 * the answer. A model that knows nothing but the character before has a higher bound.
 *
 * <p>The LSTM learns from one long stream in windows of 25 characters: the state goes on from window to window, gradients do
 * not. Then it is served: it reads a fresh text one character a call, and whatever it remembers is in its session.
 *
 * <pre>java -p target/rill.jar --add-modules dev.rill src/examples/java/MarkovSource.java</pre>
 */
public final class MarkovSource {
  private static final int CHARACTERS = 3;

  /** Probabilities of a, b and c, by the two characters before: aa, ab, ac, ba, ... */
  private static final double[][] NEXT = {
    {0.1, 0.8, 0.1}, {0.7, 0.1, 0.2}, {0.2, 0.2, 0.6},
    {0.1, 0.1, 0.8}, {0.1, 0.3, 0.6}, {0.8, 0.1, 0.1},
    {0.6, 0.3, 0.1}, {0.2, 0.7, 0.1}, {0.1, 0.6, 0.3}};

  private static final int WINDOW = 25;

  private MarkovSource() {}

  public static void main(String... args) {
    int[] fresh = text(2, 1_000_000);
    Sequential model = learned(200_000, 3, 1);
    System.out.printf(Locale.ROOT, """

        cross-entropy on 1,000,000 fresh characters, nats a character
          bound if one character is remembered  %.6f
          bound, the source's entropy rate      %.6f
          the source's own probabilities        %.6f
          LSTM                                  %.6f
        """, conditionalEntropy(), entropyRate(), ownCrossEntropy(fresh), crossEntropy(model, fresh));
  }

  /** A model that has learned from a text of some characters. */
  static Sequential learned(int characters, int epochs, int verbosity) {
    Sequential model = Sequential.of(Input.batchShape(1, WINDOW, CHARACTERS),
        new LSTM(16).stateful(true).returnSequences(true), new Dense(CHARACTERS).activation("softmax"));
    model.initialize(1);
    long updates = (long) epochs * characters / WINDOW;
    model.compile(new Adam().schedule(Schedule.cosine(0.01, updates)), new SparseCategoricalCrossentropy());

    // The input is each character but the last, the target the one behind it.
    Tensor text = Tensor.of(text(1, characters + 1), characters + 1);
    Tensor x = Tensor.zeros(characters, CHARACTERS);
    for (int t = 0; t < characters; t++) {
      x.set(t, (int) text.get(t), 1);
    }
    StreamData stream = StreamData.of(x, text.rows(1, characters + 1)).steps(WINDOW);
    model.fit(stream, new Fit().epochs(epochs).verbosity(verbosity));
    return model;
  }

  /** What the model gives the characters of a text, all but the first: the mean of -log p, read one by one with a state. */
  static double crossEntropy(Sequential model, int[] text) {
    Session session = model.freeze().session(1);
    float[] x = new float[CHARACTERS];
    float[] p = new float[CHARACTERS];
    double sum = 0;
    for (int t = 0; t + 1 < text.length; t++) {
      Arrays.fill(x, 0);
      x[text[t]] = 1;
      session.step(x, p);
      sum -= StrictMath.log(p[text[t + 1]]);
    }
    return sum / (text.length - 1);
  }

  /** The same of the probabilities that the text was drawn with: the entropy rate but for chance. */
  static double ownCrossEntropy(int[] text) {
    double sum = 0;
    for (int t = 0; t + 1 < text.length; t++) {
      int before = t == 0 ? 0 : text[t - 1];
      sum -= StrictMath.log(NEXT[before * CHARACTERS + text[t]][text[t + 1]]);
    }
    return sum / (text.length - 1);
  }

  /** Characters 0, 1 and 2, drawn from the source; before the first there was aa. */
  static int[] text(long seed, int length) {
    int[] text = new int[length];
    int pair = 0;
    for (int t = 0; t < length; t++) {
      double left = CounterRandom.unit(seed, t);
      int next = 0;
      while (next < CHARACTERS - 1 && left >= NEXT[pair][next]) {
        left -= NEXT[pair][next++];
      }
      text[t] = next;
      pair = follow(pair, next);
    }
    return text;
  }

  /** The pair of characters at the end when one more has come. */
  private static int follow(int pair, int next) {
    return pair % CHARACTERS * CHARACTERS + next;
  }

  /** How often each pair occurs in the long run: the distribution that another character does not change. */
  private static double[] stationary() {
    double[] pairs = new double[CHARACTERS * CHARACTERS];
    Arrays.fill(pairs, 1.0 / pairs.length);
    for (int round = 0; round < 1000; round++) {
      double[] after = new double[pairs.length];
      for (int pair = 0; pair < pairs.length; pair++) {
        for (int next = 0; next < CHARACTERS; next++) {
          after[follow(pair, next)] += pairs[pair] * NEXT[pair][next];
        }
      }
      pairs = after;
    }
    return pairs;
  }

  /** Entropy of a character if the two before it are known: no more can be known. */
  static double entropyRate() {
    double[] pairs = stationary();
    double rate = 0;
    for (int pair = 0; pair < pairs.length; pair++) {
      rate += pairs[pair] * entropy(NEXT[pair]);
    }
    return rate;
  }

  /** Entropy of a character if only the one before it is known: that of pairs less that of characters. */
  static double conditionalEntropy() {
    double[] pairs = stationary();
    double[] characters = new double[CHARACTERS];
    for (int pair = 0; pair < pairs.length; pair++) {
      characters[pair % CHARACTERS] += pairs[pair];
    }
    return entropy(pairs) - entropy(characters);
  }

  private static double entropy(double[] probabilities) {
    double entropy = 0;
    for (double p : probabilities) {
      entropy -= p * StrictMath.log(p);
    }
    return entropy;
  }
}
