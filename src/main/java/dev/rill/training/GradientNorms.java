package dev.rill.training;

import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Watches how much each layer learns: the Euclidean norm of its gradient, before it is clipped, and of what an update has changed,
 * as means over the batches of an epoch. Logs have them as {@code gradient_norm_LAYER} and {@code update_norm_LAYER}, for callbacks
 * that stand behind this one and for the history.
 *
 * <p>Says once a layer if gradients vanish (a layer's mean norm is less than a millionth of the largest layer's, or zero) or explode
 * (a norm is not finite, or more than a thousand). Costs two copies of the weights an update.
 */
public final class GradientNorms extends Callback {
  private static final String GRADIENT = "gradient_norm_";
  private static final String UPDATE = "update_norm_";

  private double vanishing = 1e-6;
  private double exploding = 1e3;
  private Consumer<String> warnings = text -> System.getLogger("dev.rill").log(System.Logger.Level.WARNING, text);
  private Trainable watched;
  private float[] gradient;
  private float[] before;
  private Map<String, List<Weights.Slice>> layers;
  private double[] gradients;
  private double[] updates;
  private int batches;
  private final List<String> told = new ArrayList<>();

  /** Creates a callback that warns in the log {@code dev.rill}. */
  public GradientNorms() {}

  /**
   * Sets when gradients count as vanishing or exploding.
   *
   * @param share of the largest layer's norm, 1e-6 by default
   * @param norm of a layer, 1,000 by default
   * @return this
   * @throws RillException if one is negative or NaN
   */
  public GradientNorms limits(double share, double norm) {
    if (!(share >= 0 && norm > 0)) {
      throw new RillException("expected a share of at least 0 and a norm above 0, got " + share + " and " + norm);
    }
    vanishing = share;
    exploding = norm;
    return this;
  }

  /**
   * Sets who is warned.
   *
   * @param listener is given one sentence, on the thread of {@code fit}
   * @return this
   */
  public GradientNorms warnings(Consumer<String> listener) {
    warnings = Require.given(listener, "who is warned");
    return this;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    watched = run.trainee();
    gradient = watched.watchGradient();
    layers = new LinkedHashMap<>();
    for (Weights.Slice slice : run.trainee().trained()) {
      layers.computeIfAbsent(slice.layer(), layer -> new ArrayList<>()).add(slice);
    }
    told.clear();
  }

  @Override
  protected void release() {
    if (watched != null) {
      watched.ignoreGradient();
    }
    watched = null;
    gradient = null;
    before = null;
  }

  @Override
  public void onEpochBegin(FitContext run) {
    gradients = new double[layers.size()];
    updates = new double[layers.size()];
    batches = 0;
  }

  @Override
  public void onTrainBatchBegin(FitContext run) {
    before = run.trainee().weights();
  }

  @Override
  public void onTrainBatchEnd(FitContext run, Logs logs) {
    float[] after = run.trainee().weights();
    int at = 0;
    for (Map.Entry<String, List<Weights.Slice>> layer : layers.entrySet()) {
      double squares = 0;
      double changes = 0;
      for (Weights.Slice slice : layer.getValue()) {
        for (int i = slice.at(); i < slice.at() + slice.size(); i++) {
          double change = (double) after[i] - before[i];
          squares += (double) gradient[i] * gradient[i];
          changes += change * change;
        }
      }
      double norm = Math.sqrt(squares);
      gradients[at] += norm;
      updates[at++] += Math.sqrt(changes);
      if (!(norm <= exploding)) {
        tell(layer.getKey(), "explode: their norm is " + norm + " in batch " + run.batch() + " of epoch " + run.epoch()
            + "; clipnorm or global_clipnorm of the optimizer, or a lower learning rate, may help");
      }
    }
    batches++;
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    double largest = 0;
    for (double sum : gradients) {
      largest = Math.max(largest, sum);
    }
    int at = 0;
    for (String layer : layers.keySet()) {
      logs.put(GRADIENT + layer, gradients[at] / batches).put(UPDATE + layer, updates[at] / batches);
      if (gradients[at] == 0 || gradients[at] < vanishing * largest) {
        tell(layer, "vanish: their norm is " + gradients[at] / batches + " in the mean of epoch " + run.epoch()
            + ", that of another layer " + largest / batches);
      }
      at++;
    }
  }

  private void tell(String layer, String what) {
    String key = layer + what.charAt(0);
    if (!told.contains(key)) {
      told.add(key);
      warnings.accept(PlainText.shown("gradients of layer " + layer + " " + what));
    }
  }
}
