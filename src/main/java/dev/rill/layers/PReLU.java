package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.Arrays;
import java.util.List;

/**
 * The rectified linear unit with a slope that is trained (He 2015): {@code x} above 0, {@code alpha x} below.
 *
 * <p>Variables: alpha, with one element for each number of a row. Axes may share it, so that it has the size 1 there: on sequences
 * {@code sharedAxes(1)} gives one slope for each feature, which a stream needs, since it has no last step.
 */
public final class PReLU extends Layer {
  private final VariableRules alpha;
  private final int[] sharedAxes;
  private final boolean trainable;

  /** Describes one whose alpha starts at zero and is shared by no axis. */
  public PReLU() {
    this(null, VariableRules.startingAs(Initializer.zeros()), new int[0], true);
  }

  private PReLU(String name, VariableRules alpha, int[] sharedAxes, boolean trainable) {
    super(name);
    this.alpha = alpha;
    this.sharedAxes = sharedAxes;
    this.trainable = trainable;
    for (int axis : sharedAxes) {
      if (axis < 1) {
        throw new ShapeException("layer " + label() + ": expected shared axes from 1, the first behind the batch, got "
            + Arrays.toString(sharedAxes));
      }
    }
  }

  /**
   * The rules of alpha.
   *
   * @return by default it starts at zero
   */
  public VariableRules alphaRules() {
    return alpha;
  }

  /**
   * The axes that share alpha.
   *
   * @return a copy, empty by default
   */
  public int[] sharedAxes() {
    return sharedAxes.clone();
  }

  /**
   * A copy with other rules of alpha.
   *
   * @param initializer zeros by default
   * @param regularizer null, the default, for nothing
   * @param constraint null, the default, for nothing
   * @return the layer
   */
  public PReLU alpha(Initializer initializer, Regularizer regularizer, Constraint constraint) {
    return new PReLU(name(), new VariableRules(initializer, regularizer, constraint), sharedAxes, trainable);
  }

  /**
   * A copy with other axes that share alpha.
   *
   * @param axes numbers of axes, from 1
   * @return the layer
   * @throws ShapeException if one is below 1
   */
  public PReLU sharedAxes(int... axes) {
    return new PReLU(name(), alpha, Require.given(axes, "the shared axes").clone(), trainable);
  }

  /**
   * A copy that is trained, or not.
   *
   * @param change true by default
   * @return the layer
   */
  public PReLU trainable(boolean change) {
    return new PReLU(name(), alpha, sharedAxes, change);
  }

  @Override
  public boolean trainable() {
    return trainable;
  }

  @Override
  public PReLU named(String name) {
    return new PReLU(name, alpha, sharedAxes, trainable);
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    int[] input = only(inputs).toArray();
    if (input.length < 2) {
      throw misfit("at least one axis behind the batch", only(inputs));
    }
    int[] sizes = Arrays.copyOfRange(input, 1, input.length);
    for (int axis : sharedAxes) {
      if (axis > sizes.length) {
        throw misfit("at least " + (axis + 1) + " axes, as axis " + axis + " is shared", only(inputs));
      }
      sizes[axis - 1] = 1;
    }
    for (int size : sizes) {
      if (size == Shape.UNKNOWN) {
        throw misfit("known sizes of the axes that do not share alpha (sharedAxes(1) shares it over time)", only(inputs));
      }
    }
    return List.of(new Variable("alpha", Shape.of(sizes), alpha));
  }

  @Override
  public String needsWholeTime(List<Shape> inputs) {
    return only(inputs).rank() < 3 || variables(inputs).get(0).shape().axis(0) == 1 ? null
        : "has a slope for each time step, and a stream has no last one; sharedAxes(1) shares it";
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    variables(inputs);
    return List.of(input);
  }
}
