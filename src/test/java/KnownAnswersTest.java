import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Sequential;
import dev.rill.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The examples, most of them smaller, against what is known about their tasks. They have no package: neither has this. */
class KnownAnswersTest {
  private static final int SILENT = 0;

  @Test
  void theMovingAverageIsLearnedByAStateAndByNothingElse() throws Exception {
    // 10,000 numbers estimate their variance to within 1 %.
    double stateless = MovingAverage.error(false, 1000, 3, SILENT);
    assertTrue(stateless > 0.97 * MovingAverage.BOUND, "below what can be known: " + stateless);

    double stateful = MovingAverage.error(true, 1000, 20, SILENT);
    assertTrue(stateful < 5e-5, "mean squared error " + stateful);
    String quoted = String.format(Locale.ROOT, "%.6e", stateful);
    assertTrue(Files.readString(Path.of("jmh", "RESULTS.md")).contains(quoted), "the results do not quote " + quoted);
  }

  @Test
  void aConstantAnswerToTheAddingProblemIsWrongByASixth() {
    Tensor sums = AddingProblem.sums(AddingProblem.sequences(3, 100_000, 10));
    double squares = 0;
    for (float sum : sums.toArray()) {
      squares += (sum - 1.0) * (sum - 1.0);
    }
    // Four standard errors: the variance of the square is 1/15 - 1/36.
    assertEquals(AddingProblem.BOUND, squares / sums.size(), 4 * Math.sqrt((1 / 15.0 - 1 / 36.0) / sums.size()));
  }

  @Test
  void theAddingProblemIsSolvedOverTenSteps() {
    double error = AddingProblem.error(10, 2000, 8, SILENT);
    assertTrue(error < AddingProblem.BOUND / 20, "mean squared error " + error);
  }

  @Test
  void aTextIsPredictedAlmostAsWellAsItsSourceAllowsAndNoBetter() {
    int[] fresh = MarkovSource.text(3, 20_000);
    double own = MarkovSource.ownCrossEntropy(fresh);
    assertEquals(MarkovSource.entropyRate(), own, 0.015, "the source's own probabilities");

    double learned = MarkovSource.crossEntropy(MarkovSource.learned(20_000, 2, SILENT), fresh);
    assertTrue(learned > own, learned + " is below what can be known, " + own);
    assertTrue(learned < own + 0.02, learned + " is far above what can be known, " + own);
    assertTrue(own + 0.02 < MarkovSource.conditionalEntropy() - 0.2, "one character would be enough of a memory");
  }

  @Test
  void additionIsLearnedThroughARepeatedVector() {
    DigitAddition.Sums sums = DigitAddition.sums(1, 55);
    Sequential model = DigitAddition.learned(sums, 32, 5, 200, SILENT);
    // No answer is more frequent than "9 ": who does not get to know the question is right with 5 of 55.
    double right = DigitAddition.answersRight(model, sums);
    assertTrue(right > 0.95, "answers right: " + right);
    assertTrue(DigitAddition.charactersRight(model, sums) >= right);
  }
}
