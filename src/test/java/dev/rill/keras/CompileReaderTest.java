package dev.rill.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.layers.Dense;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.Metric;
import dev.rill.training.Objective;
import dev.rill.training.Optimizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that a compile configuration takes; what they mean was seen in Keras 3.15.1. */
class CompileReaderTest {
  /** Outputs {@code b} and {@code a}, in this order, or the first of them alone. */
  private static Graph graph(int outputs) {
    Symbol in = Input.shape(3, 2);
    Symbol h = new LSTM(2).named("lstm").apply(in);
    List<Symbol> heads = List.of(new Dense(1).named("b").apply(h), new Dense(1).named("a").apply(h));
    return Graph.functional("model", List.of(in), heads.subList(0, outputs));
  }

  private static List<Objective> read(int outputs, String config) {
    return read(outputs, "", config);
  }

  private static List<Objective> read(int outputs, String layers, String config) {
    return read(graph(outputs), layers, config);
  }

  private static List<Objective> read(Graph graph, String layers, String config) {
    String model = "{'config':{'layers':[" + layers + "]},'compile_config':{'optimizer':'sgd'," + config + "}}";
    KerasFile.Compiled compiled = CompileReader.read(
        Json.parseObject(model.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "config.json"), graph, null);
    return compiled.objectives().at(graph.outputNames());
  }

  /** Loss and weight of each output. */
  private static String losses(int outputs, String config) {
    return losses(read(outputs, config));
  }

  private static String losses(List<Objective> objectives) {
    List<String> all = new ArrayList<>();
    for (Objective each : objectives) {
      all.add(each.loss() == null ? "none" : each.loss().className().replaceAll("[a-z]", "") + " " + each.weight());
    }
    return String.join(", ", all);
  }

  /** Metrics, then weighted ones, of each output. */
  private static String metrics(int outputs, String config) {
    List<String> all = new ArrayList<>();
    for (Objective each : read(outputs, "'loss':'mse'," + config)) {
      all.add(names(each.metrics()) + "" + names(each.weightedMetrics()));
    }
    return String.join(" ", all);
  }

