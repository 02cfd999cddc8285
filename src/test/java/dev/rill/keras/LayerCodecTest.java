package dev.rill.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNames;
import dev.rill.layers.NestedModel;
import dev.rill.layers.ReLU;
import dev.rill.layers.Rescaling;
import dev.rill.layers.ReverseTime;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Initializer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The file form of every class of layers, held against what Keras 3.15.1 wrote ({@code testdata/layers.py}). */
class LayerCodecTest {
  private static final Path LAYERS = Path.of("src", "main", "java", "dev", "rill", "layers");
  /** Options of every class or of one that have one value only: Keras' SimpleRNN loses its activity regularizer. */
  private static final Set<String> FIXED = Set.of("name", "dtype", "unroll", "quantization_config", "sparse", "ragged",
      "optional", "synchronized", "renorm", "renorm_clipping", "renorm_momentum", "data_format", "rms_scaling", "LSTM seed",
      "GRU seed", "SimpleRNN activity_regularizer", "AlphaDropout noise_shape");

  /** A layer as Keras called and wrote it. */
  record Recorded(JsonObject form) {
    JsonObject entry() {
      return form.object("entry");
    }

    String className() {
      return entry().string("class_name");
    }

    Layer layer() {
      return new LayerReader("3.15.1").read(entry());
    }

    List<Shape> shapes(String name) {
      List<Shape> shapes = new ArrayList<>();
      for (int i = 0; i < form.array(name).size(); i++) {
        shapes.add(LayerReader.shape(JsonObject.EMPTY.with("shape", form.array(name).array(i)), "shape"));
      }
      return shapes;
    }

    @Override
    public String toString() {
      return className() + " " + form.place();
    }
  }

