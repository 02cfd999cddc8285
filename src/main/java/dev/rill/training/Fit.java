package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to train: the arguments of Keras' {@code fit} with its defaults, but that a stateful model's samples stay in order.
 * Immutable; each setter returns another description.
 *
 * <pre>{@code
 * History history = model.fit(x, y, new Fit().epochs(20).batchSize(64).validationSplit(0.2)
 *     .callbacks(new EarlyStopping().patience(3), ModelCheckpoint.model("best.keras").best("val_loss", Mode.MIN)));
 * }</pre>
 */
public final class Fit {
  private static final int BATCH_SIZE = 32;

  /** 0 for Keras' default. */
  private int batchSize;
  private int epochs = 1;
  private int initialEpoch;
  private Checkpoint from;
  /** Null for whatever suits the model. */
  private Boolean shuffle;
  private long seed;
  private double validationSplit;
  /** Samples that are still to be cut into batches, or data with their own; or neither. */
  private ArrayData validationSamples;
  private Dataset validationData;
  private int validationBatchSize;
  private List<Integer> validationEpochs = List.of();
  private int validationFrequency = 1;
  private Map<Integer, Double> classWeights = Map.of();
  private List<Tensor> sampleWeights = List.of();
  private List<Callback> callbacks = List.of();
  private int verbosity = 1;
  private Callback progress;

  /** Creates a description: one epoch in batches of 32. */
  public Fit() {}

  private Fit(Fit other) {
    batchSize = other.batchSize;
    epochs = other.epochs;
    initialEpoch = other.initialEpoch;
    from = other.from;
    shuffle = other.shuffle;
    seed = other.seed;
    validationSplit = other.validationSplit;
    validationSamples = other.validationSamples;
    validationData = other.validationData;
    validationBatchSize = other.validationBatchSize;
    validationEpochs = other.validationEpochs;
    validationFrequency = other.validationFrequency;
    classWeights = other.classWeights;
    sampleWeights = other.sampleWeights;
    callbacks = other.callbacks;
    verbosity = other.verbosity;
    progress = other.progress;
  }

  /**
   * Sets the batch size.
   *
   * @param rows 32 by default
   * @return another description
   * @throws ShapeException if it is not positive
   */
  public Fit batchSize(int rows) {
    Fit changed = new Fit(this);
    changed.batchSize = Require.atLeast(rows, 1, "batch size");
    return changed;
  }

  /**
   * Sets where training ends.
   *
   * @param count one behind the number of the last epoch: how many epochs there are if the first is number 0; 1 by default
   * @return another description
   * @throws ShapeException if it is negative
   */
  public Fit epochs(int count) {
    Fit changed = new Fit(this);
    changed.epochs = Require.atLeast(count, 0, "number of epochs");
    return changed;
  }

  /**
   * Sets where training begins, to go on with a run: epochs are shuffled and named by their number.
   *
   * @param epoch number of the first one, 0 by default
   * @return another description
   * @throws ShapeException if it is negative
   */
  public Fit initialEpoch(int epoch) {
    Fit changed = new Fit(this);
    changed.initialEpoch = Require.atLeast(epoch, 0, "initial epoch");
    return changed;
  }

  /**
   * Goes on from a checkpoint: the model and the callbacks become what they were, and the first epoch is the one behind it, whatever
   * {@link #initialEpoch} says.
   *
   * @param checkpoint of a model like the one that is trained; what it holds of callbacks ({@link Checkpoint#with}) is given to
   *     those of the same classes in the same order. One that {@link BackupAndRestore} finds takes its place
   * @return another description
   */
  public Fit resume(Checkpoint checkpoint) {
    Fit changed = new Fit(this);
    changed.from = Require.given(checkpoint, "the checkpoint");
    return changed;
  }

  /**
   * Sets whether each epoch takes the samples in an order of its own.
   *
   * @param on false for a stateful model, to which true is an error, and true for any other by default
   * @return another description
   */
  public Fit shuffle(boolean on) {
    Fit changed = new Fit(this);
    changed.shuffle = on;
    return changed;
  }

  /**
   * Sets what the order of samples is a function of, together with the number of the epoch.
   *
   * @param value 0 by default
   * @return another description
   */
  public Fit seed(long value) {
    Fit changed = new Fit(this);
    changed.seed = value;
    return changed;
  }

