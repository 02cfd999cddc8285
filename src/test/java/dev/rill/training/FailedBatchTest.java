package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Samples;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch that fails or is refused on the way has not been. */
class FailedBatchTest {
  private static final int ROWS = 3;
  private static final int STEPS = 4;

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  /** A stateful layer that is applied twice goes on, within a batch, from what its first application has left. */
  private static Model model(Schedule rates) {
    return model(new Adam().schedule(rates));
  }

  private static Model model(Optimizer optimizer) {
    LSTM shared = new LSTM(2).stateful(true).returnSequences(true);
    Symbol in = Input.batchShape(ROWS, STEPS, 2);
    Model model = Model.of(in, new Dense(1).apply(shared.apply(shared.apply(in))));
    model.initialize(1);
    model.compile(optimizer, new MeanSquaredError());
    return model;
  }

  private static Batch batch(int number) {
    return Batch.of(List.of(Samples.tensor(number, ROWS, STEPS, 2)), List.of(Samples.tensor(-number, ROWS, STEPS, 1)));
  }

  private static void assertSame(Checkpoint expected, Checkpoint actual) {
    Samples.assertBits(expected.weights(), actual.weights(), "weights");
    assertEquals(expected.counters(), actual.counters());
    for (int slot = 0; slot < expected.slots().values().length; slot++) {
      Samples.assertBits(expected.slots().values()[slot], actual.slots().values()[slot], "slot " + slot);
    }
    assertEquals(expected.states() == null, actual.states() == null);
    if (expected.states() != null) {
      Samples.assertBits(expected.states(), actual.states(), "checkpoint");
    }
  }

  /** Nadam keeps a product besides, which moves on with each update. */
  static Stream<Optimizer> optimizers() {
    return Stream.of(new Adam(), new Nadam(), new RMSprop());
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aScheduleThatThrowsChangesNothing(Optimizer optimizer) {
    AtomicInteger asked = new AtomicInteger();
    Model model = model(optimizer.schedule(iteration -> {
      if (asked.incrementAndGet() % 2 == 1) {
        throw new IllegalStateException("no rate");
      }
      return 0.01;
    }));
    Model unharmed = model(optimizer.schedule(Schedule.constant(0.01)));
    for (int i = 0; i < 3; i++) {
      Batch batch = batch(i);
      Checkpoint before = model.checkpoint(0);
      assertThrows(IllegalStateException.class, () -> model.trainOnBatch(batch));
      assertSame(before, model.checkpoint(0));
      model.trainOnBatch(batch);
      unharmed.trainOnBatch(batch);
    }
    assertSame(unharmed.checkpoint(0), model.checkpoint(0));
  }

  @Test
  void anInterruptedThreadIsRefusedAndStaysInterrupted() {
    Model model = model(Schedule.constant(0.01));
    model.trainOnBatch(batch(0));
    Checkpoint before = model.checkpoint(0);
    List<Runnable> calls = List.of(() -> model.trainOnBatch(batch(1)), () -> model.testOnBatch(batch(1)),
        () -> model.fit(batch(1).x(), batch(1).y(), new Fit().batchSize(ROWS).verbosity(0)));
    for (Runnable call : calls) {
      Thread.currentThread().interrupt();
      RillException e = assertThrows(RillException.class, call::run);
      assertTrue(e.getMessage().contains("has been interrupted"), e.getMessage());
      assertTrue(Thread.interrupted(), "the status is gone");
    }
    assertSame(before, model.checkpoint(0));
    model.trainOnBatch(batch(1));
  }

  @Test
  void predictingDoesNotMindAnInterrupt() {
    Model model = model(Schedule.constant(0.01));
    Tensor x = batch(0).x().get(0);
    float[] y = model.predictOnBatch(x).toArray();
    model.resetStates();
    Thread.currentThread().interrupt();
    Samples.assertBits(y, model.predictOnBatch(x).toArray(), "outputs");
    assertTrue(Thread.interrupted());
  }
}
