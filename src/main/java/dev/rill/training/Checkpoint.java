package dev.rill.training;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that training goes on from, to the same bits as if it had never stopped: the weights, what the optimizer remembers,
 * the states of stateful layers, the counters that random numbers are a function of, and how many epochs are done.
 *
 * <p>Immutable. It goes with a model of the same layers, compiled with the same optimizer; loss, metrics, schedule and the
 * optimizer's other options are those that the model is compiled with. Callbacks that remember something ({@link EarlyStopping},
 * {@link ReduceOnPlateau}, the best value of a {@link ModelCheckpoint}) are not in it: they start anew, though a learning rate
 * that one of them has set is kept.
 *
 * <p>A file of it, little-endian: magic {@code RILLCKPT}; int version 1; int structure fingerprint, the CRC-32C of the lines
 * below with a line feed behind each; int layers and, for each, a line (a text: int length, UTF-8) of its name, its class, and
 * its variables with their shapes; the optimizer's class (text); int slots and their names (texts); int epochs; long iterations;
 * float learning rate; float product of Nadam's coefficients; long training calls; long seed; long weights; the weights; the
 * floats of each slot, as many as there are weights; int length of the states, 0 for none, and their bytes as {@link
 * State#toBytes} gives them; int CRC-32C of all before. A NaN is written as 0x7fc00000.
 */
public final class Checkpoint {
  /** Numbers that training counts on. */
  record Counters(int epochs, long iterations, float rate, float product, long calls, long seed) {}

  /** What an optimizer remembers for each weight. */
  record Slots(String optimizer, List<String> names, float[][] values) {}

  private final List<String> structure;
  private final Counters counters;
  private final float[] weights;
  private final Slots slots;
  private final State states;

  /** The arrays become its own. */
  Checkpoint(List<String> structure, Counters counters, float[] weights, Slots slots, State states) {
    this.structure = List.copyOf(structure);
    this.counters = counters;
    this.weights = weights;
    this.slots = slots;
    this.states = states;
  }

  /**
   * Reads a checkpoint.
   *
   * @param file what {@link #save} wrote
   * @return the checkpoint
   * @throws IOException if the file cannot be read
   * @throws dev.rill.tensor.FormatException if it is not a whole, undamaged checkpoint of this version
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

  List<String> structure() {
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

  /** A line for each layer: what two models must share for one to go on where the other was. */
  static List<String> structure(Graph graph, Weights weights) {
    List<String> lines = new ArrayList<>();
    for (Layer layer : graph.layers()) {
      StringBuilder line = new StringBuilder(layer.name()).append(' ').append(layer.className());
      if (layer.stateful()) {
        line.append(" stateful");
      }
      for (Weights.Slice slice : weights.slices(layer.name())) {
        line.append(' ').append(slice.name()).append(slice.shape());
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** Refuses a model of other layers or another optimizer. */
  void check(List<String> expected, List<State.Plane> planes, Optimizer optimizer, int size) {
    for (int i = 0; i < Math.max(expected.size(), structure.size()); i++) {
      String here = i < expected.size() ? expected.get(i) : "no more layers";
      String there = i < structure.size() ? structure.get(i) : "no more layers";
      if (!here.equals(there)) {
        throw new StateException("the checkpoint is of another structure: expected " + here + ", got " + there);
      }
    }
    if (!slots.optimizer().equals(optimizer.className()) || !slots.names().equals(optimizer.slots())) {
      throw new StateException("the checkpoint is of another optimizer: expected " + optimizer.className() + " with "
          + optimizer.slots() + ", got " + slots.optimizer() + " with " + slots.names()
          + "; compile the model as it was when the checkpoint was made");
    }
    if (weights.length != size) {
      throw new StateException("the checkpoint is of another structure: expected " + size + " weights, got " + weights.length);
    }
    if (states != null) {
      states.checkStructure(planes);
    }
  }
}
