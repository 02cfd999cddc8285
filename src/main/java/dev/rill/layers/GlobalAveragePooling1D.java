package dev.rill.layers;

/** The mean of a sequence, feature by feature, over the steps that count; NaN, as in Keras, where none does. */
public final class GlobalAveragePooling1D extends GlobalPooling1D<GlobalAveragePooling1D> {
  /** Describes a pooling without a time axis behind it. */
  public GlobalAveragePooling1D() {
    this(null, false);
  }

  private GlobalAveragePooling1D(String name, boolean keepDims) {
    super(name, keepDims);
  }

  @Override
  public boolean largest() {
    return false;
  }

  @Override
  GlobalAveragePooling1D with(String name, boolean keep) {
    return new GlobalAveragePooling1D(name, keep);
  }

  @Override
  public boolean takesMask() {
    return true;
  }
}
