package dev.rill.flink;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import java.io.IOException;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/** What one subtask steps its keys with: rows, the network they run on, and the rules by which a key's state is taken up. */
final class StreamSteps<IN, OUT> implements AutoCloseable {
  private final KeyedNetwork<IN, OUT> settings;
  private final RuntimeContext context;
  private final SwapLog swaps = new SwapLog();
  private ModelAddress model;
  private StoredStreams streams;
  private StateFormat format;
  private float[] x = {};

  private StreamSteps(KeyedNetwork<IN, OUT> settings, RuntimeContext context) {
    this.settings = settings;
    this.context = context;
  }

  /** Rows for the keys of a subtask, on the network that the task manager shares. */
  static <IN, OUT> StreamSteps<IN, OUT> open(KeyedNetwork<IN, OUT> settings, int rows, RuntimeContext context) throws IOException {
    checkReplay(settings.carried(), settings);
    StreamSteps<IN, OUT> steps = new StreamSteps<>(settings, context);
    Network network = SharedNetworks.acquire(settings.model(), context);
    steps.model = settings.model();
    try {
      steps.streams = StoredStreams.of(network, rows).keepInputs(settings.keptInputs());
      steps.format = StateFormat.of(network, settings.carried());
      return steps;
    } catch (RuntimeException e) {
      steps.close();
      throw e;
    }
  }

  private static void checkReplay(Carry carry, KeyedNetwork<?, ?> settings) {
    if (carry == Carry.REPLAY && settings.keptInputs() == 0) {
      throw new RillException("there are no inputs to replay: say keepInputs, and let each key read some before");
    }
  }

  ValueStateDescriptor<RillState> descriptor() {
    return RillState.descriptor(format);
  }

  SwapLog swaps() {
    return swaps;
  }

  /** Steps with the model of the last swap from now on; no key may be in a row. */
  void swap() throws IOException {
    if (swaps.running() == null || swaps.running().model().equals(model)) {
      return;
    }
    checkReplay(swaps.running().carry, settings);
    ModelAddress next = swaps.running().model();
    Network network = SharedNetworks.acquire(next, context);
    try {
      streams.swap(network);
    } catch (RuntimeException e) {
      SharedNetworks.release(next);
      throw e;
    }
    SharedNetworks.release(model);
    model = next;
  }

  Network network() {
    return streams.network();
  }

  StoredStreams streams() {
    return streams;
  }

  /** Takes a key's state up for a record of some time; null begins it. */
  void load(int row, RillState state, long time) {
    Carry since = state == null ? null : swaps.carry(state.generation);
    if (state == null || since == Carry.RESET || settings.expiry().isOver(state.lastSeen, time)) {
      streams.begin(row);
    } else {
      streams.load(row, state.bytes, 0, since == null ? settings.carried() : since);
    }
  }

  /** Reads the inputs of a record. */
  void read(IN record, float[] to) {
    settings.steps().read(record, to);
  }

  /** How many time steps a record holds. */
  int count(IN record) {
    int count = settings.steps().steps(record);
    if (count < 1) {
      throw new ShapeException("a record holds " + count + " time steps: expected at least 1; drop records without steps before");
    }
    return count;
  }

  /** Steps a row through a record. */
  void run(int row, IN record, int count, float[] y) {
    int floats = count * network().inputFeatures(0);
    if (x.length < floats) {
      x = new float[floats];
    }
    settings.steps().read(record, x);
    streams.run(row, count, x, y);
  }

  /** What a key is to keep, in the same object if there is one. */
  RillState save(int row, RillState state, long time) {
    int most = streams.maxBytes();
    RillState saved = state == null ? new RillState(new byte[most], 0) : state;
    if (saved.bytes.length < most) {
      saved.bytes = new byte[most];
    }
    saved.length = streams.save(row, saved.bytes, 0);
    saved.lastSeen = settings.expiry().seen(saved.lastSeen, time);
    saved.generation = swaps.last();
    return saved;
  }

  @Override
  public void close() {
    if (model != null) {
      SharedNetworks.release(model);
      model = null;
    }
  }
}
