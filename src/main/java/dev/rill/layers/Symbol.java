package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor that does not exist yet: the output of a layer applied to other symbols. A model is made of the symbols it
 * starts and ends with.
 */
public final class Symbol {
  /** One application of a layer. */
  record Call(Layer layer, List<Symbol> inputs, List<Symbol> initialState, List<Shape> outputs) {
    List<Symbol> parents() {
      List<Symbol> all = new ArrayList<>(inputs);
      all.addAll(initialState);
      return all;
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

  static List<Symbol> call(Layer layer, List<Symbol> inputs, List<Symbol> initialState) {
    List<Shape> states = new ArrayList<>();
    for (Symbol state : initialState) {
      states.add(state.shape());
    }
    List<Shape> outputs = layer.outputs(inputs.isEmpty() ? null : inputs.get(0).shape(), states);
    Call call = new Call(layer, inputs, initialState, outputs);
    List<Symbol> symbols = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      symbols.add(new Symbol(call, i));
    }
    return List.copyOf(symbols);
  }

  /**
   * The shape, batch axis included.
   *
   * @return sizes; the batch, and the time of a sequence, may be unknown
   */
  public Shape shape() {
    return call.outputs().get(output);
  }

  Call producer() {
    return call;
  }

  int output() {
    return output;
  }
}
