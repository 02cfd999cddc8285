package dev.rill.training;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that training goes on from, to the same bits as if it had never stopped: the weights, what the optimizer remembers,
 * the states of stateful layers, the counters that random numbers are a function of, how many epochs are done, and what callbacks
 * remember.
 *
 * <p>Immutable. It goes with a model of the same layers, compiled with the same optimizer; loss, metrics, schedule and the
 * optimizer's other options are those that the model is compiled with. {@link Fit#resume} goes on from it with callbacks of the
 * same classes in the same order, {@link Trainable#resume} with the model alone.
 *
 * <p>A file of it, little-endian: magic {@code RILLCKPT}; int version 2; int structure fingerprint, the CRC-32C of the lines
 * below with a line feed behind each; int layers and, for each, a line (a text: int length, UTF-8) of its name, its class, and
 * its variables with their shapes; the optimizer's class (text); int slots and their names (texts); int epochs; long iterations;
 * float learning rate; float product of Nadam's coefficients; long training calls; long seed; long weights; the weights; the
 * floats of each slot, as many as there are weights; int number of those who remember something and, for each, its class (text),
 * int number of its values and, for each, its name (text), an int 0, 1 or 2, and an int number of doubles and these, of floats and
 * these, or a text; int length of the states, 0 for none, and their bytes as {@link State#toBytes} gives them; int CRC-32C of all
 * before. A NaN is written as 0x7fc00000 or 0x7ff8000000000000. In version 1, which is read, nobody remembers anything.
 */
public final class Checkpoint {
  /** Who remembers what is no callback's. */
  private static final String LOOP = "fit";

  private static final int LONGEST = 500;

  /** Callbacks and their values in one checkpoint at most: enough for all, and little to a machine. */
  static final int MOST_VALUES = 1 << 16;

  /** Numbers that training counts on. */
  record Counters(int epochs, long iterations, float rate, float product, long calls, long seed) {}

  /** What an optimizer remembers for each weight. */
  record Slots(String optimizer, List<String> names, float[][] values) {}

  /** What a callback of some class, or the loop itself, remembers. */
  record Memory(String owner, CallbackState state) {}

  /** Lines, a line feed behind each. */
  private final String structure;
  private final Counters counters;
  private final float[] weights;
  private final Slots slots;
  private final State states;
  private final List<Memory> memories;

  /** The arrays become its own. */
  Checkpoint(String structure, Counters counters, float[] weights, Slots slots, State states, List<Memory> memories) {
    this.structure = structure;
    this.counters = counters;
    this.weights = weights;
    this.slots = slots;
    this.states = states;
    this.memories = List.copyOf(memories);
  }

  /** A checkpoint of a model alone. */
  Checkpoint(String structure, Counters counters, float[] weights, Slots slots, State states) {
    this(structure, counters, weights, slots, states, List.of());
  }

  /**
   * Reads a checkpoint.
   *
   * @param file what {@link #save} wrote
   * @return the checkpoint
   * @throws IOException if the file cannot be read
   * @throws dev.rill.tensor.FormatException if it is not a whole, undamaged checkpoint of this version
   * @throws RillException if the heap is too small
   */
  public static Checkpoint load(Path file) throws IOException {
    return CheckpointReader.read(file);
  }

  /**
   * Writes it.
   *
   * @param file replaced whole or not at all
   * @throws IOException if writing fails
   */
  public void save(Path file) throws IOException {
    CheckpointWriter.write(file, this);
  }

  /**
   * How many epochs are done: where {@link Fit#initialEpoch} goes on.
   *
   * @return 0 if training is not counted in epochs
   */
  public int epochs() {
    return counters.epochs();
  }

  /**
   * The states of stateful layers.
   *
   * @return null if the next batch may have any size, as after {@link Trainable#resetStates}
   */
  public State states() {
    return states;
  }

  String structure() {
    return structure;
  }

  Counters counters() {
    return counters;
  }

  float[] weights() {
    return weights;
  }

  Slots slots() {
    return slots;
  }

  List<Memory> memories() {
    return memories;
  }

  /**
   * This checkpoint with what callbacks remember now, in place of what it holds.
   *
   * @param callbacks those that training goes on with, in their order
   * @return another checkpoint; states are shared, not copied
   */
  public Checkpoint with(Callback... callbacks) {
    return with(List.of(Require.all(callbacks, "the callbacks")), null);
  }

  /** The same with what the loop itself remembers; null for nothing. */
  Checkpoint with(List<Callback> callbacks, CallbackState loop) {
    List<Memory> all = new ArrayList<>();
    int values = 0;
    for (Callback callback : callbacks) {
      CallbackState state = callback.state();
      if (state != null) {
        all.add(new Memory(callback.getClass().getName(), state.copy()));
        values += 1 + state.values().size();
      }
    }
    if (loop != null) {
      all.add(new Memory(LOOP, loop));
      values += 1 + loop.values().size();
    }
    if (values > MOST_VALUES) {
      throw new RillException("the callbacks remember " + values + " values, a checkpoint holds " + MOST_VALUES + " at most: put "
          + "arrays in place of single numbers");
    }
    return new Checkpoint(structure, counters, weights, slots, states, all);
  }

  /** What the loop itself remembers; null if it was not the loop that made this. */
  CallbackState loop() {
    for (Memory memory : memories) {
      if (memory.owner().equals(LOOP)) {
        return memory.state();
      }
    }
    return null;
  }

  /**
   * What some callbacks remember.
   *
   * @return a copy each, null for one that never remembers anything
   * @throws StateException if others remembered something when this was made
   */
  List<CallbackState> memoriesOf(List<Callback> callbacks) {
    List<String> here = new ArrayList<>();
    List<CallbackState> states = new ArrayList<>();
    List<Memory> left = new ArrayList<>(memories);
    left.removeIf(memory -> memory.owner().equals(LOOP));
    List<String> there = left.stream().map(Memory::owner).toList();
    for (Callback callback : callbacks) {
      boolean remembers = callback.state() != null;
      if (remembers) {
        here.add(callback.getClass().getName());
      }
      states.add(remembers && !left.isEmpty() ? left.remove(0).state().copy() : null);
    }
    if (!here.equals(there)) {
      throw new StateException("the checkpoint holds what these callbacks remember: " + there + "; those of this "
          + "fit that remember something are " + here + ": give it the same in the same order; to begin them anew, resume the model "
          + "alone (model.resume, Fit.initialEpoch)");
    }
    return states;
  }

  /** A line for each layer: what two models must share for one to go on where the other was. */
  static String structure(Graph graph, Weights weights) {
    StringBuilder lines = new StringBuilder();
    for (Layer layer : graph.layers()) {
      lines.append(PlainText.shown(layer.name())).append(' ').append(layer.className());
      if (layer.stateful()) {
        lines.append(" stateful");
      }
      for (Weights.Slice slice : weights.slices(layer.name())) {
        lines.append(' ').append(slice.name()).append(slice.shape());
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  /** Refuses a model of other layers or another optimizer. */
  void check(String expected, List<State.Plane> planes, Optimizer optimizer, int size) {
    if (!structure.equals(expected)) {
      int line = 0;
      for (int i = 0; i < Math.min(structure.length(), expected.length()) && structure.charAt(i) == expected.charAt(i); i++) {
        line = structure.charAt(i) == '\n' ? i + 1 : line;
      }
      throw new StateException("the checkpoint is of another structure: expected " + line(expected, line) + ", got "
          + line(structure, line));
    }
    if (!slots.optimizer().equals(optimizer.className()) || !slots.names().equals(optimizer.slots())) {
      throw new StateException("the checkpoint is of another optimizer: expected " + optimizer.className() + " with "
          + optimizer.slots() + ", got " + brief(slots.optimizer() + " with " + slots.names())
          + "; compile the model as it was when the checkpoint was made");
    }
    if (weights.length != size) {
      throw new StateException("the checkpoint is of another structure: expected " + size + " weights, got " + weights.length);
    }
    if (states != null) {
      states.checkStructure(planes);
    }
  }

  private static String line(String lines, int from) {
    int end = lines.indexOf('\n', from);
    return from == lines.length() ? "no more layers" : brief(lines.substring(from, end < 0 ? lines.length() : end));
  }

  /** As much of a text as a message bears. */
  static String brief(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }

  /** Returns how far training had come. */
  @Override
  public String toString() {
    return "checkpoint after " + epochs() + " epochs, " + weights.length + " weights";
  }
}
