package dev.rill.cli;

import dev.rill.Model;
import dev.rill.ModelLayer;
import dev.rill.io.NpyArray;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Tensor;
import dev.rill.training.ArrayData;
import dev.rill.training.Batch;
import dev.rill.training.Fit;
import dev.rill.training.History;
import dev.rill.training.Logs;
import dev.rill.training.Optimizer;
import dev.rill.training.SGD;
import dev.rill.training.TrainingThreads;
import dev.rill.variables.Variable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the calls of a recorded case again and compares what comes out. */
final class Replay {
  private final RecordedCase recorded;
  private final Model model;
  private final Comparison comparison = new Comparison();

  /** What a call of ours gave. */
  private record Actual(List<Tensor> outputs, Map<String, Double> logs, Map<String, List<Double>> history) {
    static final Actual NOTHING = new Actual(List.of(), Map.of(), Map.of());

    static Actual outputs(List<Tensor> outputs) {
      return new Actual(outputs, Map.of(), Map.of());
    }

    static Actual logs(Logs logs) {
      return new Actual(List.of(), logs.toMap(), Map.of());
    }

    static Actual history(History history) {
      Map<String, List<Double>> values = new LinkedHashMap<>();
      history.names().forEach(name -> values.put(name, history.get(name)));
      return new Actual(List.of(), Map.of(), values);
    }
  }

  private Replay(RecordedCase recorded, Model model) {
    this.recorded = recorded;
    this.model = model;
  }

  /** Replays the case in a folder. Whatever goes wrong is in the verdict, never an exception. */
  static Verdict of(Path folder, Tolerance tolerance, TrainingThreads threads) {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    try {
      RecordedCase recorded = RecordedCase.read(folder);
      Model model = Model.load(recorded.model());
      model.trainingThreads(threads);
      return new Replay(recorded, model).run(name, tolerance);
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
      return Verdict.unread(name, e);
    }
  }

  /**
   * Replays the predictions of a case, as far as nothing is trained, with weights of another precision: any difference of finite
   * numbers is allowed and only measured. Whatever else goes wrong is in the verdict, never an exception.
   */
  static Verdict of(Path folder, Precision precision, TrainingThreads threads) {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    try {
      RecordedCase recorded = RecordedCase.read(folder);
      Model model = Model.load(recorded.model());
      model.predictWith(precision);
      model.trainingThreads(threads);
      return new Replay(recorded, model).predictions(name);
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
      return Verdict.unread(name, e);
    }
  }

  private Verdict predictions(String name) {
    comparison.allow(Double.POSITIVE_INFINITY, 0);
    int calls = 0;
    for (RecordedCall call : recorded.calls()) {
      if (call.kind().trains() || comparison.failure() != null) {
        break;
      }
      if (call.kind().predicts()) {
        compare(call.expect(), perform(call));
        calls += call.kind() == RecordedCall.Kind.RESET_STATES ? 0 : 1;
      }
    }
    return Verdict.of(name, calls, comparison, comparison.failure());
  }

  private Verdict run(String name, Tolerance tolerance) {
    String failure = null;
    boolean trained = false;
    List<RecordedCall> calls = recorded.calls();
    for (int i = 0; i < calls.size() && failure == null; i++) {
      RecordedCall call = calls.get(i);
      String place = "call " + (i + 1) + " of " + calls.size() + ", " + call.kind() + ", ";
      trained |= call.kind().trains();
      Tolerance now = tolerance.resolve(trained);
      comparison.allow(now.atol(), now.rtol());
      try {
        compare(call.expect(), perform(call));
        failure = comparison.failure() == null ? null : place + comparison.failure() + ofEmbeddings(calls.subList(0, i + 1));
      } catch (RuntimeException | OutOfMemoryError e) {
        failure = place + Main.reason(e);
      }
    }
    return Verdict.of(name, calls.size(), comparison, failure);
  }

  /** A deliberate difference that may be the reason: an update that is not linear in the gradient shows how it was put together. */
  private String ofEmbeddings(List<RecordedCall> calls) {
    Optimizer rule = calls.stream().anyMatch(call -> call.kind().trains() && repeatsIds(call)) ? model.trainer().rule() : null;
    boolean linear = rule instanceof SGD && rule.clipValue() == 0 && rule.clipNorm() == 0 && rule.globalClipNorm() == 0;
    return rule == null || linear ? "" : "; ids come more than once: Keras on TensorFlow counts the gradient of each occurrence by itself, "
        + "Rill their sum (a deliberate difference, see src/docs/keras.md)";
  }

  /** Whether an id comes more than once in what embeddings read. */
  private boolean repeatsIds(RecordedCall call) {
    List<Graph.Ref> inputs = model.graph().inputs();
    for (int i = 0; i < Math.min(inputs.size(), call.x().size()); i++) {
      if (model.graph().ids(inputs.get(i))) {
        double[] ids = recorded.array(call.x().get(i)).doubles();
        if (Arrays.stream(ids).distinct().count() < ids.length) {
          return true;
        }
      }
    }
    return false;
  }

