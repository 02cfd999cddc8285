package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.variables.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * Cells one above the other that step together, Keras' {@code RNN} of one cell or a list of them: at each step a cell reads the output
 * of the one below it. It computes what as many recurrent layers do that return sequences, the last one what is asked for here.
 *
 * <p>A cell is described by the recurrent layer that has it: units, activations, dropout and rules count; whether it returns
 * sequences or states, is stateful or goes backwards is an option of this layer. States follow the output cell by cell.
 */
public final class RNN extends Layer implements OverTime {
  /** What becomes of the cells' outputs and states. */
  private record Options(boolean returnSequences, boolean returnState, boolean goBackwards, boolean stateful,
      boolean zeroOutputForMask, boolean trainable, boolean stacked) {}

  private static final Options PLAIN = new Options(false, false, false, false, false, true, false);

  private final List<Recurrent<?>> cells;
  private final Options options;
  private final ReverseTime inOrder = new ReverseTime("in_order");

  /**
   * Describes some cells.
   *
   * @param cells at least one, from the one that reads the input
   * @throws RillException if there is none
   */
  public RNN(List<? extends Recurrent<?>> cells) {
    this(null, prepared(named(cells), PLAIN), PLAIN);
  }

  private RNN(String name, List<Recurrent<?>> cells, Options options) {
    super(name);
    this.options = options;
    if (cells.isEmpty()) {
      throw new RillException("layer " + label() + ": expected at least one cell");
    }
    this.cells = cells;
  }

