package dev.rill.flink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/** The job of the failure tests: numbered events without end, a network, results in files that are committed with checkpoints. */
final class Job {
  static final String UID = "rill";
  static final int KEYS = 50;
  static final int MAX_PARALLELISM = 16;
  private static final int STOPS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("patience", 300));

  /** What is applied to the events. */
  interface Step {
    SingleOutputStreamOperator<Result> apply(KeyedStream<Event, Integer> events);
  }

  private Job() {}

  static Configuration settings(Backend backend, Path folder, String savepoint) {
    Configuration settings = new Configuration();
    settings.set(StateBackendOptions.STATE_BACKEND, backend.key());
    settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.resolve("checkpoints").toUri().toString());
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 100);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(300));
    // Kryo never sees a record or a state.
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    if (savepoint != null) {
      settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    return settings;
  }

  static JobClient start(StreamExecutionEnvironment env, int parallelism, int failures, Step step, Path results) throws Exception {
    return start(env, parallelism, failures, step, results, KEYS, 3000);
  }

  static JobClient start(StreamExecutionEnvironment env, int parallelism, int failures, Step step, Path results, int keys, int rate)
      throws Exception {
    env.setParallelism(parallelism);
    env.setMaxParallelism(MAX_PARALLELISM);
    GeneratorFunction<Long, Event> events = number -> Event.of(number, keys);
    DataGeneratorSource<Event> source = new DataGeneratorSource<>(events, Long.MAX_VALUE, RateLimiterStrategy.perSecond(rate),
        TypeInformation.of(Event.class));
    SingleOutputStreamOperator<Event> stream = env
        .fromSource(source, WatermarkStrategy.<Event>forMonotonousTimestamps().withTimestampAssigner((event, time) -> event.time), "events")
        .setParallelism(1).uid("events").map(new ThrowingMap(failures, 2)).setParallelism(1).uid("throwing");
    SingleOutputStreamOperator<Result> stepped = step.apply(stream.keyBy(event -> event.key)).uid(UID);
    stepped.sinkTo(FileSink.forRowFormat(new org.apache.flink.core.fs.Path(results.toUri()), new SimpleStringEncoder<Result>())
        .withRollingPolicy(OnCheckpointRollingPolicy.build()).build()).uid("results");
    return env.executeAsync();
  }

  /** Waits until so many bytes of results are committed; a job that ends before that has failed. */
  static void awaitResults(JobClient job, Path results, long bytes) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (Committed.bytes(results) < bytes) {
      if (job.getJobStatus().get().isGloballyTerminalState() || System.nanoTime() > end) {
        throw new AssertionError("the job is " + job.getJobStatus().get() + " and has committed " + Committed.bytes(results) + " bytes");
      }
      Thread.sleep(100);
    }
  }

  /** Stops a job, as soon as it is not about to restart; returns where its states are, in the format that the backend has. */
  static String stop(JobClient job, Path folder, SavepointFormatType format) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return job.stopWithSavepoint(false, folder.resolve("savepoints").toUri().toString(), format).get();
      } catch (ExecutionException e) {
        if (attempt == STOPS) {
          throw e;
        }
        Thread.sleep(500);
      }
    }
  }
}