  /**
   * Sets which part of the samples is for validation instead of training: the last ones, before shuffling.
   *
   * @param share above 0 and below 1; none by default
   * @return another description
   * @throws RillException if it is not, or there are validation data already
   */
  public Fit validationSplit(double share) {
    if (!(share > 0 && share < 1)) {
      throw new RillException("expected a share for validation above 0 and below 1, got " + share);
    }
    Fit changed = new Fit(this);
    changed.validationSplit = share;
    return changed.oneValidation();
  }

  /**
   * Sets samples for validation at the end of epochs. It runs on states of its own, which start at zero each time: training goes
   * as it would without.
   *
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @param weights as of {@link #sampleWeights}; none for 1 everywhere
   * @return another description
   * @throws RillException if their numbers of samples differ, or there is a share for validation already
   */
  public Fit validation(List<Tensor> x, List<Tensor> y, Tensor... weights) {
    Fit changed = new Fit(this);
    changed.validationSamples = ArrayData.of(x, y).weights(weights);
    changed.validationData = null;
    return changed.oneValidation();
  }

  /**
   * Sets data for validation at the end of epochs; as {@link #validation(List, List, Tensor...)}.
   *
   * @param data with batches of their own
   * @return another description
   * @throws RillException if there is a share for validation already
   */
  public Fit validation(Dataset data) {
    Fit changed = new Fit(this);
    changed.validationSamples = null;
    changed.validationData = data;
    return changed.oneValidation();
  }

  private Fit oneValidation() {
    if ((validationSamples != null || validationData != null) && validationSplit > 0) {
      throw new RillException("expected validation data or a share for validation, got both");
    }
    return this;
  }

  /**
   * Sets the batch size of validation.
   *
   * @param rows that of training by default
   * @return another description
   * @throws ShapeException if it is not positive
   */
  public Fit validationBatchSize(int rows) {
    Fit changed = new Fit(this);
    changed.validationBatchSize = Require.atLeast(rows, 1, "batch size of validation");
    return changed;
  }

  /**
   * Sets after how many epochs validation runs.
   *
   * @param every 1 by default; 2 for every second epoch
   * @return another description
   * @throws ShapeException if it is not positive
   */
  public Fit validationFrequency(int every) {
    Fit changed = new Fit(this);
    changed.validationFrequency = Require.atLeast(every, 1, "epochs from validation to validation");
    changed.validationEpochs = List.of();
    return changed;
  }

  /**
   * Sets after which epochs validation runs.
   *
   * @param counted their numbers, counted from 1 as in Keras
   * @return another description
   */
  public Fit validationEpochs(List<Integer> counted) {
    Fit changed = new Fit(this);
    changed.validationEpochs = List.copyOf(Require.all(counted, "the epochs"));
    changed.validationFrequency = 0;
    return changed;
  }

  /**
   * Sets how much each class counts in training: for a model with one output.
   *
   * @param weights by class number; a class that is not listed counts 1
   * @return another description
   * @throws RillException if there are sample weights already
   */
  public Fit classWeights(Map<Integer, Double> weights) {
    for (Map.Entry<Integer, Double> weight : Require.given(weights, "the class weights").entrySet()) {
      Require.given(weight.getKey(), "the number of a class");
      Require.given(weight.getValue(), "the weight of a class");
    }
    Fit changed = new Fit(this);
    changed.classWeights = Map.copyOf(weights);
    return changed.oneWeighting();
  }

  /**
   * Sets how much each sample counts in training.
   *
   * @param weights of samples (samples), also with targets at every step, or of their steps (samples, time): one tensor for all
   *     outputs, or one an output
   * @return another description
   * @throws RillException if there are class weights already
   */
  public Fit sampleWeights(Tensor... weights) {
    Fit changed = new Fit(this);
    changed.sampleWeights = List.of(Require.all(weights, "the sample weights"));
    return changed.oneWeighting();
  }

  private Fit oneWeighting() {
    if (!classWeights.isEmpty() && !sampleWeights.isEmpty()) {
      throw new RillException("expected class weights or sample weights, got both: multiply them into the sample weights");
    }
    return this;
  }

  /**
   * Sets who is told how training goes.
   *
   * @param list in this order
   * @return another description
   */
  public Fit callbacks(Callback... list) {
    Fit changed = new Fit(this);
    changed.callbacks = List.of(Require.all(list, "the callbacks"));
    return changed;
  }

