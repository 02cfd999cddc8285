package dev.rill.flink;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** Records a second of one subtask: the same job with an empty function, with a network, with batches; and a session alone. */
final class Throughput {
  private static final int KEYS = 10_000;
  private static final int UNITS = 64;

  private Throughput() {}

  public static void main(String[] args) throws Exception {
    long records = Long.parseLong(args[0]);
    Path folder = Files.createTempDirectory("rill-flink");
    Sequential built = Sequential.of(Input.shape(Shape.UNKNOWN, Event.IN), new LSTM(UNITS), new Dense(Models.OUT));
    built.initialize(1);
    built.save(folder.resolve("model.keras"));
    ModelAddress model = ModelAddress.pinned(folder.resolve("model.keras").toUri().toString());
    Network network = model.load();
    System.out.println(network.warmUp(Duration.ofSeconds(20)));
    KeyedNetwork<Event, Result> settings = KeyedNetwork.of(model, new EventSteps());
    for (String backend : args[1].split(",")) {
      // The first rounds are for the compiler.
      for (int round = 0; round < 3; round++) {
        double empty = rate(backend, records, events -> events.process(new Empty(), TypeInformation.of(Result.class)));
        double each = rate(backend, records, events -> settings.apply(events, TypeInformation.of(Result.class)));
        double batches = rate(backend, records,
            events -> settings.batch(64, Duration.ofMillis(20)).apply(events, TypeInformation.of(Result.class)));
        double alone = alone(network, records);
        System.out.printf(Locale.ROOT, "%s: empty %.0f/s; rill %.0f/s = %.2f of empty, %.2f of a session; batches of 64 %.0f/s = %.2f, %.2f;"
            + " session %.0f/s%n", backend, empty, each, each / empty, each / alone, batches, batches / empty, batches / alone, alone);
      }
    }
    System.out.println("bytes of a state: " + network.rowBytes() + " and what Flink adds");
  }

  private static Event event(long number) {
    return Event.of(number, (int) (number * 7919 % KEYS), 1);
  }

  private static double rate(String backend, long records, Job.Step step) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, backend);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    env.getConfig().enableObjectReuse();
    KeyedStream<Event, Integer> events = env.fromSequence(0, records - 1).map(Throughput::event).keyBy(event -> event.key);
    step.apply(events).sinkTo(new DiscardingSink<>());
    return records / (env.execute().getNetRuntime() / 1e3);
  }

  private static double alone(Network network, long records) {
    Session session = network.session(KEYS);
    int[] row = new int[1];
    float[] y = new float[Models.OUT];
    long begin = System.nanoTime();
    for (long number = 0; number < records; number++) {
      Event event = event(number);
      row[0] = event.key;
      session.step(row, 1, event.x, y);
    }
    return records / ((System.nanoTime() - begin) / 1e9);
  }

  /** Writes what it reads. */
  private static final class Empty extends KeyedProcessFunction<Integer, Event, Result> {
    private static final long serialVersionUID = 1;

    private final float[] y = new float[Models.OUT];

    @Override
    public void processElement(Event event, Context context, Collector<Result> out) {
      out.collect(Result.of(event, y, 0));
    }
  }
}
