package dev.rill.training;

/**
 * Batches, the same number in every epoch. What a batch holds is a function of the data, the epoch and its place alone, so that a
 * run can be taken up anywhere. {@link ArrayData} and {@link StreamData} are such; anything else that can count its batches may
 * be.
 */
public interface Dataset {
  /**
   * Number of batches in an epoch.
   *
   * @return at least 1
   */
  int batches();

  /**
   * Size of a batch, known beforehand, so that a wrong one is refused before anything changes.
   *
   * @param index from 0 to {@code batches() - 1}
   * @return its rows
   */
  int batchRows(int index);

  /**
   * Whether the order of samples differs from epoch to epoch, which no stateful model can follow.
   *
   * @return true if it does
   */
  boolean shuffled();

  /**
   * These data for one {@code fit} or {@code evaluate}, which may go on beside others on other threads: with memory of its own
   * where batches use theirs again. Data made of other data hand on what these give.
   *
   * @return the data themselves if nobody says otherwise
   */
  default Dataset forRun() {
    return this;
  }

  /**
   * One batch.
   *
   * @param epoch from 0
   * @param index from 0 to {@code batches() - 1}
   * @return valid until the next call, which may use its memory again
   */
  Batch batch(int epoch, int index);

  /**
   * These data for a model whose input has a fixed number of time steps.
   *
   * @param count the model's steps
   * @return the data themselves, unless their batches may be as long as one likes
   */
  default Dataset ofSteps(int count) {
    return this;
  }
}
