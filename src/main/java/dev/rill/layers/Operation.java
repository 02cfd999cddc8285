package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * One operation on the way to a mask, as Keras' functional models list it among their layers. Nothing runs it here: a layer that
 * applies a mask knows what the mask tests. But it decides in which order Keras lists the layers, and files hold it.
 */
public final class Operation implements Step {
  private final String className;
  private final List<Symbol> symbols;
  private final List<Operation> operations;
  private final double number;
  private final Shape shape;

  private Operation(String className, List<Symbol> symbols, List<Operation> operations, double number, Shape shape) {
    this.className = className;
    this.symbols = symbols;
    this.operations = operations;
    this.number = number;
    this.shape = shape;
  }

  private static Operation of(String className, Symbol read) {
    return new Operation(className, List.of(read), List.of(), 0, read.shape());
  }

  /** Where a symbol is not a value: for ids the mask itself, else to be reduced over features. */
  static Operation notEqual(Symbol read, double value) {
    Operation test = new Operation("NotEqual", List.of(read), List.of(), value, read.shape());
    return read.shape().rank() == 2 ? test : any(test);
  }

  private static Operation any(Operation read) {
    return new Operation("Any", List.of(), List.of(read), -1, Shape.of(read.shape.axis(0), read.shape.axis(1)));
  }

  /**
   * The masks of several inputs, each spread over its input's features, joined like these and reduced over all of them; null if one
   * is unlisted.
   */
  static Operation join(List<Symbol> inputs, int axis) {
    List<Operation> spread = new ArrayList<>();
    Shape joined = inputs.get(0).shape();
    int along = axis < 0 ? axis + joined.rank() : axis;
    long size = 0;
    for (Symbol input : inputs) {
      if (input.mask() != null && input.mask().operation() == null) {
        return null;
      }
      spread.add(input.mask() == null ? of("OnesLike", input) : spread(input.mask().operation(), input));
      size = size < 0 || input.shape().axis(along) == Shape.UNKNOWN ? Shape.UNKNOWN : size + input.shape().axis(along);
    }
    return any(new Operation("Concatenate", List.of(), List.copyOf(spread), axis, joined.with(along, (int) size)));
  }

  /** Where one of two masks counts; null if one of them is unlisted. */
  static Operation or(Operation a, Operation b) {
    return a == null || b == null ? null : new Operation("LogicalOr", List.of(), List.of(a, b), 0, a.shape);
  }

  private static Operation spread(Operation mask, Symbol input) {
    Shape column = Shape.of(mask.shape.axis(0), mask.shape.axis(1), 1);
    Operation expanded = new Operation("ExpandDims", List.of(), List.of(mask), -1, column);
    return new Operation("LogicalOr", List.of(), List.of(expanded, of("ZerosLike", input)), 0, input.shape());
  }

  /**
   * The name of its class in Keras.
   *
   * @return such as {@code NotEqual}
   */
  public String className() {
    return className;
  }

  /**
   * What it reads of the model's tensors.
   *
   * @return symbols, empty if it reads other operations
   */
  public List<Symbol> symbols() {
    return symbols;
  }

  /**
   * What it reads of other operations.
   *
   * @return operations, empty if it reads symbols
   */
  public List<Operation> operations() {
    return operations;
  }

  /**
   * Its number, if it has one.
   *
   * @return the value of NotEqual, the axis of Any, ExpandDims and Concatenate, else 0
   */
  public double number() {
    return number;
  }

  /**
   * The shape of what it gives.
   *
   * @return batch axis included
   */
  public Shape shape() {
    return shape;
  }

  // The interface is this package's own, and so are its methods: nobody else calls them.
  @SuppressWarnings("exports")
  @Override
  public List<Step> parents() {
    List<Step> parents = new ArrayList<>(operations);
    for (Symbol symbol : symbols) {
      parents.add(symbol.producer());
    }
    return parents;
  }

  @Override
  public Object owner() {
    return this;
  }

  /** Returns the class in Keras and the shape. */
  @Override
  public String toString() {
    return className + " " + shape;
  }
}
