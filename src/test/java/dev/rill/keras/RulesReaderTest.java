package dev.rill.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Constant;
import dev.rill.variables.Constraint;
import dev.rill.variables.Identity;
import dev.rill.variables.Initializer;
import dev.rill.variables.L1L2;
import dev.rill.variables.MinMaxNorm;
import dev.rill.variables.Orthogonal;
import dev.rill.variables.OrthogonalRegularizer;
import dev.rill.variables.RandomNormal;
import dev.rill.variables.RandomUniform;
import dev.rill.variables.Regularizer;
import dev.rill.variables.TruncatedNormal;
import dev.rill.variables.UnitNorm;
import dev.rill.variables.UnsupportedRule;
import dev.rill.variables.VariableRules;
import dev.rill.variables.VarianceScaling;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Initializers, regularizers, constraints and frozen layers of a configuration that Keras 3.15.1 wrote. */
class RulesReaderTest {
  private static Graph graph;

  @BeforeAll
  static void read() throws IOException {
    byte[] json = Files.readAllBytes(Path.of("testdata", "files", "rules.json"));
    graph = ModelReader.read(Json.parseObject(json, "rules.json"), "3.15.1");
  }

  private static <T extends Layer> T layer(Class<T> type, String name) {
    for (Layer layer : graph.layers()) {
      if (layer.name().equals(name)) {
        return type.cast(layer);
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void everyOptionOfAnLstm() {
    LSTM lstm = layer(LSTM.class, "first");
    assertEquals(new VariableRules(Initializer.heNormal().seed(3), new L1L2(0.1, 0.2), new MinMaxNorm(0, 3, 1, 1)),
        lstm.kernelRules());
    // Keras keeps this factor as a float.
    assertEquals(new VariableRules(new Orthogonal(2).seed(4),
        new OrthogonalRegularizer(0.02f, OrthogonalRegularizer.Mode.COLUMNS), new MinMaxNorm(0.1, 0.9, 0.5, 1)),
        lstm.recurrentRules());
    assertEquals(new VariableRules(new Constant(0.5), Regularizer.l1(0.03f), Constraint.nonNeg()), lstm.biasRules());
    assertEquals(Regularizer.l2(0.04), lstm.activityRegularizer());
    assertFalse(lstm.trainable());
  }

  @Test
  void theOtherInitializers() {
    GRU gru = layer(GRU.class, "second");
    assertEquals(new VariableRules(new VarianceScaling(0.5, VarianceScaling.Fan.OUTPUTS, VarianceScaling.Distribution.NORMAL),
        null, new UnitNorm(-1)), gru.kernelRules());
    // Keras does not write the gain.
    assertEquals(new Identity(1), gru.recurrentRules().initializer());
    assertEquals(new RandomUniform(-0.1, 0.2), gru.biasRules().initializer());
    SimpleRNN rnn = layer(SimpleRNN.class, "third");
    assertEquals(new RandomNormal(0.1, 0.2), rnn.kernelRules().initializer());
    assertEquals(new TruncatedNormal(0.3, 0.4).seed(5), rnn.recurrentRules().initializer());
    assertEquals(Initializer.ones(), rnn.biasRules().initializer());
    assertTrue(rnn.trainable());
  }

  @Test
  void aFrozenWrapperFreezesItsLayer() {
    TimeDistributed frozen = layer(TimeDistributed.class, "frozen");
    assertFalse(frozen.trainable());
    assertNull(frozen.activityRegularizer());
    assertEquals(new VariableRules(Initializer.lecunUniform(), Regularizer.l2(0.01), null), ((Dense) frozen.layer()).kernelRules());
  }

  @Test
  void whatKerasWritesForDefaultsAreTheDefaults() {
    assertEquals(new Dense(1).kernelRules(), layer(Dense.class, "plain").kernelRules());
    assertEquals(new Dense(1).biasRules(), layer(Dense.class, "plain").biasRules());
    assertEquals(new GRU(1).biasRules(), new LSTM(1).biasRules());
  }

  @Test
  void rulesThatOnlyTheirAuthorKnowsRefuseWhenTheyAreNeeded() {
    VariableRules rules = layer(Dense.class, "custom").kernelRules();
    Weights layout = Weights.layout(graph.variables());
    Weights.Slice kernel = layout.slices("custom").get(0);
    String message = assertThrows(UnsupportedException.class, () -> rules.check(kernel)).getMessage();
    assertTrue(message.contains("mine>L2") && message.contains("kernel_regularizer"), message);
    message = assertThrows(UnsupportedException.class, () -> rules.constraint().check(kernel)).getMessage();
    assertTrue(message.contains("2 axes") && message.contains("kernel_constraint"), message);
    Weights weights = layout.over(new float[layout.size()]);
    message = assertThrows(UnsupportedException.class, () -> weights.initialize(1)).getMessage();
    assertTrue(message.contains("mine>Start"), message);
  }

  private static JsonObject config(String json) {
    return Json.parseObject(json.getBytes(StandardCharsets.UTF_8), "config.json");
  }

  @Test
  void optionsThatAreMissingOrNull() {
    JsonObject config = config("{\"a\": null, \"b\": \"he_normal\", \"c\": {\"class_name\": \"GlorotNormal\"}, "
        + "\"d\": {\"class_name\": \"Identity\", \"config\": {\"gain\": 2}}}");
    assertEquals(new Identity(2), RulesReader.initializer(config, "d", Initializer.ones()));
    assertEquals(Initializer.ones(), RulesReader.initializer(config, "none", Initializer.ones()));
    assertEquals(Initializer.glorotUniform(), RulesReader.initializer(config, "a", Initializer.ones()));
    assertEquals(Initializer.heNormal(), RulesReader.initializer(config, "b", Initializer.ones()));
    assertEquals(Initializer.glorotNormal(), RulesReader.initializer(config, "c", Initializer.ones()));
    assertNull(RulesReader.regularizer(config, "a"));
    assertNull(RulesReader.constraint(config, "none"));
  }

  /** Loaded weights do not depend on any of this. */
  @Test
  void nonsenseDoesNotKeepAModelFromBeingServed() {
    JsonObject config = config("{\"a\": 3, \"b\": {\"config\": 1}, \"c\": {\"class_name\": \"L2\", \"config\": {\"l2\": -1}}, "
        + "\"d\": {\"class_name\": \"MaxNorm\", \"config\": {\"axis\": \"x\"}}, \"e\": "
        + "{\"class_name\": \"VarianceScaling\", \"config\": {\"mode\": \"fan\"}}}");
    for (String option : new String[] {"a", "b", "c", "d", "e"}) {
      assertNotNull(assertUnsupported(RulesReader.initializer(config, option, Initializer.ones())));
      assertNotNull(assertUnsupported(RulesReader.regularizer(config, option)));
      assertNotNull(assertUnsupported(RulesReader.constraint(config, option)));
    }
  }

  private static String assertUnsupported(Object rule) {
    return ((UnsupportedRule) rule).message();
  }

  @Test
  void rulesOfKeras1HaveTheirClassAmongTheirOptions() {
    JsonObject config = Json.parseObject("""
        {"W_regularizer": {"name": "WeightRegularizer", "l1": 0.5, "l2": 0.25}, "U_regularizer": {"name": "L1L2Regularizer", "l1": 0, "l2": 2},
         "b_regularizer": {"name": "ActivityRegularizer", "l1": 1, "l2": 0},
         "W_constraint": {"name": "MaxNorm", "m": 3, "axis": 0}, "b_constraint": {"name": "MinMaxNorm", "low": 1, "high": 3, "rate": 0.5, "axis": 1}}
        """.getBytes(StandardCharsets.UTF_8), "rules");
    assertEquals(new L1L2(0.5, 0.25), RulesReader.regularizer(config, "W_regularizer"));
    assertEquals(new L1L2(0, 2), RulesReader.regularizer(config, "U_regularizer"));
    assertTrue(RulesReader.regularizer(config, "b_regularizer") instanceof UnsupportedRule);
    assertEquals(new MinMaxNorm(0, 3, 1, 0), RulesReader.constraint(config, "W_constraint"));
    assertEquals(new MinMaxNorm(1, 3, 0.5, 1), RulesReader.constraint(config, "b_constraint"));
  }
}
