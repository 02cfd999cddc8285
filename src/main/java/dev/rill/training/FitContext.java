package dev.rill.training;

/** What callbacks see of a {@code fit} or {@code evaluate} under way, and how they steer it. */
public final class FitContext {
  private final Trainable trainee;
  private final int epochs;
  private final boolean training;
  private int epoch;
  private int batch;
  private int batches;
  private volatile boolean stopping;
  private boolean resumed;

  FitContext(Trainable trainee, int epochs, boolean training) {
    this.trainee = trainee;
    this.epochs = epochs;
    this.training = training;
  }

  void epoch(int number) {
    epoch = number;
  }

  void resumed(boolean from) {
    resumed = from;
  }

  void batch(int index, int count) {
    batch = index;
    batches = count;
  }

  /**
   * The model.
   *
   * @return what is trained or tested
   */
  public Trainable trainee() {
    return trainee;
  }

  /**
   * Whether this is training; validation inside it belongs to it.
   *
   * @return false in {@code evaluate}
   */
  public boolean training() {
    return training;
  }

  /**
   * Whether training goes on from a {@link Checkpoint}: behind {@link Callback#onTrainBegin}, callbacks get back what they
   * remembered, and the model becomes what it was.
   *
   * @return false if training begins anew
   */
  public boolean resumed() {
    return resumed;
  }

  /**
   * The epoch under way; before the first one, its number.
   *
   * @return from 0
   */
  public int epoch() {
    return epoch;
  }

  /**
   * Where training is to end.
   *
   * @return one behind the number of the last epoch
   */
  public int epochs() {
    return epochs;
  }

  /**
   * The batch under way, of training or, between begin and end of a test, of the test.
   *
   * @return from 0 in every epoch and test
   */
  public int batch() {
    return batch;
  }

  /**
   * Number of batches in the epoch or test.
   *
   * @return at least 1
   */
  public int batches() {
    return batches;
  }

  /**
   * Ends training after the batch under way; what the epoch has done so far is still validated and logged, as in Keras. Any thread
   * may ask for it, a button of a user interface for instance.
   */
  public void stop() {
    stopping = true;
  }

  /**
   * Whether training is about to end.
   *
   * @return true after {@link #stop()}
   */
  public boolean stopping() {
    return stopping;
  }

  /** Returns where the run is. */
  @Override
  public String toString() {
    return (training ? "epoch " + (epoch() + 1) + " of " + epochs : "evaluation") + ", batch " + (batch() + 1) + " of " + batches();
  }
}
