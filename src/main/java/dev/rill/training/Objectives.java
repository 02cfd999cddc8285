package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a model is compiled for: a loss at each output, how much each counts, and what is watched beside them. Immutable. Whatever
 * differs among outputs is given as a list, one an output, or by the names of the outputs: their own or those of the layers, as in
 * Keras.
 *
 * <pre>{@code
 * Objectives.of(Map.of("word", new SparseCategoricalCrossentropy(), "end", new BinaryCrossentropy()))
 *     .lossWeights(Map.of("word", 1.0, "end", 0.2))
 *     .metrics(Map.of("word", List.of(Metric.named("accuracy"))))
 * }</pre>
 */
public final class Objectives {
  private final PerOutput<Loss> losses;
  private final PerOutput<Double> lossWeights;
  private final PerOutput<List<Metric>> metrics;
  private final PerOutput<List<Metric>> weightedMetrics;

  private Objectives(PerOutput<Loss> losses, PerOutput<Double> lossWeights, PerOutput<List<Metric>> metrics,
      PerOutput<List<Metric>> weightedMetrics) {
    this.losses = losses;
    this.lossWeights = lossWeights;
    this.metrics = metrics;
    this.weightedMetrics = weightedMetrics;
  }

  private static Objectives of(PerOutput<Loss> losses) {
    return new Objectives(losses, PerOutput.all(1.0), PerOutput.all(List.of()), PerOutput.all(List.of()));
  }

  /**
   * One loss at every output.
   *
   * @param loss the loss
   * @return without metrics; every loss counts alike
   */
  public static Objectives of(Loss loss) {
    if (loss == null) {
      throw new RillException("expected a loss, got none: a model without one cannot be trained");
    }
    return of(PerOutput.all(loss));
  }

  /**
   * A loss for each output.
   *
   * @param losses one an output; null for an output at which nothing is learned
   * @return without metrics; every loss counts alike
   */
  public static Objectives of(List<Loss> losses) {
    return of(PerOutput.each(losses));
  }

  /**
   * A loss for each output.
   *
   * @param losses by the names of all outputs; null for an output at which nothing is learned
   * @return without metrics; every loss counts alike
   */
  public static Objectives of(Map<String, Loss> losses) {
    return of(PerOutput.named(losses));
  }

  private Objectives lossWeights(PerOutput<Double> weights) {
    return new Objectives(losses, weights, metrics, weightedMetrics);
  }

  /**
   * Sets how much each loss counts. The loss of the model is the sum of all, each times its weight; logs have them without it.
   *
   * @param weights one an output, or one for all
   * @return another description
   */
  public Objectives lossWeights(double... weights) {
    return lossWeights(Require.given(weights, "the weights of losses").length == 1 ? PerOutput.all(weights[0])
        : PerOutput.each(Arrays.stream(weights).boxed().toList()));
  }

  /**
   * Sets how much each loss counts.
   *
   * @param weights by the names of all outputs
   * @return another description
   */
  public Objectives lossWeights(Map<String, Double> weights) {
    return lossWeights(PerOutput.named(weights));
  }

  private Objectives metrics(PerOutput<List<Metric>> watched) {
    return new Objectives(losses, lossWeights, watched, weightedMetrics);
  }

  /**
   * Sets what is watched at every output. Sample weights do not count.
   *
   * @param watched the metrics, none by default
   * @return another description
   */
  public Objectives metrics(Metric... watched) {
    return metrics(PerOutput.all(List.of(Require.all(watched, "the metrics"))));
  }

  /**
   * Sets what is watched at each output. Sample weights do not count.
   *
   * @param watched metrics, one list an output
   * @return another description
   */
  public Objectives metrics(List<List<Metric>> watched) {
    return metrics(PerOutput.each(watched));
  }

  /**
   * Sets what is watched at each output. Sample weights do not count.
   *
   * @param watched metrics by the names of outputs; nothing is watched at those that are not named
   * @return another description
   */
  public Objectives metrics(Map<String, List<Metric>> watched) {
    return metrics(PerOutput.named(watched));
  }

  private Objectives weightedMetrics(PerOutput<List<Metric>> watched) {
    return new Objectives(losses, lossWeights, metrics, watched);
  }

  /**
   * Sets what is watched at every output with sample weights: {@code sum(weight * value) / sum(weight)}.
   *
   * @param watched the metrics, none by default
   * @return another description
   */
  public Objectives weightedMetrics(Metric... watched) {
    return weightedMetrics(PerOutput.all(List.of(Require.all(watched, "the metrics"))));
  }

  /**
   * Sets what is watched at each output with sample weights.
   *
   * @param watched metrics, one list an output
   * @return another description
   */
  public Objectives weightedMetrics(List<List<Metric>> watched) {
    return weightedMetrics(PerOutput.each(watched));
  }

  /**
   * Sets what is watched at each output with sample weights.
   *
   * @param watched metrics by the names of outputs; nothing is watched at those that are not named
   * @return another description
   */
  public Objectives weightedMetrics(Map<String, List<Metric>> watched) {
    return weightedMetrics(PerOutput.named(watched));
  }

  /**
   * What is learned and watched at each output.
   *
   * @param outputs the names of the outputs
   * @return one an output
   * @throws RillException if lists are not as long, names are not theirs, a loss is not named, or nothing is learned at all
   */
  public List<Objective> at(List<String> outputs) {
    Require.all(outputs, "the names of outputs");
    List<Loss> loss = losses.at("losses", outputs, null);
    List<Double> weight = lossWeights.at("loss weights", outputs, null);
    List<List<Metric>> plain = metrics.at("metrics", outputs, List.of());
    List<List<Metric>> weighted = weightedMetrics.at("weighted metrics", outputs, List.of());
    List<Objective> all = new ArrayList<>();
    for (int o = 0; o < outputs.size(); o++) {
      all.add(new Objective(loss.get(o), weight.get(o), plain.get(o), weighted.get(o)));
    }
    if (all.stream().allMatch(objective -> objective.loss() == null)) {
      throw new RillException("expected a loss at one of the outputs " + outputs + " at least, got none");
    }
    return all;
  }

  /** Returns the losses and their weights. */
  @Override
  public String toString() {
    return "losses " + losses + ", weights " + lossWeights + ", metrics " + metrics + ", weighted metrics " + weightedMetrics;
  }
}
