package dev.rill.engine.ops;

/** What runs of one layer: at inference and, beside it, in training. One file a class of layers, registered in one place. */
public abstract class LayerOps {
  /** Nothing to set up. */
  protected LayerOps() {}

  /**
   * The layer at inference, packed from weights in their place.
   *
   * @param context where it stands
   * @return what runs
   */
  public abstract InferenceOp inference(OpContext context);

  /**
   * The layer in training.
   *
   * @param context where it stands
   * @return what runs
   */
  public abstract TrainingOp training(TrainingOpContext context);
}
