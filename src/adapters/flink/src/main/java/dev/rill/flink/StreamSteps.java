package dev.rill.flink;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/** What one subtask steps its keys with: rows, the network they run on, and the rules by which a key's state is taken up. */
final class StreamSteps<IN, OUT> implements AutoCloseable {
  private final KeyedNetwork<IN, OUT> settings;
  private final SwapLog swaps;
  private final RuntimeContext context;
  private ModelAddress model;
  private StoredStreams streams;
  private RillStateSerializer serializer;
  private float[] x = {};

  private StreamSteps(KeyedNetwork<IN, OUT> settings, SwapLog swaps, RuntimeContext context) {
    this.settings = settings;
    this.swaps = swaps;
    this.context = context;
  }

  /** Rows for the keys of a subtask, on the network that runs, which the task manager shares. */
  static <IN, OUT> StreamSteps<IN, OUT> open(KeyedNetwork<IN, OUT> settings, int rows, SwapLog swaps, RuntimeContext context)
      throws Exception {
    checkReplay(settings.carried(), settings);
    StreamSteps<IN, OUT> steps = new StreamSteps<>(settings, swaps, context);
    ModelAddress model = swaps.model(settings.model());
    Network network = SharedNetworks.acquire(model, context);
    steps.model = model;
    try {
      steps.streams = StoredStreams.of(network, rows).keepInputs(settings.keptInputs());
      steps.serializer = new RillStateSerializer(StateFormat.of(network, settings.carried()));
      swaps.begin(model, network.weightsFingerprint(), settings.carried());
      return steps;
    } catch (Exception e) {
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
    return RillState.descriptor(serializer);
  }

  /** Steps with another model from now on, or with the same and another policy; no key may be in a row. */
  void swap(ModelSwap swap) throws Exception {
    checkReplay(swap.carry, settings);
    ModelAddress next = swap.model();
    Network network = SharedNetworks.acquire(next, context);
    try {
      streams.swap(network, swap.carry);
    } catch (RuntimeException e) {
      SharedNetworks.release(next);
      throw e;
    }
    SharedNetworks.release(model);
    model = next;
    serializer.follow(StateFormat.of(network, settings.carried()));
    swaps.add(swap);
  }

  Network network() {
    return streams.network();
  }

  StoredStreams streams() {
    return streams;
  }

  /** Takes a key's state up for a record of some time; null begins it. */
  void load(int row, RillState state, long time) {
    if (state == null || settings.expiry().isOver(state.lastSeen, time)) {
      streams.begin(row);
    } else {
      streams.load(row, state.bytes, 0, swaps.carry(StoredStreams.weights(state.bytes, 0)));
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
