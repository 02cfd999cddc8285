package dev.rill.flink;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Require;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.core.fs.Path;

/**
 * Where a model is, and which one: what a job carries with it in place of weights. Task managers read it through Flink's file systems,
 * so that {@code s3://}, {@code hdfs://} and {@code file://} serve alike. A value.
 */
public final class ModelAddress implements Serializable {
  private static final long serialVersionUID = 1;

  private final String address;
  /** Fingerprint, or null for any. */
  private final Integer weights;
  private final Precision precision;

  private ModelAddress(String address, Integer weights, Precision precision) {
    this.address = Require.given(address, "the address of a model");
    this.weights = weights;
    this.precision = Require.given(precision, "the precision of a model");
  }

  /**
   * Whatever model is found there.
   *
   * @param address of a {@code .keras} archive or a legacy {@code .h5} model, as Flink's file systems understand it
   * @return an address that any weights fit
   */
  public static ModelAddress of(String address) {
    return new ModelAddress(address, null, Precision.FLOAT32);
  }

  /**
   * The model that is there now: reads it, and keeps its fingerprint, so that a task manager which finds another one later says so.
   *
   * @param address as for {@link #of}
   * @return an address that these weights fit
   * @throws IOException if it cannot be read
   */
  public static ModelAddress pinned(String address) throws IOException {
    return of(address).weights(of(address).load().weightsFingerprint());
  }

  /**
   * The same for some weights only.
   *
   * @param fingerprint {@link Network#weightsFingerprint()} of the model
   * @return a copy with this fingerprint
   */
  public ModelAddress weights(int fingerprint) {
    return new ModelAddress(address, fingerprint, precision);
  }

  /**
   * The same, its weights kept in other numbers, which are other weights.
   *
   * @param kept precision of the weights
   * @return a copy with this precision
   */
  public ModelAddress precision(Precision kept) {
    return new ModelAddress(address, weights, kept);
  }

  /**
   * Where it is.
   *
   * @return the address, as it was given
   */
  public String address() {
    return address;
  }

  /** A swap to this model, whose weights are known. */
  ModelSwap swap(int fingerprint, Carry carry) {
    ModelSwap swap = new ModelSwap();
    swap.address = address;
    swap.weights = fingerprint;
    swap.precision = precision;
    swap.carry = carry;
    return swap;
  }

  /**
   * Reads the model.
   *
   * @return a network of its own
   * @throws IOException if it cannot be read
   * @throws StateException if its weights are not those that were named
   * @throws dev.rill.tensor.RillException if it is no model that Rill knows
   */
  public Network load() throws IOException {
    Path path = new Path(address);
    Network network;
    try (InputStream stream = path.getFileSystem().open(path)) {
      network = Network.load(stream.readAllBytes(), precision);
    }
    if (weights != null && weights != network.weightsFingerprint()) {
      throw new StateException("the model at " + address + " has weights " + Integer.toHexString(network.weightsFingerprint())
          + ", expected " + Integer.toHexString(weights) + ": it has been replaced; give each model an address of its own");
    }
    return network;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelAddress that && address.equals(that.address) && Objects.equals(weights, that.weights)
        && precision == that.precision;
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + Objects.hashCode(weights);
  }

  /** Returns address and fingerprint. */
  @Override
  public String toString() {
    return address + (weights == null ? "" : " of weights " + Integer.toHexString(weights));
  }
}
