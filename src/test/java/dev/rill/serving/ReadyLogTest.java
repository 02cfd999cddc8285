package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ReadyLogTest {
  @Test
  void aServiceSaysOnceThatItIsReadyWithFigures() {
    List<String> lines = new ArrayList<>();
    Handler handler = new Handler() {
      @Override
      public void publish(LogRecord logged) {
        lines.add(logged.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    Logger logger = Logger.getLogger("dev.rill.serving");
    logger.addHandler(handler);
    try {
      SequenceBatcher.<String>builder(Streams.network(1)).maxStreams(77).warmUp(Duration.ZERO).build().close();
    } finally {
      logger.removeHandler(handler);
    }
    List<String> ready = lines.stream().filter(line -> line.startsWith("ready: ")).toList();
    assertEquals(1, ready.size(), lines.toString());
    assertTrue(ready.get(0).contains("77 streams in 1 shards") && ready.get(0).contains("median step "), ready.get(0));
    assertFalse(ready.get(0).contains("median step 0 ns") || ready.get(0).contains(" 0 steps"), ready.get(0));
  }
}
