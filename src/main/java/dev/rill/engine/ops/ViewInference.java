package dev.rill.engine.ops;

/** Gives its input as it lies, seen in another way: nothing is copied. */
abstract class ViewInference extends InferenceOp {
  ViewInference(OpContext context) {
    super(context);
  }

  @Override
  public final long scratchFloats(Capacity capacity) {
    return 0;
  }

  @Override
  public final Object scratch(Capacity capacity) {
    return null;
  }
}
