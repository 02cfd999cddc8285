package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.variables.Initializer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.Arrays;
import java.util.List;

/**
 * Brings features to mean 0 and variance 1 by figures that are known before training, as Keras' preprocessing layer does:
 * {@code (x - mean) / max(sqrt(variance), 1e-7)}, or the way back, {@code mean + x max(sqrt(variance), 1e-7)}.
 *
 * <p>The figures are given here, or they are variables that Keras' {@code adapt} has filled and a file holds: mean, variance and an
 * unused count, none of them trained.
 */
public final class Normalization extends Layer {
  private static final VariableRules ZEROS = VariableRules.startingAs(Initializer.zeros());
  private static final VariableRules ONES = VariableRules.startingAs(Initializer.ones());

  private final int[] axes;
  private final Figures mean;
  private final Figures variance;
  private final boolean invert;
  private final boolean trainable;

  /** Figures of the given axes, or of the last of them; one figure may stand for all. */
  private record Figures(double[] values, int[] shape) {}

  /** Describes one with a mean and a variance for each feature of the last axis, which start at 0 and 1. */
  public Normalization() {
    this(null, new int[] {-1}, null, null, false, true);
  }

  private Normalization(String name, int[] axes, Figures mean, Figures variance, boolean invert, boolean trainable) {
    super(name);
    this.axes = axes;
    this.mean = mean;
    this.variance = variance;
    this.invert = invert;
    this.trainable = trainable;
  }

  /**
   * The axes whose elements have figures of their own.
   *
   * @return a copy, −1 alone by default
   */
  public int[] axes() {
    return axes.clone();
  }

  /**
   * Whether it goes the way back.
   *
   * @return false by default
   */
  public boolean invert() {
    return invert;
  }

  /**
   * Whether mean and variance are given here.
   *
   * @return false, the default, if they are variables
   */
  public boolean given() {
    return mean != null;
  }

  /**
   * A mean that was given.
   *
   * @param index its number, in row-major order
   * @return the mean
   */
  public double mean(int index) {
    return figure(mean, index);
  }

  /**
   * A variance that was given.
   *
   * @param index its number, in row-major order
   * @return the variance
   */
  public double variance(int index) {
    return figure(variance, index);
  }

  private double figure(Figures figures, int index) {
    if (figures == null) {
      throw new RillException("layer " + label() + " has its figures in variables: see given()");
    }
    return figures.values[Require.index(index, figures.values.length, "figure")];
  }

  /**
   * The shape of the figures that were given.
   *
   * @return a copy, empty for one figure; null if they are variables
   */
  public int[] figuresShape() {
    return mean == null ? null : mean.shape.clone();
  }

  /**
   * A copy with other axes.
   *
   * @param kept axes whose elements have figures of their own
   * @return the layer
   */
  public Normalization axes(int... kept) {
    return new Normalization(name(), Require.given(kept, "the axes").clone(), mean, variance, invert, trainable);
  }

  /**
   * A copy with one mean and one variance in all.
   *
   * @return the layer
   */
  public Normalization overall() {
    return axes(new int[0]);
  }

  /**
   * A copy with given figures.
   *
   * @param means a figure for each element of the last of the axes, or one for all
   * @param variances as many
   * @return the layer
   * @throws RillException if there are not equally many
   */
  public Normalization figures(double[] means, double[] variances) {
    return figures(means, variances, Require.given(means, "the means").length == 1 ? new int[0] : new int[] {means.length});
  }

  /**
   * A copy with given figures of some shape.
   *
   * @param means in row-major order
   * @param variances as many
   * @param shape their axes, the last ones of those that have figures of their own
   * @return the layer
   * @throws RillException if there are not as many as the shape says
   */
  public Normalization figures(double[] means, double[] variances, int[] shape) {
    int count = Shape.of(Require.given(shape, "the shape of the figures")).size();
    Require.given(means, "the means");
    Require.given(variances, "the variances");
    if (means.length != count || variances.length != count) {
      throw new RillException("layer " + label() + ": expected a mean and a variance for each element of " + Shape.of(shape)
          + ", got " + means.length + " and " + variances.length);
    }
    return new Normalization(name(), axes, new Figures(means.clone(), shape.clone()), new Figures(variances.clone(), shape.clone()), invert,
        trainable);
  }

  /**
   * A copy that goes the way back, or not.
   *
   * @param back false by default
   * @return the layer
   */
  public Normalization invert(boolean back) {
    return new Normalization(name(), axes, mean, variance, back, trainable);
  }

  /**
   * A copy that says it is trained, or not, which changes no number.
   *
   * @param change true by default
   * @return the layer
   */
  public Normalization trainable(boolean change) {
    return new Normalization(name(), axes, mean, variance, invert, change);
  }

  @Override
  public boolean trainable() {
    return trainable;
  }

  @Override
  public Normalization named(String name) {
    return new Normalization(name, axes, mean, variance, invert, trainable);
  }

  /**
   * The axes of the figures, spread over all axes of a row.
   *
   * @param input batch axis included
   * @return as many axes as a row has, of size 1 where one figure serves all
   */
  public int[] spread(Shape input) {
    if (Require.given(input, "the shape that a layer reads").rank() < 2) {
      throw misfit("at least one axis behind the batch", input);
    }
    int[] sizes = new int[input.rank() - 1];
    Arrays.fill(sizes, 1);
    if (mean != null) {
      int[] kept = kept(input);
      for (int i = 0; i < mean.shape.length; i++) {
        int axis = kept.length - mean.shape.length + i;
        if (axis < 0) {
          throw misfit("as many axes as the " + mean.shape.length + " of its figures", input);
        }
        sizes[kept[axis] - 1] = mean.shape[i];
      }
    } else {
      for (int axis : kept(input)) {
        sizes[axis - 1] = input.axis(axis);
      }
    }
    return sizes;
  }

  private int[] kept(Shape input) {
    int[] kept = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      kept[i] = axes[i] < 0 ? axes[i] + input.rank() : axes[i];
      if (kept[i] < 1 || kept[i] >= input.rank() || input.axis(kept[i]) == Shape.UNKNOWN) {
        throw misfit("an axis " + axes[i] + " behind the batch, of known size", input);
      }
    }
    Arrays.sort(kept);
    for (int i = 1; i < kept.length; i++) {
      if (kept[i] == kept[i - 1]) {
        throw misfit("each axis once among " + Arrays.toString(axes), input);
      }
    }
    return kept;
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    if (mean != null) {
      return List.of();
    }
    int[] kept = kept(only(inputs));
    int[] sizes = new int[kept.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = only(inputs).axis(kept[i]);
    }
    Shape shape = Shape.of(sizes);
    return List.of(new Variable("mean", shape, ZEROS, false), new Variable("variance", shape, ONES, false),
        new Variable("count", Shape.of(), ZEROS, false));
  }

  @Override
  public boolean perStep() {
    // Other axes count from the batch, which within a step is one less away.
    return axes.length == 1 && axes[0] == -1;
  }

  @Override
  public String needsWholeTime(List<Shape> inputs) {
    return only(inputs).rank() < 3 || spread(only(inputs))[0] == 1 ? null : "has figures for each time step, and a stream has no last one";
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    int[] sizes = spread(input);
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] != 1 && sizes[i] != input.axis(i + 1)) {
        throw new ShapeException("layer " + label() + ": expected figures that fit " + input + ", got " + Arrays.toString(mean.shape));
      }
    }
    return List.of(input);
  }
}
