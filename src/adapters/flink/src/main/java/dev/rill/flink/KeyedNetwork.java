package dev.rill.flink;

import dev.rill.serving.Carry;
import dev.rill.tensor.Require;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/**
 * A network on a keyed stream: a recurrent state per key, in Flink's keyed state, stepped by the records of the key in their order. What
 * comes out is to the bit what a {@link dev.rill.Session} for each key would give, through failures, savepoints and rescaling.
 *
 * <pre>{@code
 * KeyedNetwork<Reading, Forecast> forecasts = KeyedNetwork.of(ModelAddress.pinned("s3://models/sensors.keras"), new Forecasting())
 *     .idle(Duration.ofDays(7))
 *     .batch(64, Duration.ofMillis(5));
 * forecasts.apply(readings.keyBy(Reading::sensor), TypeInformation.of(Forecast.class));
 * }</pre>
 *
 * <p>Immutable: each method gives a copy. An operator of this kind should have a {@code uid}, by which its states are found again.
 *
 * @param <IN> records read
 * @param <OUT> records written
 */
public final class KeyedNetwork<IN, OUT> implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String NAME = "rill";

  private final ModelAddress model;
  private final RecordSteps<IN, OUT> steps;
  private final Carry carry;
  private final int keptInputs;
  private final Expiry expiry;
  private final int most;
  private final long delay;

  private KeyedNetwork(ModelAddress model, RecordSteps<IN, OUT> steps, Carry carry, int keptInputs, Expiry expiry, int most, long delay) {
    this.model = model;
    this.steps = steps;
    this.carry = carry;
    this.keptInputs = keptInputs;
    this.expiry = expiry;
    this.most = most;
    this.delay = delay;
  }

  /**
   * Steps records one by one, refuses states of other weights, and ends no stream.
   *
   * @param model where the network is, of one input and one output; it has to be one that can be streamed
   * @param steps from record to inputs and from outputs to record
   * @param <IN> records read
   * @param <OUT> records written
   * @return settings
   */
  public static <IN, OUT> KeyedNetwork<IN, OUT> of(ModelAddress model, RecordSteps<IN, OUT> steps) {
    return new KeyedNetwork<>(Require.given(model, "the address of the model"), Require.given(steps, "the steps of a record"),
        Carry.REFUSE, 0, Expiry.NEVER, 1, 0);
  }

  /**
   * Says what becomes of states in a savepoint that other weights wrote, where no swap says so. Under {@link Carry#REFUSE} the job does
   * not start if the savepoint names other weights, those that stepped last; and fails at a key whose state is of weights that no swap
   * knows.
   *
   * @param policy KEEP, RESET, REPLAY, or REFUSE, as it is if nothing is said
   * @return a copy
   */
  public KeyedNetwork<IN, OUT> carry(Carry policy) {
    return new KeyedNetwork<>(model, steps, Require.given(policy, "what becomes of states of other weights"), keptInputs, expiry, most,
        delay);
  }

  /**
   * Keeps the last inputs of each key beside its state, for {@link Carry#REPLAY}: 4 bytes for each of their features.
   *
   * @param inputs how many, 0 for none
   * @return a copy
   */
  public KeyedNetwork<IN, OUT> keepInputs(int inputs) {
    return new KeyedNetwork<>(model, steps, carry, Require.atLeast(inputs, 0, "inputs to keep"), expiry, most, delay);
  }

  /**
   * Ends a stream whose records stay away, by the records' timestamps: one that is later than that after the latest before begins anew,
   * even if no watermark has passed in between, so that a replay comes to the same bits. A timer frees the memory. Records that are not
   * behind the watermark never notice; a late one goes on if its stream's memory has not been freed, and begins anew if it has, so that
   * what it gives depends on when watermarks came: drop late records before where a replay has to come to the same bits.
   *
   * @param longest time without a record, a millisecond or more
   * @return a copy
   */
  public KeyedNetwork<IN, OUT> idle(Duration longest) {
    return new KeyedNetwork<>(model, steps, carry, keptInputs, Expiry.after(longest, false), most, delay);
  }

  /**
   * The same by the clock of the machine, for records without timestamps. What is replayed after a failure comes at other times: prefer
   * {@link #idle} where that matters.
   *
   * @param longest time without a record, a millisecond or more
   * @return a copy
   */
  public KeyedNetwork<IN, OUT> idleByClock(Duration longest) {
    return new KeyedNetwork<>(model, steps, carry, keptInputs, Expiry.after(longest, true), most, delay);
  }

  /**
   * Steps records of different keys in one batch. Records wait until there are enough of them, or one has waited long enough; they never
   * wait through a watermark or a checkpoint barrier. The bits do not change, nor does the order of records. In Flink's batch mode, which
   * gives one key after the other, each record is stepped as it comes.
   *
   * @param records most records of a batch; 1 for none
   * @param longest how long a record waits at most, in whole milliseconds
   * @return a copy
   */
  public KeyedNetwork<IN, OUT> batch(int records, Duration longest) {
    return new KeyedNetwork<>(model, steps, carry, keptInputs, expiry, Require.atLeast(records, 1, "records of a batch"),
        Require.millis(longest, "how long a record waits for its batch"));
  }

  /**
   * Applies the network to a stream. A job that goes on from a savepoint in which models were swapped goes by these swaps, though it has
   * no stream of them: its own model, if it is another one, is a swap as these settings say.
   *
   * @param records keyed; the key says whose state a record steps
   * @param type of what is written
   * @param <K> keys
   * @return outputs, those of a key in the order of its records
   */
  public <K> SingleOutputStreamOperator<OUT> apply(KeyedStream<IN, K> records, TypeInformation<OUT> type) {
    return most == 1 ? records.process(this.<K>function(), type) : records.transform(NAME, type, new BatchOperator<>(this));
  }

  /**
   * Applies to a stream whatever model was broadcast last; the model of these settings until there is one. Each output says which weights
   * gave it. Swaps are part of checkpoints and savepoints: a job that goes on from one has the model of the last swap, whatever these
   * settings name. What becomes of a key's state follows from the weights that wrote it, see {@link dev.rill.serving.SwapHistory}.
   *
   * @param records keyed; the key says whose state a record steps
   * @param swaps in one order for all: of a source of parallelism 1
   * @param type of what is written
   * @param <K> keys
   * @return outputs, those of a key in the order of its records
   */
  public <K> SingleOutputStreamOperator<OUT> apply(KeyedStream<IN, K> records, DataStream<ModelSwap> swaps, TypeInformation<OUT> type) {
    DataStream<ModelSwap> timeless = TimelessSwaps.inOneOrder(swaps);
    return most == 1
        ? records.connect(timeless.broadcast(SwapLog.descriptor())).process(new RillSwapFunction<K, IN, OUT>(this), type)
        : records.connect(timeless.broadcast()).transform(NAME, type, new BatchSwapOperator<>(this));
  }

  /**
   * The function of {@link #apply(KeyedStream, TypeInformation)} on its own, without batches.
   *
   * @param <K> keys
   * @return a function for {@code process}
   */
  public <K> KeyedProcessFunction<K, IN, OUT> function() {
    return new RillFunction<>(this);
  }

  ModelAddress model() {
    return model;
  }

  RecordSteps<IN, OUT> steps() {
    return steps;
  }

  Carry carried() {
    return carry;
  }

  int keptInputs() {
    return keptInputs;
  }

  Expiry expiry() {
    return expiry;
  }

  int most() {
    return most;
  }

  long delay() {
    return delay;
  }

  /** Returns the address of the model and what is kept. */
  @Override
  public String toString() {
    return "KeyedNetwork of " + model;
  }
}
