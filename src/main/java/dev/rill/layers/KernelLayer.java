package dev.rill.layers;

import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import dev.rill.variables.VariableRules;

/**
 * What all layers with a kernel and a bias have in common: how these start, what the loss takes for them, what they are held to,
 * and whether they are trained at all. Nothing of it changes what loaded weights compute.
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class KernelLayer<T extends KernelLayer<T>> extends Layer {
  final KernelRules rules;

  KernelLayer(String name, KernelRules rules) {
    super(name);
    this.rules = rules;
  }

  /** The same layer with other rules. */
  abstract T with(KernelRules changed);

  /**
   * The rules of the kernel.
   *
   * @return by default it starts Glorot uniform, without regularizer and constraint
   */
  public final VariableRules kernelRules() {
    return rules.kernel();
  }

  /**
   * The rules of the bias.
   *
   * @return by default it starts at zero, without regularizer and constraint
   */
  public final VariableRules biasRules() {
    return rules.bias();
  }

  @Override
  final Layer withoutActivity() {
    return rules.activity() == null ? this : with(rules.activity(null));
  }

  @Override
  public final Regularizer activityRegularizer() {
    return rules.activity();
  }

  @Override
  public final boolean trainable() {
    return rules.trainable();
  }

  /**
   * Sets how the kernel starts.
   *
   * @param initializer Glorot uniform by default
   * @return another description
   */
  public final T kernelInitializer(Initializer initializer) {
    return with(rules.kernel(rules.kernel().with(initializer)));
  }

  /**
   * Sets how the bias starts.
   *
   * @param initializer zeros by default
   * @return another description
   */
  public final T biasInitializer(Initializer initializer) {
    return with(rules.bias(rules.bias().with(initializer)));
  }

  /**
   * Sets what the loss takes for the kernel.
   *
   * @param regularizer null, the default, for nothing
   * @return another description
   */
  public final T kernelRegularizer(Regularizer regularizer) {
    return with(rules.kernel(rules.kernel().with(regularizer)));
  }

  /**
   * Sets what the loss takes for the bias.
   *
   * @param regularizer null, the default, for nothing
   * @return another description
   */
  public final T biasRegularizer(Regularizer regularizer) {
    return with(rules.bias(rules.bias().with(regularizer)));
  }

  /**
   * Sets what the loss takes for the layer's outputs.
   *
   * @param regularizer null, the default, for nothing
   * @return another description
   */
  public final T activityRegularizer(Regularizer regularizer) {
    return with(rules.activity(regularizer));
  }

  /**
   * Sets what the kernel is held to.
   *
   * @param constraint null, the default, for nothing
   * @return another description
   */
  public final T kernelConstraint(Constraint constraint) {
    return with(rules.kernel(rules.kernel().with(constraint)));
  }

  /**
   * Sets what the bias is held to.
   *
   * @param constraint null, the default, for nothing
   * @return another description
   */
  public final T biasConstraint(Constraint constraint) {
    return with(rules.bias(rules.bias().with(constraint)));
  }

  /**
   * Sets whether training changes the layer.
   *
   * @param change true by default
   * @return another description
   */
  public final T trainable(boolean change) {
    return with(rules.trainable(change));
  }
}
