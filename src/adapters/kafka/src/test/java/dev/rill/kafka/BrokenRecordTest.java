package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.tensor.StateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokenRecordTest {
  private static final List<Exception> CAUGHT = new ArrayList<>();

  /** Drops what is broken and says what it was. */
  public static final class Dropping implements ProcessingExceptionHandler {
    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
      CAUGHT.add(exception);
      return Response.resume();
    }

    @Override
    public void configure(Map<String, ?> options) {}
  }

  private static final Map<String, Object> DROPPING = Map.of(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, Dropping.class);

  private final Network network = Samples.network(1);

  @BeforeEach
  void forget() {
    CAUGHT.clear();
  }

  private Driver dropping(RecurrentSupplier<String, float[], float[]> supplier) {
    return new Driver(supplier, new StreamsBuilder(), Function.identity(), DROPPING);
  }

  @Test
  void theHandlerGetsATypedErrorAndNothingHasChanged() {
    Session alone = network.session(1);
    try (Driver driver = dropping(Driver.supplier(network))) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1));
      assertArrayEquals(Samples.alone(alone, Samples.x("a", 0, 1)), driver.out().get(0).value);
      byte[] before = driver.states().get("a");
      Map<float[], String> broken = Map.of(new float[] {1, 2}, "has 2 inputs: expected 3, or a multiple",
          new float[0], "has 0 inputs", new float[] {0, 1, 2, 3, Float.NaN, 5}, "has NaN as input 1 of step 1",
          new float[] {Float.NEGATIVE_INFINITY, 1, 2}, "has -Infinity as input 0 of step 0");
      broken.forEach((x, says) -> {
        driver.in.pipeInput("a", x);
        assertCaught(says);
      });
      driver.in.pipeInput("a", null);
      assertCaught("has no inputs");
      driver.in.pipeInput(null, Samples.x("a", 1, 1));
      assertCaught("has no key");
      assertEquals(List.of(), driver.out());
      assertArrayEquals(before, driver.states().get("a"));
      driver.in.pipeInput("a", Samples.x("a", 1, 1));
      assertArrayEquals(Samples.alone(alone, Samples.x("a", 1, 1)), driver.out().get(0).value);
    }
  }

  private static void assertCaught(String says) {
    Exception last = CAUGHT.get(CAUGHT.size() - 1);
    assertInstanceOf(BrokenRecordException.class, last);
    assertTrue(last.getMessage().contains(says) && last.getMessage().contains(" of in-0 "), last::getMessage);
  }

  @Test
  void withoutAHandlerTheTaskFails() {
    try (Driver driver = new Driver(Driver.supplier(network))) {
      StreamsException failed = assertThrows(StreamsException.class, () -> driver.in.pipeInput("a", new float[2]));
      assertInstanceOf(BrokenRecordException.class, failed.getCause());
    }
  }

  @Test
  void whatTheFunctionsThrowReachesTheHandlerAndNothingHasChanged() {
    RecurrentSupplier<String, float[], float[]> supplier = RecurrentSupplier.of(Driver.STORE, network, Serdes.String(),
        record -> record.value(), (record, y) -> {
          throw new IllegalStateException("no output");
        });
    try (Driver driver = dropping(supplier)) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1));
      assertEquals("no output", CAUGHT.get(0).getMessage());
      assertEquals(Map.of(), driver.values());
    }
  }

  @Test
  void statesOfOtherWeightsAndOfOthersAreRefused() {
    byte[] other;
    try (Driver driver = new Driver(Driver.supplier(Samples.network(2)).fence(false))) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1));
      other = driver.states().get("a");
    }
    try (Driver driver = dropping(Driver.supplier(network))) {
      for (byte[] value : List.of(other, new byte[0], new byte[100])) {
        driver.states().put("a", value);
        driver.in.pipeInput("a", Samples.x("a", 1, 1));
        assertInstanceOf(StateException.class, CAUGHT.get(CAUGHT.size() - 1));
        assertArrayEquals(value, driver.states().get("a"));
      }
      assertEquals(3, CAUGHT.size());
    }
  }
}