  private static List<String> names(List<Metric> metrics) {
    return metrics.stream().map(Metric::name).toList();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "'loss':'mse'                                                      | MSE 1.0, MSE 1.0",
    "'loss':'mse','loss_weights':3.0                                   | MSE 3.0, MSE 3.0",
    "'loss':'mse','loss_weights':[3.0]                                 | MSE 3.0, MSE 3.0",
    "'loss':['mse','mae'],'loss_weights':[1.0,0.5]                     | MSE 1.0, MAE 0.5",
    "'loss':['mse',null]                                               | MSE 1.0, none",
    "'loss':['mse']                                                    | MSE 1.0, none",
    "'loss':{'a':'mae','b':'mse'},'loss_weights':{'a':0.5,'b':2.0}     | MSE 2.0, MAE 0.5",
    "'loss':{'a':'mae','b':'mse'},'loss_weights':[0.5,2.0]             | MSE 0.5, MAE 2.0",
    "'loss':{'a':'mae','b':null}                                       | none, MAE 1.0",
    // Keras takes the numbers by the sorted names here, and so not to the outputs of these names.
    "'loss':['mse','mae'],'loss_weights':{'b':2.0,'a':0.5}             | MSE 0.5, MAE 2.0",
  })
  void lossesAndWeightsStandWhereKerasPutsThem(String config, String expected) {
    assertEquals(expected, losses(2, config));
  }

  /** A dict of outputs: {@code x} is layer {@code b}, {@code y} is layer {@code a}. */
  private static Graph named() {
    Symbol in = Input.shape(3, 2);
    Symbol h = new LSTM(2).named("lstm").apply(in);
    return Graph.functional("model", List.of(in),
        Map.of("y", new Dense(1).named("a").apply(h), "x", new Dense(1).named("b").apply(h)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "'loss':'mse','loss_weights':[3.0]                                 | MSE 3.0, MSE 3.0",
    "'loss':['mse','mae'],'loss_weights':[1.0,0.5]                     | MSE 1.0, MAE 0.5",
    "'loss':{'y':'mae','x':'mse'},'loss_weights':{'y':0.5,'x':2.0}     | MSE 2.0, MAE 0.5",
    "'loss':{'y':'mae','x':'mse'},'loss_weights':[0.5,2.0]             | MSE 0.5, MAE 2.0",
    "'loss':{'y':'mae','x':null}                                       | none, MAE 1.0",
    "'loss':{'y':'mae'}                                                | none, MAE 1.0",
    "'loss':{'y':'mae'},'loss_weights':{'y':0.5}                       | none, MAE 0.5",
    "'loss':{'y':'mae'},'loss_weights':[0.5]                           | none, MAE 0.5",
  })
  void lossesGoByTheNamesThatOutputsHaveOfTheirOwn(String config, String expected) {
    assertEquals(expected, losses(read(named(), "", config)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'loss':{'a':'mse','b':'mae'}", "'loss':['mse']", "'loss':{'y':'mae'},'loss_weights':[0.5,2.0]",
      "'loss':{'y':'mae','x':'mse'},'loss_weights':{'y':0.5}", "'loss':'mse','metrics':{'a':['mae']}", "'loss':'mse','metrics':['mae']"})
  void theNamesOfTheirLayersAreNoneOfTheirsThen(String config) {
    assertThrows(RillException.class, () -> read(named(), "", config));
  }

  @Test
  void aSingleOutputTakesAListOrItsName() {
    assertEquals("MSE 2.0", losses(1, "'loss':['mse'],'loss_weights':[2.0]"));
    assertEquals("MSE 2.0", losses(1, "'loss':{'b':'mse'},'loss_weights':{'b':2.0}"));
    assertEquals("[mae, mse, acc][]", metrics(1, "'metrics':[['mae','mse'],'acc']"));
    assertEquals("[][mae, mse]", metrics(1, "'weighted_metrics':{'z':'mse','any':['mae']}"));
  }

  @Test
  void withoutAnOptimizerItIsTheOneThatCompileTakes() {
    assertEquals(Optimizer.named("rmsprop").toString(), optimizer("{'loss':'mse'}").toString());
    // Whose the variables in the file are is not known.
    assertEquals(Integer.MAX_VALUE, CompileReader.variablesAround(model("{'loss':'mse'}")));
    assertEquals(0, CompileReader.variablesAround(model("{'optimizer':'adam','loss':'mse'}")));
    assertThrows(RillException.class, () -> optimizer("{}"));
  }

  private static Optimizer optimizer(String config) {
    return CompileReader.read(model(config), graph(1), null).optimizer();
  }

  private static JsonObject model(String config) {
    String model = "{'config':{'layers':[]},'compile_config':" + config + "}";
    return Json.parseObject(model.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "config.json");
  }

  @Test
  void metricsStandWhereKerasPutsThem() {
    assertEquals("[mae][] [mse][]", metrics(2, "'metrics':['mae','mse']"));
    assertEquals("[mae, mse][] [][acc]", metrics(2, "'metrics':[['mae','mse'],[]],'weighted_metrics':[null,'acc']"));
    assertEquals("[][mse] [mae][]", metrics(2, "'metrics':{'a':'mae'},'weighted_metrics':{'b':['mse']}"));
    assertEquals("[][] [][]", metrics(2, "'metrics':[],'weighted_metrics':null"));
  }

  @Test
  void whatKerasWouldNotTrainIsRefused() {
    for (String config : new String[] {"'loss':null", "'loss':{'a':'mse'}", "'loss':['mse','mse','mse']",
        "'loss':[['mse','mae'],'mse']", "'loss':'mse','loss_weights':[1.0,0.5]",
        "'loss':{'a':'mse','b':'mse'},'loss_weights':{'a':1.0}", "'loss':'mse','metrics':['mae']",
        "'loss':'mse','metrics':{'z':'mae'}", "'loss':'mse','weighted_metrics':['mae','mae','mae']",
        "'loss':'mse','metrics':[{'a':'mae','b':'mae'},null,null]", "'loss':'crossentropy'"}) {
      assertThrows(RillException.class, () -> read(2, config), config);
    }
    assertThrows(RillException.class, () -> read(1, "'loss':['mse','mae']"));
  }

  @Test
  void optionsOfMetricsAreRead() {
    Metric smooth = read(1, "'loss':'mse','metrics':[{'class_name':'CategoricalCrossentropy','config':{'name':'ce',"
        + "'label_smoothing':0.25,'axis':-1}}]").get(0).metrics().get(0);
    assertEquals("ce", smooth.name());
    assertEquals(0.25, ((CategoricalCrossentropy) smooth.loss()).labelSmoothing());
    RillException e = assertThrows(RillException.class, () -> read(1, "'loss':{'class_name':'BinaryCrossentropy',"
        + "'config':{'name':'x','axis':1}}"));
    assertTrue(e.getMessage().contains("axis"), e.getMessage());
  }

  /** What a layer takes for its outputs, where it does not read it: not to follow it would give other weights than Keras. */
  @ParameterizedTest
  @ValueSource(strings = {"BatchNormalization", "Dropout", "Bidirectional", "NotEqual"})
  void aRegularizerOfOutputsThatIsNotReadIsRefusedInTrainingOnly(String className) {
    String without = "{'class_name':'" + className + "','config':{'name':'n','activity_regularizer':null}}";
    String with = without.replace("null", "'l2'");
    String nested = "{'class_name':'Sequential','config':{'name':'m','layers':[%s]}}";
    for (String form : List.of("%s", nested, nested.formatted(nested))) {
      read(1, form.formatted(without), "'loss':'mse'");
      String message = assertThrows(UnsupportedException.class, () -> read(1, form.formatted(with), "'loss':'mse'"))
          .getMessage();
      assertTrue(message.contains("activity_regularizer: training with an activity_regularizer is not supported"), message);
    }
    read(1, with.replace(className, "Dense"), "'loss':'mse'");
  }
}