  static List<Recorded> recorded() throws IOException {
    String text = Files.readString(Path.of("testdata", "files", "layers.json"));
    JsonArray all = Json.parseObject(("{\"layers\":" + text + "}").getBytes(), "layers.json").array("layers");
    List<Recorded> recorded = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      recorded.add(new Recorded(all.object(i)));
    }
    return recorded;
  }

  static List<Recorded> applied() throws IOException {
    return recorded().stream().filter(each -> !each.layer().isInput()).toList();
  }

  private static List<Recorded> recorded(String className) throws IOException {
    return recorded().stream().filter(each -> each.className().equals(className)).toList();
  }

  /** The names of all classes that can stand in a model. */
  static List<String> classes() throws IOException {
    List<String> classes = new ArrayList<>();
    try (Stream<Path> files = Files.list(LAYERS)) {
      for (Path file : files.sorted().toList()) {
        String stem = file.getFileName().toString().replace(".java", "");
        Class<?> type = stem.equals("package-info") ? Object.class : type(stem);
        // A model has the file form of a model; what only joins layers within another is in no file.
        if (Layer.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()) && type != NestedModel.class
            && type != ReverseTime.class) {
          classes.add(stem);
        }
      }
    }
    assertTrue(classes.size() >= 12, "the layers are not where they are looked for: " + classes);
    return classes;
  }

  private static Class<?> type(String stem) {
    try {
      return Class.forName("dev.rill.layers." + stem);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("classes")
  void everyLayerHasACodecOfItsStem(String className) throws IOException {
    LayerCodec<?> codec = LayerCodecs.find(className);
    assertNotNull(codec, className);
    assertEquals(className + "Codec", codec.getClass().getSimpleName());
    assertTrue(recorded(className).size() >= 2, "testdata/layers.py does not record " + className);
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void itsEntryIsReadAndWrittenAsKerasWroteIt(Recorded recorded) {
    JsonObject written = LayerWriter.write(recorded.layer(), recorded.shapes("inputs"), recorded.shapes("initial_state"));
    assertEquals(Json.write(recorded.entry()), Json.write(written));
  }

  @ParameterizedTest
  @MethodSource("applied")
  void everyLayerRunsWithinAModelWithinAModel(Recorded recorded) {
    List<Shape> first = new ArrayList<>(recorded.shapes("inputs"));
    first.addAll(recorded.shapes("initial_state"));
    List<Symbol> inputs = symbols(first);
    int own = recorded.shapes("inputs").size();
    List<Symbol> outputs = recorded.layer().call(inputs.subList(0, own), inputs.subList(own, inputs.size()), true);
    for (int depth = 1; depth <= 2; depth++) {
      List<Symbol> around = symbols(first);
      outputs = new NestedModel(Graph.functional("depth" + depth, inputs, outputs)).call(around, List.of(), true);
      inputs = around;
    }
    assertNotNull(Model.of(inputs, outputs).freeze().describe());
  }

  private static List<Symbol> symbols(List<Shape> shapes) {
    return shapes.stream().map(shape -> Input.batchShape(shape.toArray())).toList();
  }

  @ParameterizedTest
  @MethodSource("classes")
  void everyOptionIsRecordedWithAnotherValueThanItsDefault(String className) throws IOException {
    JsonObject fewest = recorded(className).get(0).entry().object("config");
    List<Recorded> others = recorded(className).subList(1, recorded(className).size());
    boolean trained = recorded(className).get(0).form().array("variables").size() > 0;
    for (String option : others.get(0).entry().object("config").names()) {
      boolean fixed = FIXED.contains(option) || FIXED.contains(className + " " + option)
          || option.equals("trainable") && !trained;
      if (!fixed) {
        String value = fewest.has(option) ? Json.write(fewest.get(option)) : "null";
        assertTrue(others.stream().map(other -> other.entry().object("config")).anyMatch(
            changed -> changed.has(option) && !value.equals(Json.write(changed.get(option)))), className + " " + option);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void itsVariablesLieWhereKerasHasThem(Recorded recorded) {
    Layer layer = recorded.layer();
    ObjectGroups groups = new ObjectGroups("", "layers", 1);
    LayerCodecs.of(layer).groups(layer, recorded.shapes("inputs"), groups);
    JsonArray paths = recorded.form().array("variables");
    List<String> variables = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      variables.add(paths.string(i));
    }
    // HDF5 lists names by their bytes.
    assertEquals(variables, groups.variables().stream().sorted().toList());
    assertEquals(variables.size(), layer.variables(recorded.shapes("inputs")).size());
    assertEquals(recorded.form().string("group"), LayerNames.snakeCase(layer.className()));
    JsonObject names = recorded.form().object("groups");
    Map<String, String> expected = new LinkedHashMap<>();
    names.names().forEach(path -> expected.put(path, names.string(path)));
    assertEquals(expected, groups.names());
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void itsCallIsWrittenAsKerasWroteIt(Recorded recorded) {
    JsonObject keywords = recorded.form().object("keywords");
    JsonArray states = keywords.has("initial_state") ? keywords.array("initial_state") : JsonArray.of(List.of());
    JsonObject written = LayerCodecs.of(recorded.layer()).keywords(new JsonNull(), states);
    assertEquals(Json.write(keywords), Json.write(written));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void anOptionThatNobodyKnowsIsRefusedByNameUnlessItSaysNothing(Recorded recorded) {
    LayerReader reader = new LayerReader("3.15.1");
    JsonObject config = recorded.entry().object("config");
    reader.read(recorded.entry().with("config", config.withNull("surprise")));
    reader.read(recorded.entry().with("config", config.with("surprise", false)));
    for (JsonValue value : List.of(new JsonString("x"), config)) {
      JsonObject entry = recorded.entry().with("config", config.with("surprise", value));
      String message = assertThrows(UnsupportedException.class, () -> reader.read(entry)).getMessage();
      assertTrue(message.contains("the option surprise of layer " + config.string("name")), message);
    }
  }

  @ParameterizedTest
  @MethodSource("classes")
  void floatsOfAnotherWidthAreRefused(String className) throws IOException {
    JsonObject entry = recorded(className).get(0).entry();
    JsonObject narrow = entry.with("config", entry.object("config").with("dtype", "float16"));
    if (!className.equals("InputLayer")) {
      String message = assertThrows(UnsupportedException.class, () -> new LayerReader("3.15.1").read(narrow)).getMessage();
      assertTrue(message.contains("computes in float16"), message);
    }
  }

  @Test
  void aClassWithoutACodecIsRefusedWithTheNamesOfThoseThatHaveOne() throws IOException {
    JsonObject entry = JsonObject.EMPTY.with("class_name", "Mystery").with("config", JsonObject.EMPTY.with("name", "m"));
    String message = assertThrows(UnsupportedException.class, () -> new LayerReader("3.15.1").read(entry)).getMessage();
    assertTrue(message.contains("layer m of class Mystery is not supported; the outputs depend on it: "), message);
    assertTrue(message.contains("; supported are InputLayer, LSTM, "), message);
    for (String name : classes()) {
      assertTrue(message.contains(name), message);
    }
  }

  @ParameterizedTest
  @CsvSource({"Lambda,would have to be executed", "SpatialDropout2D,changes nothing but training", "StringLookup,compute it before the model",
    "Conv3D,the outputs depend on it"})
  void aRefusedLayerSaysWhetherItMattersAtInference(String className, String expected) {
    JsonObject entry = JsonObject.EMPTY.with("class_name", className).with("config", JsonObject.EMPTY.with("name", "m"));
    String message = assertThrows(UnsupportedException.class, () -> new LayerReader("3.15.1").read(entry)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "SelfAttention| {'module': null, 'class_name': 'SelfAttention', 'config': {'units': 64}, 'registered_name': 'SelfAttention', 'name': 'own'}",
    "MyCell| {'module': 'keras.layers', 'class_name': 'RNN', 'config': {'name': 'r', 'cell': {'module': null, 'class_name': 'MyCell', "
        + "'config': {'units': 4}, 'registered_name': 'MyCell'}}}",
    "LSTM| {'module': null, 'class_name': 'LSTM', 'config': {'name': 'own', 'units': 4}, 'registered_name': 'LSTM'}",
    "an input of strings| {'module': 'keras.layers', 'class_name': 'InputLayer', 'config': {'name': 'text', 'batch_shape': [null], "
        + "'dtype': 'string'}}"})
  void whatOnlyItsAuthorKnowsOrNoArrayHoldsIsRefusedByNameAndNotCalledDamaged(String named, String text) {
    String message = assertThrows(UnsupportedException.class, () -> new LayerReader("3.13.2").read(entry(text))).getMessage();
    assertTrue(message.contains(named), message);
  }

  private static JsonObject entry(String text) {
    return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "entry");
  }

  @Test
  void timeFirstIsRefusedAndTimeSecondIsNot() {
    String lstm = "{'class_name': 'CuDNNLSTM', 'config': {'name': 'a', 'units': 2, 'time_major': %s}}";
    assertEquals("LSTM", new LayerReader("2.4.0").read(entry(lstm.formatted("false"))).className());
    String message = assertThrows(UnsupportedException.class,
        () -> new LayerReader("2.4.0").read(entry(lstm.formatted("true")))).getMessage();
    assertTrue(message.contains("the option time_major of layer a"), message);
  }

  @Test
  void rescalingTakesOneNumberHoweverItIsWrittenAndRefusesOneForEachFeature() {
    String rescaling = "{'class_name': 'Rescaling', 'config': {'name': 'a', 'scale': %s, 'offset': [1.5]}}";
    for (String scale : List.of("2", "[2.0]", "{'class_name': '__numpy__', 'config': {'value': [2.0], 'dtype': 'float64'}}")) {
      Rescaling layer = (Rescaling) new LayerReader("3.15.1").read(entry(rescaling.formatted(scale)));
      assertEquals(List.of(2.0, 1.5), List.of(layer.scale(), layer.offset()), scale);
    }
    String message = assertThrows(UnsupportedException.class,
        () -> new LayerReader("3.15.1").read(entry(rescaling.formatted("[2.0, 3.0]")))).getMessage();
    assertTrue(message.contains("found an array of 2; a Normalization takes"), message);
  }

  @Test
  void cudnnKnowsOneWayToResetOnly() {
    String gru = "{'class_name': '%s', 'config': {'name': 'a', 'units': 2}}";
    assertTrue(((GRU) new LayerReader("2.2.4").read(entry(gru.formatted("CuDNNGRU")))).resetAfter());
    assertFalse(((GRU) new LayerReader("2.2.4").read(entry(gru.formatted("GRU")))).resetAfter());
  }

  @ParameterizedTest
  @CsvSource({"UnifiedLSTM,LSTM", "UnifiedGRU,GRU", "BatchNormalizationV1,BatchNormalization", "BatchNormalizationV2,BatchNormalization",
    "ThresholdedReLU,ReLU"})
  void namesThatAClassHadForATimeStandForIt(String written, String className) {
    String options = written.startsWith("Unified") ? "'units': 2" : written.endsWith("ReLU") ? "'theta': 0.5" : "'axis': -1";
    String layer = "{'class_name': '%s', 'config': {'name': 'a', %s}}".formatted(written, options);
    Layer read = new LayerReader("2.2.4-tf").read(entry(layer));
    assertEquals(className, read.className());
    assertTrue(!(read instanceof ReLU relu) || relu.threshold() == 0.5);
  }

  @Test
  void aModeOfKeras1sBatchNormalizationThatKerasNoLongerHasIsRefused() {
    String layer = "{'class_name': 'BatchNormalization', 'config': {'name': 'a', 'mode': %d, 'axis': -1}}";
    assertEquals("BatchNormalization", new LayerReader("1.2.2").read(entry(layer.formatted(0))).className());
    String message = assertThrows(UnsupportedException.class, () -> new LayerReader("1.2.2").read(entry(layer.formatted(2)))).getMessage();
    assertTrue(message.contains("of mode 2 is not supported"), message);
  }

  @Test
  void aLayerAsAnActivationOfGatesIsAFunctionOrRefused() {
    String lstm = "{'class_name': 'LSTM', 'config': {'name': 'a', 'units': 2, 'activation': {'class_name': '%s', 'config': {'name': 'b', %s}}}}";
    assertEquals(ActivationFunction.RELU6, lstm(lstm.formatted("ReLU", "'max_value': 6.0")).activation());
    assertEquals(ActivationFunction.RELU, lstm(lstm.formatted("ReLU", "'max_value': null")).activation());
    assertEquals(ActivationFunction.LEAKY_RELU, lstm(lstm.formatted("LeakyReLU", "'negative_slope': 0.2")).activation());
    assertEquals(ActivationFunction.ELU, lstm(lstm.formatted("ELU", "'alpha': 1.0")).activation());
    assertEquals(ActivationFunction.SOFTMAX, lstm(lstm.formatted("Softmax", "'axis': -1")).activation());
    for (String layer : List.of(lstm.formatted("ReLU", "'max_value': 5.0"), lstm.formatted("LeakyReLU", "'negative_slope': 0.3"),
        lstm.formatted("PReLU", "'shared_axes': null"))) {
      String message = assertThrows(UnsupportedException.class, () -> lstm(layer)).getMessage();
      assertTrue(message.contains("activation"), message);
    }
  }

  private static LSTM lstm(String entry) {
    return (LSTM) new LayerReader("3.15.1").read(entry(entry));
  }

  @ParameterizedTest
  @CsvSource({"sum,Add", "mul,Multiply", "ave,Average", "max,Maximum", "concat,Concatenate", "dot,Dot"})
  void eachModeOfTheMergeOfKeras1IsALayerOfToday(String mode, String className) {
    String merge = "{'class_name': 'Merge', 'config': {'name': 'm', 'mode': '%s', 'mode_type': '%s', 'concat_axis': -1, 'dot_axes': -1, "
        + "'output_shape': null, 'output_shape_type': 'raw', 'output_mask': null, 'output_mask_type': 'raw', 'arguments': {}}}";
    assertEquals(className, new LayerReader("1.2.2").read(entry(merge.formatted(mode, "raw"))).className());
    assertThrows(UnsupportedException.class, () -> new LayerReader("1.2.2").read(entry(merge.formatted(mode, "lambda"))));
    assertThrows(UnsupportedException.class, () -> new LayerReader("1.2.2").read(entry(merge.formatted("cos", "raw"))));
  }

  @Test
  void whatIsNotTrainedIsCountedBehindWhatIs() {
    ObjectGroups groups = new ObjectGroups("layers/a", "layers", 1);
    groups.add("", "a", List.of());
    groups.below("/inner").add("/cell", "b", List.of(variable(true), variable(false), variable(true)));
    groups.add("/other", "c", List.of(variable(false)));
    assertEquals(List.of("layers/a/inner/cell/vars/0", "layers/a/inner/cell/vars/2", "layers/a/inner/cell/vars/1",
        "layers/a/other/vars/0"), groups.variables());
    assertEquals(List.of("layers/a/vars", "layers/a/inner/cell/vars", "layers/a/other/vars"),
        List.copyOf(groups.names().keySet()));
  }

  private static Variable variable(boolean trained) {
    return new Variable("v", Shape.of(1), VariableRules.startingAs(Initializer.glorotUniform()), trained);
  }
}
