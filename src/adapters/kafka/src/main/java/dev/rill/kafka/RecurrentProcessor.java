package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.serving.StoredStreams;
import java.util.List;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/** Steps the stream of each record's key. What it keeps between records is in its stores and nowhere else. */
final class RecurrentProcessor<K, V, R> implements FixedKeyProcessor<K, V, R> {
  private final RecurrentSupplier<K, V, R> options;
  private FixedKeyProcessorContext<K, R> context;
  private KeyValueStore<K, byte[]> states;
  /** Null if a record is never read twice. */
  private Fence fence;
  private Sensor fenced;
  /** Null if streams do not end by themselves. */
  private LastSeen<K> lastSeen;
  private TaskSwaps swaps;
  private ServedNetwork.Version version;
  private StoredStreams streams;
  private int in;
  private int out;
  private boolean lastStepOnly;
  private byte[] scratch;

  RecurrentProcessor(RecurrentSupplier<K, V, R> options) {
    this.options = options;
  }

  @Override
  public void init(FixedKeyProcessorContext<K, R> task) {
    context = task;
    options.network().begin();
    states = task.getStateStore(options.store());
    swaps = options.swaps(task);
    lastSeen = options.lastSeen(task, states);
    if (lastSeen != null) {
      task.schedule(options.clearEvery(), PunctuationType.STREAM_TIME, lastSeen::clear);
    }
    fence = options.fenced(task) ? new Fence() : null;
    fenced = task.metrics().addRateTotalSensor("rill", options.store(), "fenced-records", Sensor.RecordingLevel.INFO);
    version = null;
    in = options.network().network().inputFeatures(0);
  }

  @Override
  public void process(FixedKeyRecord<K, V> record) {
    Position position = fence == null ? null : fence.next(context.recordMetadata(), context.currentSystemTimeMs());
    if (record.key() == null) {
      throw broken("has no key, which says whose stream it steps");
    }
    byte[] value = states.get(record.key());
    KeyBytes before = value == null ? null : KeyBytes.read(value);
    List<Position> read = before == null ? List.of() : before.read();
    if (position != null && Fence.hasRead(read, position)) {
      skip(record.key(), value);
      return;
    }
    float[] x = inputs(record);
    follow();
    long now = context.currentStreamTimeMs();
    if (before == null || lastSeen != null && lastSeen.ended(now, value)) {
      streams.begin(0);
    } else {
      int at = before.stream();
      streams.load(0, value, at, swaps.carry(StoredStreams.weights(value, at)));
    }
    int steps = x.length / in;
    float[] y = new float[lastStepOnly ? out : steps * out];
    streams.run(0, steps, x, y);
    R result = options.outputs().of(record, y);
    int length = streams.save(0, scratch, 0);
    // The output first: what ends between the two gives it again, and does not leave it out.
    context.forward(record.withValue(result));
    states.put(record.key(), KeyBytes.write(now, position == null ? read : Fence.with(read, position), scratch, length));
    if (lastSeen != null) {
      lastSeen.seen(record.key(), value, now);
    }
  }

  private void skip(K key, byte[] value) {
    fenced.record();
    // The local disk may be ahead of the changelog, which would never hear of this record.
    states.put(key, value);
    if (lastSeen != null) {
      lastSeen.unchanged(key, value);
    }
  }

  private float[] inputs(FixedKeyRecord<K, V> record) {
    float[] x = options.inputs().of(record);
    if (x == null) {
      throw broken("has no inputs: got null");
    }
    if (x.length == 0 || x.length % in != 0) {
      throw broken("has " + x.length + " inputs: expected " + in + ", or a multiple of it for several time steps");
    }
    for (int i = 0; i < x.length; i++) {
      if (!Float.isFinite(x[i])) {
        throw broken("has " + x[i] + " as input " + i % in + " of step " + i / in + ", which would stay in the stream's state: expected "
            + "finite numbers");
      }
    }
    return x;
  }

  private BrokenRecordException broken(String what) {
    return new BrokenRecordException("the record " + Fence.source(context.recordMetadata())
        .map(at -> "at offset " + at.offset() + " of " + at.topic() + "-" + at.partition()).orElse("without offset") + " " + what);
  }

  /** Takes up the network that is served. */
  private void follow() {
    ServedNetwork.Version next = options.network().version();
    if (next == version) {
      return;
    }
    streams = options.network().streams(next);
    swaps.take(next);
    version = next;
    Network network = next.network();
    out = network.outputFeatures(0);
    lastStepOnly = network.predictor().outputSteps(2) == 1;
    scratch = new byte[streams.maxBytes()];
  }
}
