package dev.rill.training;

import dev.rill.tensor.Memory;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How gradients change weights. Immutable: what an optimizer remembers is an {@link OptimizerState}. Formulas, their order and
 * their rounding to float32 are Keras'; before its own rule each clips the gradient and takes a decoupled share off the
 * weights, as Keras' {@code Optimizer.apply} does.
 */
public abstract class Optimizer implements Cloneable {
  private final String className;
  private final double learningRate;
  private Schedule schedule;
  private double weightDecay;
  private double clipValue;
  private double clipNorm;
  private double globalClipNorm;

  Optimizer(String className, double learningRate, double weightDecay) {
    this.className = className;
    this.learningRate = notNegative("a learning rate", learningRate);
    this.weightDecay = notNegative("a weight decay", weightDecay);
  }

  static double notNegative(String what, double value) {
    if (!(value >= 0)) {
      throw new RillException("expected " + what + " of at least 0, got " + value);
    }
    return value;
  }

  /** Checks a coefficient of a running mean. */
  static double share(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new RillException("expected " + what + " from 0 to 1, got " + value);
    }
    return value;
  }

  /**
   * The name of the class in Keras, under which a file has it.
   *
   * @return such as {@code AdamW}
   */
  public final String className() {
    return className;
  }

  /**
   * The name that Keras gives an instance, under which a file has its variables.
   *
   * @return such as {@code adam_w}; {@code rm_sprop} for RMSprop
   */
  public final String kerasName() {
    return className.replaceAll("([a-z])([A-Z])|([A-Z]+)([A-Z][a-z])", "$1$3_$2$4").toLowerCase(Locale.ROOT);
  }

  /**
   * The rate at the beginning.
   *
   * @return the rate; it does not count where there is a {@link #schedule()}
   */
  public final double learningRate() {
    return learningRate;
  }

  /**
   * What gives the rate.
   *
   * @return the schedule, null if there is none
   */
  public final Schedule schedule() {
    return schedule;
  }

  /**
   * The share of every weight that is taken off before an update.
   *
   * @return 0 if none is
   */
  public final double weightDecay() {
    return weightDecay;
  }

  /**
   * The largest absolute value of an element of the gradient.
   *
   * @return 0 if none is set
   */
  public final double clipValue() {
    return clipValue;
  }

  /**
   * The largest norm of a variable's gradient.
   *
   * @return 0 if none is set
   */
  public final double clipNorm() {
    return clipNorm;
  }

  /**
   * The largest norm of the gradient of all variables together.
   *
   * @return 0 if none is set
   */
  public final double globalClipNorm() {
    return globalClipNorm;
  }

  final Optimizer copy() {
    try {
      return (Optimizer) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Lets the learning rate follow a schedule.
   *
   * @param rates the rate of each update
   * @return another description
   */
  public final Optimizer schedule(Schedule rates) {
    Optimizer changed = copy();
    changed.schedule = rates;
    return changed;
  }

  /**
   * Takes a share of every weight off before each update (Loshchilov and Hutter 2019): {@code w -= w decay rate}.
   *
   * @param decay 0 by default, 0.004 for AdamW
   * @return another description
   * @throws RillException if it is below 0
   */
  public final Optimizer weightDecay(double decay) {
    Optimizer changed = copy();
    changed.weightDecay = notNegative("a weight decay", decay);
    return changed;
  }

  /**
   * Clips each element of the gradient.
   *
   * @param limit largest absolute value; 0 for none, the default
   * @return another description
   * @throws RillException if the limit is below 0 or another one is set
   */
  public final Optimizer clipValue(double limit) {
    Optimizer changed = copy();
    changed.clipValue = notNegative("a limit", limit);
    return changed.checked();
  }

  /**
   * Scales each variable's gradient down to a norm.
   *
   * @param limit largest norm; 0 for none, the default
   * @return another description
   * @throws RillException if the limit is below 0 or another one is set
   */
  public final Optimizer clipNorm(double limit) {
    Optimizer changed = copy();
    changed.clipNorm = notNegative("a limit", limit);
    return changed.checked();
  }

  /**
   * Scales the gradient of all variables together down to a norm. A norm that is not finite makes every weight NaN.
   *
   * @param limit largest norm; 0 for none, the default
   * @return another description
   * @throws RillException if the limit is below 0 or another one is set
   */
  public final Optimizer globalClipNorm(double limit) {
    Optimizer changed = copy();
    changed.globalClipNorm = notNegative("a limit", limit);
    return changed.checked();
  }

  private Optimizer checked() {
    if ((clipValue > 0 ? 1 : 0) + (clipNorm > 0 ? 1 : 0) + (globalClipNorm > 0 ? 1 : 0) > 1) {
      throw new RillException("expected at most one of clipValue, clipNorm and globalClipNorm, got " + clipValue + ", "
          + clipNorm + " and " + globalClipNorm + ": set the others to 0");
    }
    return this;
  }

  /**
   * What it remembers a weight, by Keras' names.
   *
   * @return such as momentum and velocity
   */
  public abstract List<String> slots();

  /**
   * How many of the first slots a file lists one variable after the other; the rest comes one slot after the other.
   *
   * @return 2 for Adam's momentum and velocity
   */
  public int interleaved() {
    return 1;
  }

  /** Value that a slot starts at. */
  float initial(int slot) {
    return 0;
  }

  /** The rule, for weights {@code from} to {@code to}. */
  abstract void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to);

  /** The root of a mean square, kept from 0 by epsilon: under it as in Keras 3, or beside it as in Keras 1 and 2. */
  static float root(float square, float epsilon, boolean outside) {
    return outside ? (float) Math.sqrt(square) + epsilon : (float) Math.sqrt(square + epsilon);
  }

  /** What is done once an update, before the rule. */
  void prepare(OptimizerState s) {}

  /**
   * The state before the first update.
   *
   * @param size number of weights
   * @return a new state
   */
  public final OptimizerState state(int size) {
    float[][] values = new float[slots().size()][];
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] = Memory.floats(size, "the state of an optimizer");
      Arrays.fill(values[slot], initial(slot));
    }
    return new OptimizerState(values, learningRate, schedule);
  }

  /**
   * Begins an update: asks for the learning rate, and clips the gradient. {@link #apply} follows for all weights, then
   * {@link OptimizerState#advance}, and what holds weights to a constraint.
   *
   * @param s what the updates before have left
   * @param g gradient of all weights; clipped in place
   * @param trainable the variables to change, in order
   * @return the learning rate of this update
   */
  final float begin(OptimizerState s, float[] g, List<Weights.Slice> trainable) {
    float rate = (float) s.learningRate();
    clip(g, trainable);
    prepare(s);
    return rate;
  }

  /**
   * Updates some neighbouring weights: decays, and follows the rule. What becomes of one does not depend on the others.
   *
   * @param s what the updates before have left
   * @param rate what {@link #begin} has returned
   * @param w all weights
   * @param g their gradient
   * @param trainable the variables to change, in order
   * @param first the first weight that may be changed
   * @param end the one behind the last
   */
  final void apply(OptimizerState s, float rate, float[] w, float[] g, List<Weights.Slice> trainable, int first, int end) {
    for (int i = 0; i < trainable.size(); ) {
      // Neighbouring variables are one pass.
      int at = trainable.get(i).at();
      int behind = at;
      for (; i < trainable.size() && trainable.get(i).at() == behind; i++) {
        behind += trainable.get(i).size();
      }
      int from = Math.max(at, first);
      int to = Math.min(behind, end);
      if (weightDecay > 0) {
        float decay = (float) weightDecay;
        for (int j = from; j < to; j++) {
          w[j] -= w[j] * decay * rate;
        }
      }
      update(s, rate, w, g, from, to);
    }
  }

  private void clip(float[] g, List<Weights.Slice> trainable) {
    if (clipValue > 0) {
      float limit = (float) clipValue;
      for (int i = 0; i < trainable.size(); i++) {
        int to = trainable.get(i).at() + trainable.get(i).size();
        for (int j = trainable.get(i).at(); j < to; j++) {
          g[j] = g[j] < -limit ? -limit : g[j] > limit ? limit : g[j];
        }
      }
    } else if (clipNorm > 0) {
      for (int i = 0; i < trainable.size(); i++) {
        Weights.Slice slice = trainable.get(i);
        float norm = (float) Math.sqrt(squares(g, slice));
        // Keras multiplies, then divides: two roundings.
        float limit = (float) clipNorm;
        float most = Math.max(norm, limit);
        for (int j = slice.at(); j < slice.at() + slice.size(); j++) {
          g[j] = g[j] * limit / most;
        }
      }
    } else if (globalClipNorm > 0) {
      double sum = 0;
      for (int i = 0; i < trainable.size(); i++) {
        sum += squares(g, trainable.get(i));
      }
      float norm = (float) Math.sqrt(sum);
      float limit = (float) globalClipNorm;
      // The difference is 0, or NaN if the norm is not finite.
      float factor = limit * Math.min(1 / norm, 1 / limit) + (norm - norm);
      for (int i = 0; i < trainable.size(); i++) {
        Weights.Slice slice = trainable.get(i);
        for (int j = slice.at(); j < slice.at() + slice.size(); j++) {
          g[j] *= factor;
        }
      }
    }
  }

  private static double squares(float[] g, Weights.Slice slice) {
    double sum = 0;
    for (int j = slice.at(); j < slice.at() + slice.size(); j++) {
      sum += (double) g[j] * g[j];
    }
    return sum;
  }

  /**
   * Finds an optimizer by its name in Keras.
   *
   * @param name sgd, rmsprop, adam, adamw, nadam or adagrad, in any case
   * @return the optimizer with Keras' defaults
   * @throws UnsupportedException if there is none of this name
   */
  public static Optimizer named(String name) {
    switch (Require.given(name, "the name of an optimizer").toLowerCase(Locale.ROOT)) {
      case "sgd":
        return new SGD();
      case "rmsprop":
        return new RMSprop();
      case "adam":
        return new Adam();
      case "adamw":
        return new AdamW();
      case "nadam":
        return new Nadam();
      case "adagrad":
        return new Adagrad();
      default:
        throw new UnsupportedException("optimizer " + name + " is not supported; supported are sgd, rmsprop, adam, adamw, "
            + "nadam and adagrad");
    }
  }

  /** Returns its class and rate. */
  @Override
  public String toString() {
    return className + ", learning rate " + (schedule == null ? learningRate : schedule);
  }
}
