package dev.rill.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Model;
import dev.rill.OnceIsEnough;
import dev.rill.io.Json;
import dev.rill.io.ZipWriter;
import dev.rill.keras.hdf5.Hdf5Writer;
import dev.rill.layers.Graph;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that ask for much: refused soon, by one of the library's own exceptions, before memory is taken for them. */
@OnceIsEnough
class HostileFilesTest {
  /** Far more than what is linear needs, far less than what is not: time of the processor, so that a busy machine is no fault. */
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @TempDir
  Path temporary;

  private interface Work {
    void run() throws Exception;
  }

  private static void soon(Work work) throws Exception {
    long begin = THREADS.getCurrentThreadCpuTime();
    work.run();
    Duration taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - begin);
    assertTrue(taken.compareTo(SOON) < 0, "took " + taken);
  }

  private static String layer(String type, String name, String options) {
    return "{'class_name':'" + type + "','name':'" + name + "','config':{'name':'" + name + "'" + options + "},'inbound_nodes':[";
  }

  private static String input(String shape) {
    return layer("InputLayer", "in", ",'batch_shape':" + shape) + "]}";
  }

  private static String sequential(String... layers) {
    return "{'class_name':'Sequential','config':{'name':'s','layers':[" + String.join(",", layers) + "]}}";
  }

  private static String functional(String layers, String output) {
    return "{'class_name':'Functional','config':{'name':'f','layers':[" + layers + "],'input_layers':['in',0,0],'output_layers':"
        + output + "}}";
  }

  private static Graph read(String config) {
    return ModelReader.read(Json.parseObject(config.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "config.json"), "3.15.1");
  }

  /** An archive without weights beside the ones that are asked for. */
  private Path archive(String config, Map<String, Shape> data) throws IOException {
    Path file = temporary.resolve("model.keras");
    Hdf5Writer weights = new Hdf5Writer();
    weights.attribute("layers/activation/vars", "name", "a");
    for (Map.Entry<String, Shape> each : data.entrySet()) {
      weights.dataset(each.getKey(), each.getValue(), new float[each.getValue().size()], 0);
    }
    try (ZipWriter archive = ZipWriter.create(file)) {
      archive.begin("config.json");
      archive.write(ByteBuffer.wrap(config.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
      archive.begin("model.weights.h5");
      weights.write(archive);
      archive.commit();
    }
    return file;
  }

  private Path legacy(Hdf5Writer content) throws IOException {
    Path file = temporary.resolve("model.h5");
    try (dev.rill.io.AtomicFile target = dev.rill.io.AtomicFile.create(file)) {
      content.write(target);
      target.commit();
    }
    return file;
  }

  /** A legacy model of one dense layer, whose weights are still to be listed. */
  private static Hdf5Writer dense() {
    Hdf5Writer file = new Hdf5Writer();
    file.attribute("/", "keras_version", "2.4.0");
    file.attribute("/", "model_config", sequential(layer("Dense", "d", ",'units':1,'activation':'linear','batch_input_shape':[null,2]")
        + "]}").replace('\'', '"'));
    file.attribute("model_weights", "layer_names", "d");
    return file;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 101, 5000, 60_000})
  void aPathOfManyNamesIsRefused(int names) throws Exception {
    for (String path : new String[] {"/".repeat(names), "a/".repeat(names), "/a".repeat(names)}) {
      Hdf5Writer file = dense();
      file.attribute("model_weights/d", "weight_names0", path);
      file.attribute("model_weights/d", "weight_names1", "b");
      Path written = legacy(file);
      soon(() -> assertThrows(FormatException.class, () -> KerasFile.load(written)));
      Hdf5Writer list = dense();
      list.attribute("model_weights", "layer_names", path);
      Path other = legacy(list);
      soon(() -> assertThrows(FormatException.class, () -> KerasFile.load(other)));
    }
  }

  @Test
  void aLayerThatIsListedManyTimesIsRefused() throws Exception {
    Hdf5Writer file = dense();
    file.attribute("model_weights", "layer_names1", "g");
    for (int i = 0; i < 1000; i++) {
      file.attribute("model_weights", "layer_name" + "s" + i, "g");
      file.attribute("model_weights/g", "weight_names" + i, "w");
    }
    file.attribute("model_weights", "layer_names", "g");
    Path written = legacy(file);
    soon(() -> assertTrue(assertThrows(FormatException.class, () -> KerasFile.load(written)).getMessage().contains("1000")));
    Hdf5Writer twice = dense();
    twice.attribute("model_weights/d", "weight_names0", "w");
    twice.attribute("model_weights/d", "weight_names1", "w");
    twice.attribute("model_weights/e", "x", "y");
    Path other = legacy(twice);
    assertThrows(FormatException.class, () -> KerasFile.load(other));
  }

  @Test
  void anOptimizerThatIsTooLargeForItsModelIsRefusedBeforeItIsRead() throws Exception {
    String config = sequential(input("[null,null,8]"), layer("Activation", "a", ",'activation':'relu'") + "]}");
    KerasFile.Content many = KerasFile.load(archive(config, variables(40, Shape.of())));
    assertTrue(assertThrows(FormatException.class, many::optimizerVariables).getMessage().contains("variables"));
    KerasFile.Content large = KerasFile.load(archive(config, variables(4, Shape.of(1000, 10))));
    assertTrue(assertThrows(FormatException.class, large::optimizerVariables).getMessage().contains("40000 numbers"));
  }

  private static Map<String, Shape> variables(int count, Shape shape) {
    Map<String, Shape> variables = new java.util.LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      variables.put("optimizer/vars/" + i, shape);
    }
    return variables;
  }

  @Test
  void dataThatLiesOnOtherDataCountsAgainstTheFile() throws Exception {
    Map<String, Shape> data = new java.util.LinkedHashMap<>();
    StringBuilder layers = new StringBuilder(input("[null,1000]"));
    for (int i = 0; i < 10; i++) {
      layers.append(',').append(layer("Dense", "d" + i, ",'units':1000,'use_bias':false")).append("]}");
      data.put("layers/dense" + (i == 0 ? "" : "_" + i) + "/vars/0", Shape.of(1000, 1000));
    }
    Path file = archive("{'class_name':'Sequential','config':{'name':'s','layers':[" + layers + "]}}", data);
    assertEquals(10_000_000, KerasFile.load(file).weights().size());
    // All data sets where the first one is, and the file only as long as that.
    Path weights = temporary.resolve("lies.weights.h5");
    try (dev.rill.io.ZipArchive archive = dev.rill.io.ZipArchive.open(file)) {
      byte[] bytes = archive.bytes("model.weights.h5", 1 << 30);
      ByteBuffer edit = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int size = 4_000_000;
      long first = edit.getLong(40) - 10L * size;
      for (int at = 0; at < first - 8; at++) {
        long found = edit.getLong(at);
        if (found > first && found < edit.getLong(40) && (found - first) % size == 0) {
          edit.putLong(at, first);
        }
      }
      edit.putLong(40, first + size);
      Files.write(weights, java.util.Arrays.copyOf(bytes, (int) first + size));
    }
    Graph graph = KerasFile.load(file).graph();
    dev.rill.variables.Weights target = dev.rill.variables.Weights.zeros(graph.variables());
    String message = assertThrows(FormatException.class, () -> KerasFile.loadWeights(weights, graph, target)).getMessage();
    assertTrue(message.contains("lie on each other"), message);
  }

  @Test
  void aCompileConfigurationOfManyMembersIsReadInLinearTime() throws Exception {
    StringBuilder training = new StringBuilder("{'optimizer_config':{'class_name':'SGD','config':{}}");
    for (int i = 0; i < 60_000; i++) {
      training.append(",'").append(i).append("':0");
    }
    Hdf5Writer file = dense();
    file.attribute("/", "keras_version", "3.15.1");
    file.attribute("/", "training_config", training.append('}').toString().replace('\'', '"'));
    file.attribute("model_weights/d", "weight_names0", "d/kernel");
    file.attribute("model_weights/d", "weight_names1", "d/bias");
    file.dataset("model_weights/d/d/kernel", Shape.of(2, 1), new float[2], 0);
    file.dataset("model_weights/d/d/bias", Shape.of(1), new float[1], 0);
    Path written = legacy(file);
    soon(() -> assertEquals(60_001, KerasFile.load(written).compileConfig().names().size()));
  }

  @Test
  void applicationsAreCountedBeforeTheyAreMade() throws Exception {
    StringBuilder calls = new StringBuilder(input("[null,null,1]") + "," + layer("Activation", "a", ",'activation':'relu'")
        + "[['in',0,0]]");
    for (int i = 0; i < 80_000; i++) {
      calls.append(",[['a',").append(i).append(",0]]");
    }
    soon(() -> {
      String message = assertThrows(UnsupportedException.class, () -> read(functional(calls + "]}", "['a',80000,0]"))).getMessage();
      assertTrue(message.contains("80000") && message.contains("4096"), message);
    });
  }

  /** A model that applies a model twice, which applies a model twice, and so on; as an output a model's applications count from 1. */
  private static String doubled(int levels) {
    String name = "a0";
    String inner = layer("Activation", name, ",'activation':'relu'");
    for (int level = 1; ; level++) {
      String config = "{'name':'a" + level + "','layers':[" + input("[null,2]") + "," + inner + "[['in',0,0]],[['" + name
          + "',0,0]]]}],'input_layers':['in',0,0],'output_layers':['" + name + "'," + (level == 1 ? 1 : 2) + ",0]}";
      if (level == levels) {
        return "{'class_name':'Functional','config':" + config + "}";
      }
      name = "a" + level;
      inner = "{'class_name':'Functional','name':'" + name + "','config':" + config + ",'inbound_nodes':[";
    }
  }

  @Test
  void applicationsWithinNestedModelsAreCountedToo() throws Exception {
    assertEquals(3, read(doubled(8)).nodes().size());
    StringBuilder many = new StringBuilder(input("[null,2]"));
    for (int i = 0; i < 100; i++) {
      String model = doubled(8).replace("'config':{'name':'a8'", "'config':{'name':'m" + i + "'");
      many.append(',').append(model, 0, model.length() - 1).append(",'name':'m").append(i).append("','inbound_nodes':[]}");
    }
    for (String config : new String[] {doubled(14), doubled(50), sequential(many.toString())}) {
      soon(() -> {
        String message = assertThrows(UnsupportedException.class, () -> read(config)).getMessage();
        assertTrue(message.contains("at most 4096 are supported"), message);
      });
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void layersMayStandInAnyOrder(boolean backwards) throws Exception {
    int count = 9_000;
    StringBuilder layers = new StringBuilder(input("[null,null,1]"));
    for (int i = 0; i < count; i++) {
      int n = backwards ? count - 1 - i : i;
      layers.append(',').append(layer("Activation", "a" + n, ",'activation':'relu'")).append("[['")
          .append(n == 0 ? "in" : "a" + (n - 1)).append("',0,0]]]}");
    }
    soon(() -> assertEquals(count + 1, read(functional(layers.toString(), "['a" + (count - 1) + "',0,0]")).layers().size()));
  }

  @Test
  void twoLayersThatReadFromEachOtherManyTimesAreMadeInLinearTime() throws Exception {
    int count = 2_000;
    StringBuilder a = new StringBuilder("[['in',0,0]]");
    StringBuilder b = new StringBuilder();
    StringBuilder others = new StringBuilder();
    for (int i = 0; i < count; i++) {
      b.append(i == 0 ? "" : ",").append("[['a',").append(i).append(",0]]");
      a.append(",[['b',").append(i).append(",0]]");
    }
    // Those that wait for the last application are listed first.
    for (int i = 0; i < count; i++) {
      others.append(layer("Activation", "c" + i, ",'activation':'relu'")).append("[['a',").append(count).append(",0]]]},");
    }
    String layers = others + input("[null,null,1]") + "," + layer("Activation", "b", ",'activation':'relu'") + b + "]},"
        + layer("Activation", "a", ",'activation':'relu'") + a + "]}";
    soon(() -> assertEquals(4, read(functional(layers, "['c0',0,0]")).layers().size()));
  }

  @Test
  void layersThatReadFromEachOtherAreRefused() {
    String layers = input("[null,null,1]") + "," + layer("Activation", "a", ",'activation':'relu'") + "[['b',0,0]]]},"
        + layer("Activation", "b", ",'activation':'relu'") + "[['a',0,0]]]}";
    String message = assertThrows(FormatException.class, () -> read(functional(layers, "['a',0,0]"))).getMessage();
    assertTrue(message.contains("2 layers read from each other"), message);
  }

  @Test
  void theSummaryOfManyMaskedLayersIsMadeInLinearTime() throws Exception {
    StringBuilder layers = new StringBuilder(input("[null,null,1]"));
    for (int i = 0; i < 9_998; i++) {
      layers.append(',').append(layer("Masking", "m" + i, "")).append("]}");
    }
    Path file = archive("{'class_name':'Sequential','config':{'name':'s','layers':[" + layers + "]}}", Map.of());
    soon(() -> assertEquals(2 * 9_998 + 7, Model.load(file).summary().lines().count()));
    soon(() -> Model.load(file).save(temporary.resolve("again.keras")));
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {"[null,null,268435456]", "[null,null,2147483647]", "[null,16777217]"})
  void whatIsTooWideIsRefused(String shape) {
    String config = sequential(input(shape), layer("Activation", "wide", ",'activation':'relu'") + "]}");
    String message = assertThrows(FormatException.class, () -> read(config)).getMessage();
    assertTrue(message.contains("at most 16777216 features"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {268_435_456, 2_147_483_647})
  void whatIsRepeatedTooOftenIsRefusedWithItsBytes(int times) {
    String config = sequential(input("[null,1]"), layer("RepeatVector", "r", ",'n':" + times) + "]}");
    String message = assertThrows(FormatException.class, () -> read(config)).getMessage();
    assertTrue(message.contains("RepeatVector r") && message.contains(4L * times + " bytes"), message);
  }

  @Test
  void joinsThatDoubleTheirWidthAreRefused() {
    for (String type : new String[] {"in", "c"}) {
      StringBuilder layers = new StringBuilder(input("[null,null,1]"));
      for (int i = 0; i < 40; i++) {
        String before = i == 0 ? "in" : "c" + (i - 1);
        layers.append(',').append(layer("Concatenate", "c" + i, ",'axis':-1")).append("[['").append(before).append("',0,0],['")
            .append(before).append("',0,0]]]}");
      }
      assertThrows(FormatException.class, () -> read(functional(layers.toString(), "['c39',0,0]")), type);
    }
  }

  @Test
  void statesOfManyRowsAreRefusedWithLayerAndBytes() throws Exception {
    for (int batch : new int[] {1 << 27, Integer.MAX_VALUE}) {
      String config = sequential(input("[" + batch + ",4,1]"), layer("LSTM", "l", ",'units':1,'stateful':true") + "]}");
      Path file = archive(config, Map.of("layers/lstm/cell/vars/0", Shape.of(1, 4), "layers/lstm/cell/vars/1", Shape.of(1, 4),
          "layers/lstm/cell/vars/2", Shape.of(4)));
      Model model = Model.load(file);
      String message = assertThrows(RillException.class, () -> model.layer("l").states()).getMessage();
      assertTrue(message.contains("layer l") && message.contains("bytes"), message);
      assertEquals(1, model.freeze().session(1).rows());
    }
  }

  @Test
  void aCallThatNeedsTooMuchIsRefusedWithLayerAndBytes() throws Exception {
    String config = sequential(input("[null,64]"), layer("RepeatVector", "r", ",'n':2000000") + "]}",
        layer("Activation", "act", ",'activation':'relu'") + "]}");
    Model model = Model.load(archive(config, Map.of()));
    String message = assertThrows(RillException.class, () -> model.predictOnBatch(Tensor.zeros(16, 64))).getMessage();
    assertTrue(message.contains("act") && message.contains("8192000000"), message);
  }
}
