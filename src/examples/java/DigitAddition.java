import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.layers.RepeatVector;
import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adam;
import dev.rill.training.ArrayData;
import dev.rill.training.Fit;
import dev.rill.training.Metric;
import dev.rill.training.Schedule;
import dev.rill.training.SparseCategoricalCrossentropy;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * From sequence to sequence: Keras' example {@code addition_rnn}. The question is a text such as {@code "535+61 "}, given
 * backwards, the answer the text {@code "596 "}. One LSTM reads the question; its last output, repeated, is all that a second one
 * has to write the answer from.
 *
 * <p>Keras reports 99 % of the characters right with three digits, on 5,000 sums that were kept back while it trained on 45,000
 * others. Here are the same sizes, and the harder count besides: answers without a wrong character.
 *
 * <pre>java -p target/rill.jar --add-modules dev.rill src/examples/java/DigitAddition.java</pre>
 */
public final class DigitAddition {
  private static final String CHARACTERS = "0123456789+ ";

  private DigitAddition() {}

  /** Questions (sums, 2 digits + 1, characters), a 1 among zeros each character; answers (sums, digits + 1), an index each. */
  record Sums(Tensor questions, Tensor answers) {
    Sums rows(int from, int to) {
      return new Sums(questions.rows(from, to), answers.rows(from, to));
    }
  }

  public static void main(String... args) {
    Sums sums = sums(3, 50_000);
    Sums fresh = sums.rows(45_000, 50_000);
    Sequential model = learned(sums.rows(0, 45_000), 128, 128, 20, 1);
    System.out.printf(Locale.ROOT, """

        right on 5,000 sums that were kept back
          characters, as Keras reports  99 %%
          characters                    %.3f %%
          whole answers                 %.2f %%
        """, 100 * charactersRight(model, fresh), 100 * answersRight(model, fresh));
  }

  /** A model of two layers of some units that has learned from sums. */
  static Sequential learned(Sums sums, int units, int batch, int epochs, int verbosity) {
    int length = sums.questions.shape().axis(1);
    int answerLength = sums.answers.shape().axis(1);
    Sequential model = Sequential.of(Input.shape(length, CHARACTERS.length()),
        new LSTM(units), new RepeatVector(answerLength), new LSTM(units).returnSequences(true),
        new Dense(CHARACTERS.length()).activation("softmax"));
    model.initialize(1);
    long updates = (long) epochs * sums.questions.shape().axis(0) / batch;
    model.compile(new Adam().schedule(Schedule.cosine(0.004, updates)), new SparseCategoricalCrossentropy(),
        Metric.named("accuracy"));
    model.fit(sums.questions, sums.answers, new Fit().batchSize(batch).epochs(epochs).verbosity(verbosity));
    return model;
  }

  /** Some different sums of numbers of up to so many digits; 1+2 and 2+1 are the same. */
  static Sums sums(int digits, int count) {
    Tensor questions = Tensor.zeros(count, 2 * digits + 1, CHARACTERS.length());
    Tensor answers = Tensor.zeros(count, digits + 1);
    int numbers = (int) StrictMath.pow(10, digits);
    Set<List<Integer>> seen = new HashSet<>();
    for (long draw = 0; seen.size() < count; draw += 2) {
      int a = (int) (numbers * CounterRandom.unit(1, draw));
      int b = (int) (numbers * CounterRandom.unit(1, draw + 1));
      int i = seen.size();
      if (seen.add(List.of(Math.min(a, b), Math.max(a, b)))) {
        String question = padded(a + "+" + b, 2 * digits + 1);
        for (int t = 0; t < question.length(); t++) {
          questions.set(i, question.length() - 1 - t, CHARACTERS.indexOf(question.charAt(t)), 1);
        }
        String answer = padded(String.valueOf(a + b), digits + 1);
        for (int t = 0; t < answer.length(); t++) {
          answers.set(i, t, CHARACTERS.indexOf(answer.charAt(t)));
        }
      }
    }
    return new Sums(questions, answers);
  }

  private static String padded(String text, int length) {
    return text + " ".repeat(length - text.length());
  }

  /** The share of characters that are right, those that fill up an answer included. */
  static double charactersRight(Sequential model, Sums sums) {
    return model.evaluate(ArrayData.of(sums.questions, sums.answers)).get("accuracy");
  }

  /** The share of answers that are right from the first character to the last. */
  static double answersRight(Sequential model, Sums sums) {
    Tensor written = model.predict(sums.questions);
    int count = sums.answers.shape().axis(0);
    int right = 0;
    for (int i = 0; i < count; i++) {
      boolean whole = true;
      for (int t = 0; t < sums.answers.shape().axis(1); t++) {
        whole &= likeliest(written, i, t) == (int) sums.answers.get(i, t);
      }
      right += whole ? 1 : 0;
    }
    return (double) right / count;
  }

  private static int likeliest(Tensor probabilities, int i, int t) {
    int likeliest = 0;
    for (int c = 1; c < CHARACTERS.length(); c++) {
      likeliest = probabilities.get(i, t, c) > probabilities.get(i, t, likeliest) ? c : likeliest;
    }
    return likeliest;
  }
}
