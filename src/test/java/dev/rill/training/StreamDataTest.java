package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Streams as batches, written as text: a letter a step, . for padding, | before a step at which the state is reset. */
class StreamDataTest {
  /** A stream whose input counts from a letter on; the target of each step is the next letter. */
  private static StreamData letters(String... streams) {
    List<Tensor> x = new ArrayList<>();
    List<Tensor> y = new ArrayList<>();
    for (String stream : streams) {
      x.add(Tensor.of(stream.chars().toArray(), stream.length(), 1));
      y.add(Tensor.of(stream.chars().map(c -> c + 1).toArray(), stream.length(), 1));
    }
    return StreamData.of(x, y);
  }

  private static String text(Batch batch) {
    Tensor x = batch.x().get(0);
    List<String> rows = new ArrayList<>();
    for (int r = 0; r < batch.rows(); r++) {
      StringBuilder row = new StringBuilder();
      for (int t = 0; t < x.shape().axis(1); t++) {
        row.append(batch.resets() != null && batch.resets()[t * batch.rows() + r] ? "|" : "");
        row.append(x.get(r, t, 0) == 0 ? '.' : (char) x.get(r, t, 0));
      }
      rows.add(row.toString());
    }
    return String.join(" ", rows);
  }

  private static List<String> texts(StreamData data) {
    return IntStream.range(0, data.batches()).mapToObj(index -> text(data.batch(0, index))).toList();
  }

  @Test
  void eachRowGoesOnWhereItEndedInTheBatchBefore() {
    StreamData data = letters("ABCD", "EFGH").steps(2);
    assertEquals(List.of("|AB |EF", "CD GH"), texts(data));
    assertEquals(2, data.batchRows(1));
    assertNull(data.batch(0, 1).weights());
    assertNull(data.batch(0, 1).resets());
    assertArrayEquals(new float[] {'D', 'E', 'H', 'I'}, data.batch(0, 1).y().get(0).toArray());
  }

