package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on the page about engines compiles, without warnings, and does what the page says. */
class PageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "engines.md");

  @TempDir
  private Path folder;

  private static String program() throws IOException {
    String page = Files.readString(PAGE);
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(page.substring(page.indexOf("\n## Flink\n") + 1).split("\n## ")[0]);
    assertTrue(block.find());
    String program = block.group(1);
    assertTrue(!block.find(), "a second program: let it be tested, too");
    return program;
  }

  @Test
  @SuppressWarnings("unchecked")
  void theProgramForecasts() throws Exception {
    Path source = Files.writeString(folder.resolve("Forecasts.java"), program());
    // Where a local cluster finds classes of a job: on the class path.
    Path classes = Path.of(PageTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, System.out, System.out, "-Xlint:all,-processing,-classfile,-path",
        "-Werror", "-proc:none", "-cp", path, "-d", classes.toString(), source.toString()));
    ModelAddress model = Models.file(folder, 1, 4, 2);
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    List<Tuple2<String, float[]>> readings = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      readings.add(Tuple2.of("pump " + i % 3, i % 4 == 0 ? new float[] {i, 1, 2, 3} : new float[] {i, 1}));
    }
    List<String> expected = new ArrayList<>();
    List<Session> alone = new ArrayList<>();
    for (int pump = 0; pump < 3; pump++) {
      alone.add(model.load().session(1));
    }
    for (Tuple2<String, float[]> reading : readings) {
      float[] y = new float[2 * Models.OUT];
      alone.get(reading.f0.charAt(5) - '0').run(reading.f1.length / 2, reading.f1, y);
      expected.add(Tuple2.of(reading.f0, y[0]).toString());
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
    DataStream<Tuple2<String, float[]>> stream = env.fromData(readings, Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.FLOAT)))
        .assignTimestampsAndWatermarks(WatermarkStrategy.<Tuple2<String, float[]>>noWatermarks()
            .withTimestampAssigner((reading, time) -> (long) reading.f1[0]));
    var forecasts = (SingleOutputStreamOperator<Tuple2<String, Float>>) Class.forName("Forecasts")
        .getMethod("of", DataStream.class, ModelAddress.class, TypeInformation.class)
        .invoke(null, stream, model, Types.TUPLE(Types.STRING, Types.FLOAT));
    List<String> actual = new ArrayList<>();
    forecasts.executeAndCollect(100).forEach(forecast -> actual.add(forecast.toString()));
    assertEquals(expected, actual);
  }
}
