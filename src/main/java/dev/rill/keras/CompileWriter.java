package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.training.Metric;
import dev.rill.training.Objective;
import dev.rill.training.Optimizer;
import dev.rill.training.Trainer;
import java.util.List;
import java.util.function.Function;

/** What {@link CompileReader} reads, the other way: how a model is compiled, as Keras 3.15 writes it, or refused by name. */
final class CompileWriter {
  private CompileWriter() {}

  static JsonObject write(Trainer trainer) {
    return write(trainer.rule(), trainer.optimizer().learningRate(), trainer.objectives());
  }

  /**
   * How a model is compiled that nothing trains yet.
   *
   * @param rate that of the next update
   * @param objectives one an output
   */
  static JsonObject write(Optimizer optimizer, double rate, List<Objective> objectives) {
    JsonObject config = JsonObject.EMPTY.with("optimizer", OptimizerWriter.write(optimizer, rate))
        .with("loss", perOutput(objectives, objective ->
            objective.loss() == null ? new JsonNull() : FigureWriter.loss(objective.loss())));
    config = objectives.stream().allMatch(objective -> objective.weight() == 1) ? config.withNull("loss_weights")
        : config.with("loss_weights", perOutput(objectives, objective -> JsonNumber.of(objective.weight())));
    config = metrics(config, "metrics", objectives, Objective::metrics);
    config = metrics(config, "weighted_metrics", objectives, Objective::weightedMetrics);
    return config.with("run_eagerly", false).with("steps_per_execution", 1).with("jit_compile", false);
  }

  /** A list, one an output; without one for a single output. */
  private static JsonValue perOutput(List<Objective> objectives, Function<Objective, JsonValue> part) {
    List<JsonValue> parts = objectives.stream().map(part).toList();
    return parts.size() == 1 ? parts.get(0) : JsonArray.of(parts);
  }

  private static JsonObject metrics(JsonObject config, String name, List<Objective> objectives,
      Function<Objective, List<Metric>> part) {
    if (objectives.stream().allMatch(objective -> part.apply(objective).isEmpty())) {
      return config.withNull(name);
    }
    return config.with(name, perOutput(objectives, objective ->
        JsonArray.of(part.apply(objective).stream().map(FigureWriter::metric).toList())));
  }
}
