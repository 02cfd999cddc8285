package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A tensor that does not exist yet: the output of a layer applied to other symbols. A model is made of the symbols it
 * starts and ends with.
 */
public final class Symbol {
  private static final AtomicLong MADE = new AtomicLong();

  /**
   * One application of a layer; {@code appliedMasks} are those of its inputs that it is handed, {@code masks} those of its outputs,
   * null for none;
   * {@code parts} are the same outputs as the layers that it is made of give them, empty for a layer that runs itself; {@code made}
   * tells which of two was made before the other.
   */
  record Call(Layer layer, List<Symbol> inputs, List<Symbol> initialState, List<Mask> appliedMasks, List<Shape> outputs, List<Mask> masks,
      List<Symbol> parts, long made) implements Step {
    /** The mask that it applies to its first input, or null. */
    Mask appliedMask() {
      return appliedMasks.isEmpty() ? null : appliedMasks.get(0);
    }

    /** The mask of the first output, or null. */
    Mask mask() {
      return masks.get(0);
    }

    @Override
    public List<Step> parents() {
      List<Step> all = new ArrayList<>();
      for (Symbol input : inputs) {
        all.add(input.producer());
      }
      for (Symbol state : initialState) {
        all.add(state.producer());
      }
      for (Mask mask : appliedMasks) {
        if (mask != null && mask.operation() != null) {
          all.add(mask.operation());
        }
      }
      return all;
    }

    @Override
    public Object owner() {
      return layer;
    }

    // Two applications are two, even of one layer to the same input.
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final Call call;
  private final int output;

  private Symbol(Call call, int output) {
    this.call = call;
    this.output = output;
  }

  static List<Symbol> call(Layer layer, List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    Require.all(inputs, "the inputs of a layer");
    Require.all(initialState, "the initial states of a layer");
    List<Symbol> parts = layer.unfold(inputs, initialState, useMask);
    List<Shape> outputs = parts.isEmpty() ? layer.outputs(shapes(inputs), shapes(initialState)) : shapes(parts);
    List<Mask> masks = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      masks.add(layer.mask(inputs, parts, i));
    }
    List<Mask> appliedMasks = new ArrayList<>();
    for (Symbol input : useMask && layer.takesMask() ? inputs : List.<Symbol>of()) {
      appliedMasks.add(input.mask());
    }
    Call call = new Call(layer, List.copyOf(inputs), List.copyOf(initialState), appliedMasks, outputs, masks, parts,
        MADE.getAndIncrement());
    List<Symbol> symbols = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      symbols.add(new Symbol(call, i));
    }
    return List.copyOf(symbols);
  }

  private static List<Shape> shapes(List<Symbol> symbols) {
    List<Shape> shapes = new ArrayList<>();
    for (Symbol symbol : symbols) {
      shapes.add(symbol.shape());
    }
    return shapes;
  }

  /**
   * The shape, batch axis included.
   *
   * @return sizes; the batch, and the time of a sequence, may be unknown
   */
  public Shape shape() {
    return call.outputs().get(output);
  }

  /**
   * Which steps count.
   *
   * @return the mask, or null if there is none
   */
  public Mask mask() {
    return call.masks().get(output);
  }

  Call producer() {
    return call;
  }

  int output() {
    return output;
  }

  /** Returns the layer that gives it and its shape. */
  @Override
  public String toString() {
    return call.layer().label() + ", output " + output + ", " + shape();
  }
}
