package dev.rill.flink;

import java.io.Serializable;
import org.apache.flink.util.Collector;

/**
 * How a record becomes time steps of its key's stream, and their outputs records. It travels with the job, so it has to be serializable;
 * it is called by one thread at a time, and each call belongs to one record.
 *
 * @param <IN> records read
 * @param <OUT> records written
 */
public interface RecordSteps<IN, OUT> extends Serializable {
  /**
   * How many time steps a record holds, one behind the other.
   *
   * @param record the record
   * @return 1 if not said otherwise; never less
   */
  default int steps(IN record) {
    return 1;
  }

  /**
   * Reads the inputs of a record's time steps.
   *
   * @param record the record
   * @param x where they belong, [steps][in]; longer than that at times
   */
  void read(IN record, float[] x);

  /**
   * Writes what the steps came to: any number of records.
   *
   * @param record the record
   * @param y outputs, [steps][out], or [out] if the model returns the last step only; not to be kept
   * @param weights fingerprint of the weights that gave them, see {@link dev.rill.Network#weightsFingerprint()}
   * @param out takes records, which get the timestamp of this one
   */
  void write(IN record, float[] y, int weights, Collector<OUT> out);
}
