package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on the page about engines compiles, without warnings, and does what the page says. */
class PageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "engines.md");

  @TempDir
  private Path folder;

  private static String program() throws IOException {
    String page = Files.readString(PAGE);
    String section = page.substring(page.indexOf("\n## Kafka Streams\n"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(section.split("\n## ", 3)[1]);
    assertTrue(block.find());
    String program = block.group(1);
    assertTrue(!block.find(), "a second program: let it be tested, too");
    return program;
  }

  private Class<?> compiled() throws Exception {
    Path source = Files.writeString(folder.resolve("Forecasts.java"), program());
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, System.out, System.out, "-Xlint:all,-processing,-classfile", "-Werror",
        "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "-d", folder.toString(),
        source.toString()));
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader()).loadClass("Forecasts");
  }

  private static Serde<double[]> doubles() {
    return Serdes.serdeFrom((topic, values) -> {
      ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
      bytes.asDoubleBuffer().put(values);
      return bytes.array();
    }, (topic, bytes) -> {
      double[] values = new double[bytes.length / 8];
      ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
      return values;
    });
  }

  @Test
  @SuppressWarnings("unchecked")
  void theProgramForecasts() throws Exception {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new LSTM(4).returnSequences(true));
    model.initialize(1);
    model.save(folder.resolve("first.keras"));
    model.initialize(2);
    model.save(folder.resolve("next.keras"));
    Network first = Network.load(folder.resolve("first.keras"));
    Network next = Network.load(folder.resolve("next.keras"));
    Class<?> program = compiled();
    StreamsBuilder builder = new StreamsBuilder();
    Object network = program.getMethod("network", StreamsBuilder.class, Path.class).invoke(null, builder, folder.resolve("first.keras"));
    KStream<String, double[]> readings = builder.stream("in", Consumed.with(Serdes.String(), doubles()));
    ((KStream<String, Double>) program.getMethod("of", KStream.class, ServedNetwork.class).invoke(null, readings, network))
        .to("out", Produced.with(Serdes.String(), Serdes.Double()));
    Properties options = new Properties();
    options.putAll(Map.of("application.id", "page", "bootstrap.servers", "nowhere:1", "state.dir", folder.toString()));
    try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), options)) {
      var in = driver.createInputTopic("in", Serdes.String().serializer(), doubles().serializer());
      var networks = driver.createInputTopic("networks", Serdes.String().serializer(), Serdes.String().serializer());
      var out = driver.createOutputTopic("out", Serdes.String().deserializer(), Serdes.Double().deserializer());
      Session alone = first.session(1);
      float[] y = new float[4];
      for (int i = 0; i < 6; i++) {
        if (i == 3) {
          networks.pipeInput("forecast", "KEEP " + Integer.toHexString(next.weightsFingerprint()) + " " + folder.resolve("next.keras"));
          alone = alone.moveTo(next);
        }
        in.pipeInput("pump 7", new double[] {0.1 * i, 0.5}, 1000L * i);
        alone.step(new float[] {(float) (0.1 * i), 0.5f}, y);
        assertEquals((double) y[0], out.readValue());
      }
      KeyState state = KeyState.of(next, driver.<String, byte[]>getKeyValueStore("forecast").get("pump 7"));
      assertArrayEquals(alone.state().toBytes(), state.state().toBytes());
      assertEquals(5000, state.lastSeen().toEpochMilli());
    }
  }
}
