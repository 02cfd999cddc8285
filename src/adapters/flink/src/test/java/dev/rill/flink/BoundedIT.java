package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.serving.Carry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records that come to an end, in both of Flink's modes: its batch mode gives an operator one key after the other. */
class BoundedIT {
  private static final int RECORDS = 500;
  private static final int KEYS = 7;

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"STREAMING, 16, true", "BATCH, 1, true", "BATCH, 16, false", "BATCH, 16, true"})
  void outputsAreThoseOfASessionForEachKey(RuntimeExecutionMode mode, int most, boolean swaps) throws Exception {
    ModelAddress model = Models.file(folder, 1);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
    env.setRuntimeMode(mode);
    KeyedStream<Event, Integer> events = env.fromData(Event.list(0, RECORDS, KEYS)).assignTimestampsAndWatermarks(
        WatermarkStrategy.<Event>forMonotonousTimestamps().withTimestampAssigner((event, time) -> event.time)).keyBy(event -> event.key);
    KeyedNetwork<Event, Result> settings = KeyedNetwork.of(model, new EventSteps()).batch(most, Duration.ofSeconds(10))
        .idle(Duration.ofDays(1));
    TypeInformation<Result> type = TypeInformation.of(Result.class);
    DataStream<ModelSwap> same = env.fromData(ModelSwap.to(model.address(), model.load().weightsFingerprint(), Carry.KEEP));
    List<String> results = new ArrayList<>();
    (swaps ? settings.apply(events, same, type) : settings.apply(events, type)).executeAndCollect(2 * RECORDS)
        .forEach(result -> results.add(result.toString()));
    List<String> expected = new ArrayList<>();
    Alone alone = new Alone(model.load());
    Event.list(0, RECORDS, KEYS).forEach(event -> expected.add(alone.step(event)));
    assertEquals(expected.stream().sorted().toList(), results.stream().sorted().toList());
  }
}