  private static List<Recurrent<?>> named(List<? extends Recurrent<?>> cells) {
    Require.all(cells, "the cells");
    List<Recurrent<?>> named = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      String own = LayerNames.snakeCase(cells.get(i).className()) + "_cell" + (i == 0 ? "" : "_" + i);
      named.add(cells.get(i).name() == null ? cells.get(i).named(own) : cells.get(i));
    }
    return List.copyOf(named);
  }

  private RNN with(Options changed) {
    return new RNN(name(), prepared(cells, changed), changed);
  }

  /** The layers that the cells make. */
  private static List<Recurrent<?>> prepared(List<Recurrent<?>> cells, Options changed) {
    List<Recurrent<?>> own = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      boolean last = i == cells.size() - 1;
      own.add(cells.get(i).returnSequences(!last || changed.returnSequences).returnState(changed.returnState)
          .goBackwards(changed.goBackwards).stateful(changed.stateful)
          .zeroOutputForMask(last && changed.zeroOutputForMask));
    }
    return List.copyOf(own);
  }

  /**
   * The cells, as the recurrent layers that they make.
   *
   * @return from the one that reads the input
   */
  public List<Recurrent<?>> cells() {
    return cells;
  }

  /**
   * Whether every time step's output is returned rather than the last one's.
   *
   * @return false by default
   */
  @Override
  public boolean returnSequences() {
    return options.returnSequences;
  }

  /**
   * Whether the final states are returned behind the output.
   *
   * @return false by default
   */
  @Override
  public boolean returnState() {
    return options.returnState;
  }

  /**
   * Whether time runs from the last step to the first.
   *
   * @return false by default
   */
  @Override
  public boolean goBackwards() {
    return options.goBackwards;
  }

  @Override
  public boolean stateful() {
    return options.stateful;
  }

  /**
   * Whether a masked step's output is zeros rather than the output of the step before.
   *
   * @return false by default
   */
  public boolean zeroOutputForMask() {
    return options.zeroOutputForMask;
  }

  @Override
  public boolean trainable() {
    return options.trainable;
  }

  /**
   * A copy that returns every time step's output, or the last one's.
   *
   * @param sequences false by default
   * @return the layer
   */
  public RNN returnSequences(boolean sequences) {
    return with(new Options(sequences, options.returnState, options.goBackwards, options.stateful, options.zeroOutputForMask,
        options.trainable, options.stacked));
  }

  /**
   * A copy that returns the final states behind the output, or does not.
   *
   * @param state false by default
   * @return the layer
   */
  public RNN returnState(boolean state) {
    return with(new Options(options.returnSequences, state, options.goBackwards, options.stateful, options.zeroOutputForMask,
        options.trainable, options.stacked));
  }

  /**
   * A copy in which time runs backwards, or does not.
   *
   * @param backwards false by default
   * @return the layer
   */
  @Override
  public RNN goBackwards(boolean backwards) {
    return with(new Options(options.returnSequences, options.returnState, backwards, options.stateful, options.zeroOutputForMask,
        options.trainable, options.stacked));
  }

  /**
   * A copy whose states a model carries from call to call, or does not.
   *
   * @param carry false by default
   * @return the layer
   */
  public RNN stateful(boolean carry) {
    return with(new Options(options.returnSequences, options.returnState, options.goBackwards, carry, options.zeroOutputForMask,
        options.trainable, options.stacked));
  }

  /**
   * A copy in which a masked step's output is zeros, or that of the step before.
   *
   * @param zeros false by default
   * @return the layer
   */
  @Override
  public RNN zeroOutputForMask(boolean zeros) {
    return with(new Options(options.returnSequences, options.returnState, options.goBackwards, options.stateful, zeros,
        options.trainable, options.stacked));
  }

  /**
   * A copy that is trained, or not.
   *
   * @param change true by default
   * @return the layer
   */
  public RNN trainable(boolean change) {
    return with(new Options(options.returnSequences, options.returnState, options.goBackwards, options.stateful,
        options.zeroOutputForMask, change, options.stacked));
  }

  /**
   * Whether the cells stand in Keras' {@code StackedRNNCells}, which files tell from a cell alone.
   *
   * @return true for several cells, false by default for one
   */
  public boolean stacked() {
    return options.stacked || cells.size() > 1;
  }

  /**
   * A copy whose cell, if it is the only one, stands in a stack, or does not.
   *
   * @param stack false by default
   * @return the layer
   */
  public RNN stacked(boolean stack) {
    return with(new Options(options.returnSequences, options.returnState, options.goBackwards, options.stateful,
        options.zeroOutputForMask, options.trainable, stack));
  }

  @Override
  public RNN named(String name) {
    return new RNN(name, cells, options);
  }

  @Override
  public boolean takesMask() {
    return true;
  }

  @Override
  public List<Layer> wrapped() {
    return List.copyOf(cells);
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    List<Variable> variables = new ArrayList<>();
    Shape input = only(inputs);
    for (Recurrent<?> cell : cells) {
      variables.addAll(cell.variables(List.of(input)));
      input = input.with(-1, cell.units());
    }
    return variables;
  }

  @Override
  public long multiplyAdds(Shape input) {
    long sum = 0;
    Shape read = input;
    for (Recurrent<?> cell : cells) {
      sum += cell.multiplyAdds(read);
      read = read.with(-1, cell.units());
    }
    return sum;
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return options.returnSequences ? super.mask(inputs) : null;
  }

  @Override
  List<Symbol> unfold(List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    List<Symbol> states = new ArrayList<>();
    List<Symbol> read = inputs;
    int next = 0;
    for (Recurrent<?> cell : cells) {
      int count = initialState.isEmpty() ? 0 : cell.stateNames().size();
      if (next + count > initialState.size()) {
        throw new ShapeException("layer " + label() + ": expected an initial state for each state of each cell, got "
            + initialState.size());
      }
      List<Symbol> given = cell.call(read, initialState.subList(next, next + count), useMask);
      next += count;
      states.addAll(given.subList(1, given.size()));
      boolean last = cell == cells.get(cells.size() - 1);
      // A cell above goes backwards, too: over the sequence and the mask in the order of time.
      read = List.of(options.goBackwards && !last ? inOrder.apply(given.get(0)) : given.get(0));
    }
    List<Symbol> outputs = new ArrayList<>(read);
    outputs.addAll(states);
    return outputs;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    throw new IllegalStateException("layer " + label() + " is made of others");
  }
}
