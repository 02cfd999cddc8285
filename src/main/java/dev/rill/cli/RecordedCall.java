package dev.rill.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One call of a recorded case, arrays by their names.
 *
 * @param kind which call
 * @param x one array a model input
 * @param y one array a model output; empty where nothing is trained or tested
 * @param sampleWeight an array, or null if none was given
 * @param batchSize rows in a batch, of calls that cut their rows into batches
 * @param epochs of {@code fit}
 * @param layer the layer whose state is reset, or null for all
 * @param expect what Keras gave
 */
record RecordedCall(Kind kind, List<String> x, List<String> y, String sampleWeight, int batchSize, int epochs,
    String layer, Expectation expect) {

  /** The calls of the format: their names, the fields that each must have and those that it may have. */
  enum Kind {
    PREDICT_ON_BATCH("predict_on_batch", Set.of("x"), Set.of()),
    PREDICT("predict", Set.of("x", "batch_size"), Set.of()),
    RESET_STATES("reset_states", Set.of(), Set.of("layer")),
    TRAIN_ON_BATCH("train_on_batch", Set.of("x", "y"), Set.of("sample_weight")),
    TEST_ON_BATCH("test_on_batch", Set.of("x", "y"), Set.of("sample_weight")),
    EVALUATE("evaluate", Set.of("x", "y", "batch_size"), Set.of("sample_weight")),
    FIT("fit", Set.of("x", "y", "batch_size", "epochs", "shuffle"), Set.of("sample_weight"));

    private final String keras;
    private final Set<String> required;
    private final Set<String> optional;

    Kind(String keras, Set<String> required, Set<String> optional) {
      this.keras = keras;
      this.required = required;
      this.optional = optional;
    }

    Set<String> required() {
      return required;
    }

    Set<String> optional() {
      return optional;
    }

    /** Whether weights change, and the wider tolerance begins. */
    boolean trains() {
      return this == TRAIN_ON_BATCH || this == FIT;
    }

    /** Whether it only runs forward, or resets the state of what does. */
    boolean predicts() {
      return this == PREDICT || this == PREDICT_ON_BATCH || this == RESET_STATES;
    }

    /** The kind that Keras calls so, or null. */
    static Kind named(String name) {
      for (Kind kind : values()) {
        if (kind.keras.equals(name)) {
          return kind;
        }
      }
      return null;
    }

    /** The name in Keras. */
    @Override
    public String toString() {
      return keras;
    }
  }

  /**
   * What came out; null is what was not recorded.
   *
   * @param outputs one array a model output
   * @param logs loss and metrics of this call
   * @param history loss and metrics, a value an epoch
   * @param states after the call, by stateful layer
   * @param weights after the call, by layer
   */
  record Expectation(List<String> outputs, Map<String, Double> logs, Map<String, List<Double>> history,
      Map<String, List<String>> states, Map<String, List<String>> weights) {}
}
