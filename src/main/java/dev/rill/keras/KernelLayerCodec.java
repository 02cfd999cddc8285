package dev.rill.keras;

import dev.rill.layers.KernelLayer;

/** What the configurations of all layers with a kernel and a bias have in common. */
interface KernelLayerCodec<L extends KernelLayer<L>> extends LayerCodec<L> {
  /** A layer with the rules of its kernel and its bias. */
  default L rules(L layer, LayerConfig config) {
    return layer.kernelInitializer(config.initializer("kernel_initializer", layer.kernelRules().initializer()))
        .biasInitializer(config.initializer("bias_initializer", layer.biasRules().initializer()))
        .kernelRegularizer(config.regularizer("kernel_regularizer"))
        .biasRegularizer(config.regularizer("bias_regularizer"))
        .activityRegularizer(config.regularizer("activity_regularizer"))
        .kernelConstraint(config.constraint("kernel_constraint"))
        .biasConstraint(config.constraint("bias_constraint"))
        .trainable(config.bool("trainable", true));
  }

  @Override
  default boolean readsActivityRegularizer() {
    return true;
  }
}