  @Test
  void aRowTakesTheNextStreamInTheMiddleOfABatch() {
    StreamData data = letters("ABC", "DEFGHIJ", "KL", "MNOP").rows(2).steps(4);
    assertEquals(List.of("|ABC|K |DEFG", "L|MNO HIJ.", "P... ...."), texts(data));
    Batch last = data.batch(0, 1);
    assertTrue(last.padded());
    assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 1, 0}, last.weights().get(0).toArray());
    assertArrayEquals(new float[] {'M', 'N', 'O', 'P', 'I', 'J', 'K', 0}, last.y().get(0).toArray());
    assertFalse(data.batch(0, 0).padded());
  }

  @Test
  void noStreamIsCutUnlessItIsAskedFor() {
    assertEquals(List.of("|ABC. |DEFG |H..."), texts(letters("ABC", "DEFG", "H")));
    assertEquals(List.of(".|ABC |DEFG"), texts(letters("ABC", "DEFG").targetsAtEnd()));
  }

  @Test
  void aModelOfFixedStepsSaysHowLongABatchIs() {
    StreamData data = letters("ABC", "DEFG");
    assertEquals(List.of("|AB |DE", "C. FG"), texts((StreamData) data.ofSteps(2)));
    assertEquals(List.of("|ABC |DEF", "... G.."), texts((StreamData) data.steps(3).ofSteps(2)));
    assertEquals(List.of("|DE", ".|G"), texts((StreamData) letters("DEFG").stride(3).ofSteps(2)));
  }

  @Test
  void rowsBeyondTheStreamsArePadding() {
    StreamData data = letters("AB").rows(2).steps(2);
    assertEquals(List.of("|AB .."), texts(data));
    assertArrayEquals(new float[] {1, 1, 0, 0}, data.batch(0, 0).weights().get(0).toArray());
  }

  @Test
  void targetsAtTheEndOfWindowsIncludeThatOfTheStreamsEnd() {
    StreamData data = letters("ABCDE", "FG", "HI").rows(2).steps(2).targetsAtEnd();
    assertEquals(List.of(".|A |FG", "BC |HI", "DE .."), texts(data));
    assertArrayEquals(new float[] {'B', 'H'}, data.batch(0, 0).y().get(0).toArray());
    assertArrayEquals(new int[] {2, 1}, data.batch(0, 0).y().get(0).shape().toArray());
    assertNull(data.batch(0, 0).weights());
    assertArrayEquals(new float[] {1, 0}, data.batch(0, 2).weights().get(0).toArray());
  }

  @Test
  void windowsThatOverlapBeginAtZeroEach() {
    StreamData data = letters("ABCDEF", "GH", "IJKL").rows(2).steps(3).stride(2);
    assertEquals(List.of("|ABC |CDE", ".|EF .|GH", "|IJK .|KL"), texts(data));
    assertArrayEquals(new float[] {0, 1, 1, 0, 1, 1}, data.batch(0, 1).weights().get(0).toArray());
    StreamData gaps = letters("ABCDEF").rows(1).steps(2).stride(3);
    assertEquals(List.of("|AB", "|DE"), texts(gaps));
  }

  @Test
  void batchesCanBeHadInAnyOrder() {
    StreamData data = letters("ABC", "DEFGHIJ", "KL", "MNOP").rows(2).steps(4);
    assertEquals("P... ....", text(data.batch(0, 2)));
    assertEquals("|ABC|K |DEFG", text(data.batch(1, 0)));
    assertEquals("L|MNO HIJ.", text(data.batch(1, 1)));
    assertEquals("L|MNO HIJ.", text(data.batch(1, 1)));
  }

  @Test
  void theArraysOfABatchAreUsedAgain() {
    StreamData data = letters("ABCD").steps(2);
    assertSame(data.batch(0, 0).x().get(0).array(), data.batch(0, 1).x().get(0).array());
  }

  @Test
  void viewsOfLongerTensorsWork() {
    Tensor wide = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2);
    StreamData data = StreamData.of(List.of(wide.row(0), wide.row(1).rows(1, 3)), List.of(Tensor.zeros(3), Tensor.zeros(2)))
        .steps(3);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 0, 0}, data.batch(0, 0).x().get(0).toArray());
  }

  @Test
  void streamsAreLearntAsIfEachWereAlone() {
    FakeTrainable rows = new FakeTrainable(true);
    rows.learningRate(0);
    double together = Loop.evaluate(rows, letters("ABC", "DEFGH", "IJKLMNOP").rows(1).steps(4)).get("loss");
    double apart = 0;
    for (String stream : List.of("ABC", "DEFGH", "IJKLMNOP")) {
      FakeTrainable alone = new FakeTrainable(true);
      apart += Loop.evaluate(alone, letters(stream).steps(stream.length())).get("loss") * stream.length() / 16;
    }
    assertEquals(apart, together, 1e-3 * apart);
    assertEquals(together, Loop.evaluate(rows, letters("ABC", "DEFGH", "IJKLMNOP").rows(1).steps(4)).get("loss"));
  }

  @Test
  void aStatefulModelTrainsOnStreams() {
    FakeTrainable trainee = new FakeTrainable(true);
    trainee.learningRate(1e-6);
    History history = Loop.fit(trainee, letters("ABC", "DEFGHIJ", "KL").rows(2).steps(4),
        new Fit().epochs(3).validation(letters("ABCDEFG").steps(3)).verbosity(0));
    assertEquals(3, history.get("val_loss").size());
    assertTrue(history.get("loss").get(2) < history.get("loss").get(0));
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    Tensor four = Tensor.zeros(4, 2);
    assertThrows(ShapeException.class, () -> StreamData.of(List.of(), List.of()));
    assertThrows(ShapeException.class, () -> StreamData.of(List.of(four), List.of()));
    assertThrows(ShapeException.class, () -> StreamData.of(List.of(four), List.of(Tensor.zeros(3, 1))));
    assertThrows(ShapeException.class, () -> StreamData.of(List.of(four, Tensor.zeros(4, 3)), List.of(four, four)));
    assertThrows(ShapeException.class, () -> StreamData.of(List.of(Tensor.zeros(0, 2)), List.of(Tensor.zeros(0, 2))));
    assertThrows(ShapeException.class, () -> letters("A").steps(0));
  }
}
