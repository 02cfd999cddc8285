package dev.rill.training;

import dev.rill.tensor.State;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the loop drives: a model that is ready for training. One thread at a time. */
public interface Trainable {
  /**
   * Holds the shapes of a batch, all but its number of rows, against the model; nothing changes.
   *
   * @param batch any batch
   * @throws dev.rill.tensor.ShapeException if it does not fit
   */
  void check(Batch batch);

  /**
   * One update. Stateful layers go on from the state that the call before has left.
   *
   * @param batch what to learn
   * @return loss and metrics since {@link #resetMetrics()}: the loss is the mean over batches, each counted by its rows, as if
   *     padding were not there; valid until the next call
   * @throws dev.rill.tensor.ShapeException if the batch does not fit; nothing has changed then
   */
  Logs trainOnBatch(Batch batch);

  /**
   * Loss and metrics without an update. Stateful layers go on, too, and resets of the batch count.
   *
   * @param batch what to test on
   * @return as for {@link #trainOnBatch}
   * @throws dev.rill.tensor.ShapeException if the batch does not fit; nothing has changed then
   */
  Logs testOnBatch(Batch batch);

  /** Starts loss and metrics anew. */
  void resetMetrics();

  /**
   * Whether a layer carries its state from batch to batch.
   *
   * @return true if one is stateful
   */
  boolean stateful();

  /**
   * Time steps of every batch, if there is only one number that the model takes.
   *
   * @return steps, 0 for any number
   */
  default int steps() {
    return 0;
  }

  /**
   * The batch size that the state is bound to.
   *
   * @return rows, 0 while the next batch may have any size
   */
  int stateRows();

  /** Sets all states to zero and lets the next batch have any size. */
  void resetStates();

  /**
   * Sets the states of some rows to zero; the others and the batch size stay.
   *
   * @param rows which ones
   * @throws dev.rill.tensor.ShapeException if there is no such row; nothing has changed then
   */
  void resetRows(int... rows);

  /**
   * The states of this moment.
   *
   * @return a copy; null while the next batch may have any size
   */
  State states();

  /**
   * Puts states back.
   *
   * @param states from {@link #states()}, null as well
   */
  void states(State states);

  /**
   * The weights of this moment.
   *
   * @return a copy
   */
  float[] weights();

  /**
   * Puts weights back.
   *
   * @param weights from {@link #weights()}; copied
   * @throws dev.rill.tensor.ShapeException if there are more or fewer than the model has; nothing has changed then
   */
  void weights(float[] weights);

  /**
   * The learning rate of the next update.
   *
   * @return a float's value
   */
  double learningRate();

  /**
   * Sets the learning rate.
   *
   * @param rate from the next update on, rounded to float
   * @throws dev.rill.tensor.UnsupportedException if a schedule rules it
   */
  void learningRate(double rate);

  /**
   * Updates so far, those of earlier runs as well.
   *
   * @return what the optimizer counts; 0 unless overridden
   */
  default long iterations() {
    return 0;
  }

  /**
   * What training changes, with its place in {@link #weights()}.
   *
   * @return variables of trainable layers in Keras' order; none unless overridden
   */
  default List<Weights.Slice> trained() {
    return List.of();
  }

  /**
   * All variables by the paths that Keras gives them, such as {@code sequential/lstm/lstm_cell/kernel}.
   *
   * @return in Keras' order, with their places in {@link #weights()}; none unless overridden
   */
  default Map<String, Weights.Slice> variables() {
    return Map.of();
  }

  /**
   * Keeps the gradient of each update, as it is before it is clipped, until {@link #ignoreGradient()}. It costs a copy an update.
   *
   * @return filled by each update, laid out as {@link #weights()}
   * @throws dev.rill.tensor.UnsupportedException unless overridden
   */
  default float[] watchGradient() {
    throw new UnsupportedException("this model does not tell its gradients");
  }

  /** Keeps gradients no more. */
  default void ignoreGradient() {}

  /**
   * What the model is made of, to be read.
   *
   * @return a table; nothing unless overridden
   */
  default String summary() {
    return "";
  }

  /**
   * Which values of a metric are better.
   *
   * @param metric its name without {@code val_}
   * @return {@link Mode#AUTO} if there is no such metric or nobody knows
   */
  Mode direction(String metric);

  /**
   * How many floats of a target make one row of the loss: what tells class numbers from one-hot vectors.
   *
   * @param output index
   * @return width of the output, or 1 for a sparse loss
   */
  int targetWidth(int output);

  /**
   * Everything that training goes on from.
   *
   * @param epochs how many are done
   * @return a copy
   */
  Checkpoint checkpoint(int epochs);

  /**
   * Goes on from a checkpoint: weights, optimizer, states and counters become its own.
   *
   * @param checkpoint of a model like this one
   * @throws dev.rill.tensor.StateException if it is of another structure or optimizer; nothing has changed then
   */
  void resume(Checkpoint checkpoint);

  /**
   * Refuses, before anything is trained, what {@link #save} would refuse; does nothing unless overridden.
   *
   * @throws dev.rill.tensor.UnsupportedException if a file cannot hold a part of the model, by name
   * @throws IOException if the file that the model was loaded from cannot be read again
   */
  default void checkSave() throws IOException {}

  /**
   * Writes the whole model.
   *
   * @param file {@code .keras}
   * @throws IOException if it cannot be written
   */
  void save(Path file) throws IOException;

  /**
   * Writes the weights.
   *
   * @param file {@code .weights.h5}
   * @throws IOException if it cannot be written
   */
  void saveWeights(Path file) throws IOException;
}
