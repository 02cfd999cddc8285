package dev.rill.layers;

/**
 * The largest value of a sequence, feature by feature; NaN if one is NaN. Steps that are masked count as well, as in Keras. All
 * steps that have it share its gradient.
 */
public final class GlobalMaxPooling1D extends GlobalPooling1D<GlobalMaxPooling1D> {
  /** Describes a pooling without a time axis behind it. */
  public GlobalMaxPooling1D() {
    this(null, false);
  }

  private GlobalMaxPooling1D(String name, boolean keepDims) {
    super(name, keepDims);
  }

  @Override
  public boolean largest() {
    return true;
  }

  @Override
  GlobalMaxPooling1D with(String name, boolean keep) {
    return new GlobalMaxPooling1D(name, keep);
  }
}
