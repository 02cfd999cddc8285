package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files, read back by a reader of their own. Real TensorBoard reads them in testdata/events.py. */
class TensorBoardTest {
  /** Fields of a message by number, each with all its values: numbers as longs, bytes as buffers. */
  private static Map<Integer, List<Object>> message(ByteBuffer in) {
    Map<Integer, List<Object>> fields = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      Object value = switch (key & 7) {
        case 0 -> varint(in);
        case 1 -> in.getLong();
        case 5 -> (long) in.getInt();
        default -> {
          int length = (int) varint(in);
          ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
          in.position(in.position() + length);
          yield part;
        }
      };
      fields.computeIfAbsent(key >> 3, field -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 127) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  private static ByteBuffer part(Map<Integer, List<Object>> fields, int field) {
    return ((ByteBuffer) fields.get(field).get(0)).duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(Map<Integer, List<Object>> fields, int field) {
    return StandardCharsets.UTF_8.decode(part(fields, field)).toString();
  }

  private static int masked(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  /** What an event holds. */
  private record Event(String tag, String plugin, long step, double seconds, Map<Integer, List<Object>> tensor) {
    float scalar() {
      return Float.intBitsToFloat((int) (long) (Long) tensor.get(5).get(0));
    }
  }

  private static List<Event> events(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      Path file = files.findFirst().orElseThrow();
      assertTrue(file.getFileName().toString().matches("events\\.out\\.tfevents\\.1700000000\\.rill\\.\\d+\\.0\\.v2"), file.toString());
      return eventsOf(file);
    }
  }

  private static List<Event> eventsOf(Path file) throws Exception {
    List<Event> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(masked(length), in.getInt());
      byte[] data = new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(data);
      assertEquals(masked(data), in.getInt());
      Map<Integer, List<Object>> event = message(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
      if (event.containsKey(3)) {
        assertEquals("brain.Event:2", text(event, 3));
        continue;
      }
      Map<Integer, List<Object>> value = message(part(message(part(event, 5)), 1));
      String plugin = text(message(part(message(part(value, 9)), 1)), 1);
      events.add(new Event(text(value, 1), plugin, (Long) event.get(2).get(0), Double.longBitsToDouble((Long) event.get(1).get(0)),
          message(part(value, 8))));
    }
    return events;
  }

  private static Sequential model() {
    Sequential model = Sequential.of(Input.shape(4, 2), new LSTM(3).named("lstm"), new Dense(1).named("out"));
    model.initialize(1);
    model.compile("adam", "mse", "mae");
    return model;
  }

  private static History fit(Sequential model, Callback... callbacks) {
    Tensor x = Tensor.of(Samples.floats(1, 12 * 8, 1), 12, 4, 2);
    Tensor y = Tensor.of(Samples.floats(2, 12, 1), 12, 1);
    return model.fit(x, y, new Fit().epochs(2).batchSize(4).validation(List.of(x), List.of(y)).verbosity(0).callbacks(callbacks));
  }

  @Test
  void figuresAreThoseOfTheHistoryUnderTheNamesOfKeras(@TempDir Path folder) throws Exception {
    Sequential model = model();
    History history = fit(model, new TensorBoard(folder, () -> 1_700_000_000_250L).updateFreq(1));
    List<Event> train = events(folder.resolve("train"));
    List<Event> validation = events(folder.resolve("validation"));
    for (int epoch = 0; epoch < 2; epoch++) {
      for (String name : List.of("loss", "mae")) {
        assertEquals((float) (double) history.get(name).get(epoch), scalar(train, "epoch_" + name, epoch));
        assertEquals((float) (double) history.get("val_" + name).get(epoch), scalar(validation, "epoch_" + name, epoch));
        assertEquals((float) (double) history.get("val_" + name).get(epoch),
            scalar(validation, "evaluation_" + name + "_vs_iterations", 3 * (epoch + 1)));
      }
      assertEquals(0.001f, scalar(train, "epoch_learning_rate", epoch));
    }
    assertEquals((float) (double) history.get("loss").get(1), scalar(train, "batch_loss", 6));
    assertEquals(1_700_000_000.25, train.get(0).seconds());
    Event summary = train.get(0);
    assertEquals("text", summary.plugin());
    assertTrue(text(summary.tensor(), 8).contains("lstm (LSTM)"), "the table of the model");
  }

  private static float scalar(List<Event> events, String tag, long step) {
    return events.stream().filter(event -> event.tag().equals(tag) && event.step() == step && event.plugin().equals("scalars"))
        .findFirst().orElseThrow(() -> new AssertionError(tag + " " + step)).scalar();
  }

  @Test
  void histogramsCountEveryWeightAndGradient(@TempDir Path folder) throws Exception {
    Sequential model = model();
    fit(model, new TensorBoard(folder, () -> 1_700_000_000_250L).histogramFreq(1));
    List<Event> histograms = events(folder.resolve("train")).stream().filter(event -> event.plugin().equals("histograms")).toList();
    assertEquals(2 * 5 * 2, histograms.size(), "weights and gradients of five variables in two epochs");
    for (Event event : histograms) {
      ByteBuffer buckets = part(event.tensor(), 4);
      assertEquals(30 * 3 * 8, buckets.remaining());
      double count = 0;
      double end = Double.NaN;
      for (int b = 0; b < 30; b++) {
        double left = buckets.getDouble();
        assertTrue(b == 0 || left == end || Math.abs(left - end) < 1e-12, "buckets follow each other");
        end = buckets.getDouble();
        count += buckets.getDouble();
      }
      String name = event.tag().substring("sequential/".length());
      int expected = name.startsWith("lstm/lstm_cell/kernel/") ? 24 : name.startsWith("lstm/lstm_cell/recurrent_kernel/") ? 36
          : name.startsWith("lstm/lstm_cell/bias/") ? 12 : name.startsWith("out/kernel/") ? 3 : name.startsWith("out/bias/") ? 1 : -1;
      assertEquals(expected, count, event.tag());
    }
    float[] kernel = model.layer("out").weights().get(0).toArray();
    ByteBuffer last = part(histograms.stream().filter(e -> e.tag().equals("sequential/out/kernel/histogram") && e.step() == 1).findFirst()
        .orElseThrow().tensor(), 4);
    assertEquals(Math.min(kernel[0], Math.min(kernel[1], kernel[2])), last.getDouble());
    assertEquals(Math.max(kernel[0], Math.max(kernel[1], kernel[2])), last.getDouble(29 * 24 + 8));
  }

  @Test
  void aSecondRunOfOneSecondHasAFileOfItsOwn(@TempDir Path folder) throws Exception {
    for (int run = 0; run < 2; run++) {
      fit(model(), new TensorBoard(folder, () -> 1_700_000_000_250L));
    }
    try (Stream<Path> files = Files.list(folder.resolve("train"))) {
      assertEquals(2, files.count());
    }
  }

  /** What a run that fails in its second epoch leaves behind: its first one in a closed file, and no gradient that is kept. */
  @Test
  void aRunWithinARunLetsGoOfNothing(@TempDir Path folder) throws Exception {
    Sequential model = model();
    TensorBoard board = new TensorBoard(folder, () -> 1_700_000_000_250L);
    Tensor x = Tensor.zeros(4, 4, 2);
    Callback evaluating = new Callback() {
      @Override
      public void onEpochBegin(FitContext run) {
        model.evaluate(ArrayData.of(x, Tensor.zeros(4, 1)).batchSize(4), board);
      }
    };
    History history = fit(model, board, evaluating);
    assertTrue(history.epochs("loss").size() > 1, history.toString());
    scalar(events(folder.resolve("train")), "epoch_loss", history.epochs("loss").size() - 1);
    assertEquals(List.of(), open(folder));
  }

  @Test
  void aRunThatFailsLeavesNothingOpen(@TempDir Path folder) throws Exception {
    Sequential model = model();
    float[][] gradient = new float[1][];
    boolean[] fails = {true};
    Callback failing = new Callback() {
      @Override
      public void onTrainBatchEnd(FitContext run, Logs logs) {
        gradient[0] = run.trainee().watchGradient();
        if (fails[0] && run.epoch() == 1) {
          throw new IllegalStateException("the data end");
        }
      }
    };
    TensorBoard board = new TensorBoard(folder, () -> 1_700_000_000_250L).histogramFreq(1);
    GradientNorms norms = new GradientNorms();
    assertEquals("the data end", assertThrows(IllegalStateException.class, () -> fit(model, board, norms, failing)).getMessage());
    for (String part : List.of("train", "validation")) {
      scalar(events(folder.resolve(part)), "epoch_loss", 0);
    }
    assertEquals(List.of(), open(folder));
    Arrays.fill(gradient[0], 7);
    model.trainOnBatch(Tensor.zeros(4, 4, 2), Tensor.zeros(4, 1));
    assertEquals(7, gradient[0][0], "a gradient is still kept");

    fails[0] = false;
    History again = fit(model, board, norms, failing);
    assertTrue(again.get("gradient_norm_lstm").get(1) > 0);
    assertEquals(List.of(), open(folder));
    try (Stream<Path> files = Files.list(folder.resolve("validation"))) {
      Path second = files.filter(file -> file.toString().endsWith(".1.v2")).findFirst().orElseThrow();
      // Behind four updates of the run that failed and one by hand, three an epoch.
      scalar(eventsOf(second), "evaluation_loss_vs_iterations", 4 + 1 + 3);
    }
  }

  /** Files of a folder that this process holds open, where the system tells. */
  private static List<Path> open(Path folder) throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    List<Path> open = new ArrayList<>();
    if (Files.isDirectory(descriptors)) {
      try (Stream<Path> all = Files.list(descriptors)) {
        for (Path each : all.toList()) {
          Path file = Files.isSymbolicLink(each) && Files.exists(each) ? Files.readSymbolicLink(each) : null;
          if (file != null && file.startsWith(folder.toRealPath())) {
            open.add(file);
          }
        }
      }
    }
    return open;
  }

  @Test
  void normsOfALayerAreThoseOfItsGradientAndOfItsChange() {
    Sequential model = model();
    float[][] weights = new float[2][];
    float[][] gradient = new float[1][];
    Callback before = new Callback() {
      @Override
      public void onTrainBatchBegin(FitContext run) {
        weights[0] = run.trainee().weights();
      }

      @Override
      public void onTrainBatchEnd(FitContext run, Logs logs) {
        gradient[0] = run.trainee().watchGradient().clone();
        weights[1] = run.trainee().weights();
      }
    };
    Tensor x = Tensor.of(Samples.floats(1, 12 * 8, 1), 12, 4, 2);
    History history = model.fit(x, Tensor.of(Samples.floats(2, 12, 1), 12, 1),
        new Fit().epochs(1).batchSize(12).verbosity(0).callbacks(before, new GradientNorms()));
    double squares = 0;
    double changes = 0;
    for (int i = weights[0].length - 4; i < weights[0].length; i++) {
      squares += (double) gradient[0][i] * gradient[0][i];
      changes += ((double) weights[1][i] - weights[0][i]) * ((double) weights[1][i] - weights[0][i]);
    }
    assertEquals(Math.sqrt(squares), history.get("gradient_norm_out").get(0));
    assertEquals(Math.sqrt(changes), history.get("update_norm_out").get(0));
    assertTrue(history.get("gradient_norm_lstm").get(0) > 0);
    // Adam's first step changes every weight by the learning rate, whatever the gradient.
    assertEquals(Math.sqrt(4) * 0.001, history.get("update_norm_out").get(0), 1e-5);
  }

  @Test
  void gradientsThatVanishOrExplodeAreTold() {
    List<String> told = new ArrayList<>();
    Sequential dead = Sequential.of(Input.shape(4, 2), new LSTM(3).activation("relu").named("lstm"), new Dense(1).named("out"));
    dead.compile("sgd", "mse");
    dead.layer("out").weights(List.of(Tensor.zeros(3, 1), Tensor.zeros(1)));
    Tensor x = Tensor.of(Samples.floats(1, 12 * 8, 1), 12, 4, 2);
    dead.fit(x, Tensor.of(Samples.floats(2, 12, 1e6f), 12, 1), new Fit().epochs(1).batchSize(12).verbosity(0)
        .callbacks(new GradientNorms().warnings(told::add)));
    assertTrue(told.stream().anyMatch(text -> text.startsWith("gradients of layer out explode")), told.toString());
    assertTrue(told.stream().anyMatch(text -> text.startsWith("gradients of layer lstm vanish")), told.toString());
    told.clear();
    fit(model(), new GradientNorms().warnings(told::add));
    assertEquals(List.of(), told, "a model that learns");
  }
}
