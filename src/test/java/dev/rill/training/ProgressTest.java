package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** What is shown while training runs, with a clock that goes on a quarter of a second whenever it is asked. */
class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Progress progress(boolean live) {
    LongSupplier clock = new LongSupplier() {
      private long now;

      @Override
      public long getAsLong() {
        return now += 250_000_000;
      }
    };
    return new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), live, clock);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static FakeTrainable still() {
    FakeTrainable trainee = new FakeTrainable(false);
    trainee.w = 0;
    trainee.learningRate(0);
    return trainee;
  }

  private static ArrayData data(int samples) {
    return ArrayData.of(List.of(Tensor.zeros(samples, 1, 1)), List.of(Tensor.zeros(samples, 1))).batchSize(1);
  }

  @Test
  void aBarMovesAndEndsWithAllFigures() {
    Loop.fit(still(), data(2), new Fit().epochs(2).validation(data(1)).progress(progress(true)));
    String epoch = "\r1/2 [==========..........] 0s 250ms/step - loss: 0.0000e+00 - accuracy: 0.5000"
        + "\r2/2 [====================] 0s 250ms/step - loss: 0.0000e+00 - accuracy: 0.5000"
        + "\r2/2 [====================] 1s 500ms/step - loss: 0.0000e+00 - accuracy: 0.5000 - val_loss: 0.0000e+00"
        + " - val_accuracy: 0.5000\n";
    assertEquals("Epoch 1/2\n" + epoch + "Epoch 2/2\n" + epoch, shown());
  }

  @Test
  void withoutATerminalThereIsALineAnEpoch() {
    Loop.fit(still(), data(2), new Fit().epochs(2).progress(progress(false)));
    assertEquals("Epoch 1/2 - 2/2 - 1s 500ms/step - loss: 0.0000e+00 - accuracy: 0.5000\n"
        + "Epoch 2/2 - 2/2 - 1s 500ms/step - loss: 0.0000e+00 - accuracy: 0.5000\n", shown());
  }

  @Test
  void theTimeThatIsLeftFollowsTheBatches() {
    Progress progress = progress(true);
    FitContext run = new FitContext(still(), 1, true);
    progress.onEpochBegin(run);
    run.batch(0, 30000);
    progress.onTrainBatchEnd(run, new Logs());
    run.batch(1, 30000);
    progress.onTrainBatchEnd(run, new Logs());
    run.batch(29599, 30000);
    progress.onTrainBatchEnd(run, new Logs());
    assertEquals("\r    1/30000 [....................] 2:04:59 250ms/step"
        + "\r    2/30000 [....................] 2:04:59 250ms/step"
        + "\r29600/30000 [===================.] 0s 17us/step      ", shown());
  }

  @Test
  void evaluationShowsItsOwnBar() {
    Loop.evaluate(still(), data(1), progress(true));
    assertEquals("\r1/1 [====================] 0s 250ms/step - loss: 0.0000e+00 - accuracy: 0.5000"
        + "\r1/1 [====================] 1s 500ms/step - loss: 0.0000e+00 - accuracy: 0.5000\n", shown());
  }

  @Test
  void aNameCannotDriveTheTerminal() {
    Progress progress = progress(false);
    FitContext run = new FitContext(still(), 1, true);
    run.batch(0, 1);
    progress.onEpochBegin(run);
    progress.onEpochEnd(run, new Logs().put("..\u001b[2J_loss\r\n", 1));
    assertEquals("1/1 - 0s 250ms/step - ..\\u001b[2J_loss\\u000d\\u000a: 1.0000\n", shown());
    assertEquals("{a\\u000ab=1.0}", new Logs().put("a\nb", 1).toString());
  }

  @Test
  void silenceIsSilent() {
    PrintStream out = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Loop.fit(still(), data(2), new Fit().verbosity(0));
      assertEquals("", shown());
    } finally {
      System.setOut(out);
    }
  }
}
