package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingEventsTest {
  @TempDir
  Path folder;

  @Test
  void whatHappensCanBeRecordedAndRead() throws Exception {
    Path recorded = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.rill.Batch").withThreshold(Duration.ZERO);
      recording.enable("dev.rill.Pool").with("period", "endChunk");
      recording.start();
      serve(recording);
      recording.dump(recorded);
    }
    Map<String, RecordedEvent> events = new HashMap<>();
    int batches = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(recorded)) {
      String name = event.getEventType().getName();
      if (name.startsWith("dev.rill.")) {
        events.put(name, event);
        batches += name.equals("dev.rill.Batch") ? 1 : 0;
      }
    }
    assertTrue(batches >= 4, "batches: " + batches);
    assertEquals(1, events.get("dev.rill.Batch").getInt("rows"));
    RecordedEvent end = events.get("dev.rill.StreamEnd");
    assertEquals("ended", end.getString("cause"));
    assertEquals(3, end.getLong("steps"));
    assertEquals(KeyTable.hash("a"), end.getInt("key"));
    assertTrue(events.get("dev.rill.Reject").getString("cause").contains("full"));
    assertEquals(1, events.get("dev.rill.Snapshot").getLong("streams"));
    assertEquals(1, events.get("dev.rill.Restore").getLong("streams"));
    assertEquals("KEEP", events.get("dev.rill.Swap").getString("carry"));
    assertEquals(10, events.get("dev.rill.Pool").getInt("maxStreams"));
    assertTrue(events.get("dev.rill.ModelLoad").getString("file").endsWith(".keras"));
  }

  private void serve(Recording recording) throws Exception {
    Network network = Streams.network(1);
    Path model = folder.resolve("model.keras");
    Streams.model(1).save(model);
    Network.load(model);
    try (SequenceBatcher<String> batcher = SequenceBatcher.<String>builder(network).maxStreams(10).queue(1, WhenFull.REJECT).build()) {
      for (int step = 0; step < 3; step++) {
        batcher.submit("a", Samples.floats(step, Streams.IN, 1)).join();
      }
      Path file = folder.resolve("streams");
      batcher.snapshot(file, KeyCodec.STRINGS, null);
      batcher.swap(Streams.network(2), Carry.KEEP);
      batcher.end("a").join();
      batcher.restore(List.of(file), KeyCodec.STRINGS, Carry.KEEP);
      // The only request is taken while its completion runs in another batch.
      Semaphore go = new Semaphore(0);
      CountDownLatch held = new CountDownLatch(1);
      Thread holder = new Thread(() -> batcher.submit("b", new float[Streams.IN], new float[Streams.OUT], (k, y, w, f) -> {
        held.countDown();
        go.acquireUninterruptibly();
      }));
      holder.start();
      held.await();
      batcher.submit("c", new float[Streams.IN]);
      batcher.submit("d", new float[Streams.IN]);
      go.release();
      holder.join();
      // Ends a chunk, for which the pool is asked for its figures.
      recording.stop();
    }
  }
}