  /**
   * Sets how much is printed.
   *
   * @param level 0 for nothing; 1, the default, for a live bar on a terminal and a line an epoch elsewhere; 2 for a line an epoch
   * @return another description
   * @throws RillException if it is another number
   */
  public Fit verbosity(int level) {
    if (level < 0 || level > 2) {
      throw new RillException("expected a verbosity of 0, 1 or 2, got " + level);
    }
    Fit changed = new Fit(this);
    changed.verbosity = level;
    return changed;
  }

  /**
   * Sets who shows the progress, in place of what {@link #verbosity} says.
   *
   * @param listener told last, so that it sees what callbacks have added to the logs
   * @return another description
   */
  public Fit progress(Callback listener) {
    Fit changed = new Fit(this);
    changed.progress = listener;
    return changed;
  }

  int epochs() {
    return epochs;
  }

  int initialEpoch() {
    return initialEpoch;
  }

  /** What training goes on from, null to begin anew. */
  Checkpoint from() {
    return from;
  }

  /** All who are told, in order: the callbacks, then who shows the progress. */
  List<Callback> listeners() {
    if (progress == null && verbosity == 0) {
      return callbacks;
    }
    List<Callback> all = new ArrayList<>(callbacks);
    all.add(progress == null ? Progress.standard(verbosity) : progress);
    return all;
  }

  /** Whether validation follows an epoch, which is counted from 0. */
  boolean validates(int epoch) {
    return validationFrequency > 0 ? (epoch + 1) % validationFrequency == 0 : validationEpochs.contains(epoch + 1);
  }

  /** The samples to train on, as they are to be cut, weighted and shuffled. */
  ArrayData toTrain(Trainable trainee, List<Tensor> x, List<Tensor> y) {
    ArrayData samples = samples(x, y);
    ArrayData own = samples.part(0, splitAt(samples)).batchSize(batchSize == 0 ? BATCH_SIZE : batchSize);
    if (!classWeights.isEmpty()) {
      if (own.outputs() != 1) {
        throw new UnsupportedException("class weights go with a single output, the model has " + own.outputs()
            + ": use sample weights");
      }
      own = own.weights(ClassWeights.of(classWeights, own.y(0), trainee.targetWidth(0)));
    }
    return shuffle == null ? trainee.stateful() ? own : own.shuffle(seed) : shuffle ? own.shuffle(seed) : own;
  }

  /** The samples to validate with, null for none. */
  Dataset toValidate(List<Tensor> x, List<Tensor> y) {
    if (validationSplit == 0) {
      return toValidate();
    }
    ArrayData samples = samples(x, y);
    return cutForValidation(samples.part(splitAt(samples), samples.samples()));
  }

  /** What to validate with when training data are no arrays, null for none. */
  Dataset toValidate() {
    return validationSamples == null ? validationData : cutForValidation(validationSamples);
  }

  private ArrayData cutForValidation(ArrayData samples) {
    int rows = validationBatchSize == 0 ? batchSize : validationBatchSize;
    return samples.batchSize(rows == 0 ? BATCH_SIZE : rows);
  }

  private ArrayData samples(List<Tensor> x, List<Tensor> y) {
    return ArrayData.of(x, y).weights(sampleWeights.toArray(new Tensor[0]));
  }

  /** Where validation begins, as Keras rounds. */
  private int splitAt(ArrayData samples) {
    if (validationSplit == 0) {
      return samples.samples();
    }
    int at = (int) Math.floor(samples.samples() * (1 - validationSplit));
    if (at == 0 || at == samples.samples()) {
      throw new ShapeException(samples.samples() + " samples cannot be split with a share of " + validationSplit
          + " for validation: one part has none");
    }
    return at;
  }

  /** Refuses what has a meaning for arrays alone. */
  void checkForDataset() {
    String option = batchSize > 0 && validationSamples == null ? "a batch size"
        : shuffle != null && shuffle ? "shuffling"
        : validationSplit > 0 ? "a share for validation"
        : !classWeights.isEmpty() ? "class weights"
        : !sampleWeights.isEmpty() ? "sample weights" : null;
    if (option != null) {
      throw new UnsupportedException(option + " was asked for, but the training data are no arrays: they bring their own "
          + "batches");
    }
  }

  /** Returns the epochs and the batch size. */
  @Override
  public String toString() {
    return "epochs " + initialEpoch + " to " + epochs + (batchSize == 0 ? "" : ", batches of " + batchSize);
  }
}