  private Actual perform(RecordedCall call) {
    switch (call.kind()) {
      case PREDICT_ON_BATCH:
        return Actual.outputs(model.predictOnBatch(tensors(call.x())));
      case PREDICT:
        return Actual.outputs(model.predict(tensors(call.x()), call.batchSize()));
      case RESET_STATES:
        if (call.layer() == null) {
          model.resetStates();
        } else {
          model.layer(call.layer()).resetStates();
        }
        return Actual.NOTHING;
      case TRAIN_ON_BATCH:
        return Actual.logs(model.trainOnBatch(batch(call)));
      case TEST_ON_BATCH:
        return Actual.logs(model.testOnBatch(batch(call)));
      case EVALUATE:
        return Actual.logs(model.evaluate(
            ArrayData.of(tensors(call.x()), tensors(call.y())).weights(weights(call)).batchSize(call.batchSize())));
      case FIT:
        return Actual.history(model.fit(tensors(call.x()), tensors(call.y()), new Fit().batchSize(call.batchSize())
            .epochs(call.epochs()).shuffle(false).sampleWeights(weights(call)).verbosity(0)));
      default:
        throw new AssertionError(call.kind());
    }
  }

  private Batch batch(RecordedCall call) {
    return Batch.of(tensors(call.x()), tensors(call.y()), weights(call));
  }

  private Tensor[] weights(RecordedCall call) {
    return call.sampleWeight() == null ? new Tensor[0] : tensors(List.of(call.sampleWeight())).toArray(new Tensor[0]);
  }

  private List<Tensor> tensors(List<String> names) {
    return names.stream().map(recorded::array).map(array -> Tensor.of(array.floats(), array.shape())).toList();
  }

  private void compare(RecordedCall.Expectation expect, Actual actual) {
    if (expect.outputs() != null) {
      arrays("outputs", expect.outputs(), actual.outputs());
    }
    if (expect.logs() != null && comparison.names("logs", expect.logs().keySet(), actual.logs().keySet())) {
      expect.logs().forEach((name, value) -> comparison.number("logs." + name, value, actual.logs().get(name)));
    }
    if (expect.history() != null && comparison.names("history", expect.history().keySet(), actual.history().keySet())) {
      expect.history().forEach((name, epochs) -> numbers("history." + name, epochs, actual.history().get(name)));
    }
    if (expect.states() != null) {
      layers("states", expect.states(), states());
    }
    if (expect.weights() != null) {
      layers("weights", expect.weights(), weights());
    }
  }

  private void numbers(String what, List<Double> expected, List<Double> actual) {
    if (comparison.count(what + " epochs", expected.size(), actual.size())) {
      for (int i = 0; i < expected.size(); i++) {
        comparison.number(what + "[" + i + "]", expected.get(i), actual.get(i));
      }
    }
  }

  private void layers(String what, Map<String, List<String>> expected, Map<String, List<Tensor>> actual) {
    if (comparison.names(what, expected.keySet(), actual.keySet())) {
      expected.forEach((layer, names) -> arrays(what + "." + layer, names, actual.get(layer)));
    }
  }

  private void arrays(String what, List<String> expected, List<Tensor> actual) {
    if (comparison.count(what + " arrays", expected.size(), actual.size())) {
      for (int i = 0; i < expected.size(); i++) {
        NpyArray array = recorded.array(expected.get(i));
        comparison.array(what + "[" + i + "] " + expected.get(i), array, actual.get(i));
      }
    }
  }

  private Map<String, List<Tensor>> states() {
    Map<String, List<Tensor>> states = new LinkedHashMap<>();
    for (ModelLayer layer : model.layers()) {
      if (layer.layer().stateful()) {
        states.put(layer.name(), layer.states());
      }
    }
    return states;
  }

  private Map<String, List<Tensor>> weights() {
    Map<String, List<Tensor>> weights = new LinkedHashMap<>();
    for (ModelLayer layer : model.layers()) {
      List<Tensor> trained = trained(layer);
      if (!trained.isEmpty()) {
        weights.put(layer.name(), trained);
      }
    }
    return weights;
  }

  /** The variables of a layer that an optimizer changes. */
  private List<Tensor> trained(ModelLayer layer) {
    List<Tensor> all = layer.weights();
    List<Tensor> trained = new ArrayList<>();
    int next = 0;
    for (Layer part : layer.layer().trainable() ? model.graph().parts(layer.layer()) : List.<Layer>of()) {
      for (Variable variable : model.graph().variables().get(part.name())) {
        Tensor value = all.get(next++);
        if (variable.trained() && model.graph().trained(part)) {
          trained.add(value);
        }
      }
    }
    return trained;
  }
}
