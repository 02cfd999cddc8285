package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Graph;
import dev.rill.training.Metric;
import dev.rill.training.Objective;
import dev.rill.training.Optimizer;
import dev.rill.training.Trainer;
import java.util.List;
import java.util.function.Function;

/** What {@link CompileReader} reads, the other way: how a model is compiled, as Keras 3.15 writes it, or refused by name. */
final class CompileWriter {
  private CompileWriter() {}

  static JsonObject write(Graph graph, Trainer trainer) {
    return write(graph, trainer.rule(), trainer.optimizer().learningRate(), trainer.objectives());
  }

  /**
   * How a model is compiled that nothing trains yet.
   *
   * @param rate that of the next update
   * @param objectives one an output
   */
  static JsonObject write(Graph graph, Optimizer optimizer, double rate, List<Objective> objectives) {
    JsonObject config = JsonObject.EMPTY.with("optimizer", OptimizerWriter.write(optimizer, rate))
        .with("loss", perOutput(graph, objectives, objective ->
            objective.loss() == null ? new JsonNull() : FigureWriter.loss(objective.loss())));
    config = objectives.stream().allMatch(objective -> objective.weight() == 1) ? config.withNull("loss_weights")
        : config.with("loss_weights", perOutput(graph, objectives, objective -> JsonNumber.of(objective.weight())));
    config = metrics(graph, config, "metrics", objectives, Objective::metrics);
    config = metrics(graph, config, "weighted_metrics", objectives, Objective::weightedMetrics);
    return config.with("run_eagerly", false).with("steps_per_execution", 1).with("jit_compile", false);
  }

  /** A list, one an output; without one for a single output; by names that outputs have of their own. */
  private static JsonValue perOutput(Graph graph, List<Objective> objectives, Function<Objective, JsonValue> part) {
    List<JsonValue> parts = objectives.stream().map(part).toList();
    if (graph.namesOutputs()) {
      JsonObject named = JsonObject.EMPTY;
      for (int o = 0; o < parts.size(); o++) {
        named = named.with(graph.outputNames().get(o), parts.get(o));
      }
      return named;
    }
    return parts.size() == 1 ? parts.get(0) : JsonArray.of(parts);
  }

  private static JsonObject metrics(Graph graph, JsonObject config, String name, List<Objective> objectives,
      Function<Objective, List<Metric>> part) {
    if (objectives.stream().allMatch(objective -> part.apply(objective).isEmpty())) {
      return config.withNull(name);
    }
    return config.with(name, perOutput(graph, objectives, objective ->
        JsonArray.of(part.apply(objective).stream().map(FigureWriter::metric).toList())));
  }
}
