package dev.rill.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.serving.SequenceBatcher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on serving says of Micrometer is compiled and run. */
class ServingPageTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(import dev\\.rill\\.micrometer\\.\\w+;\n)(.*?)```", Pattern.DOTALL);

  @Test
  void theLinesOfThePageBindABatcher(@TempDir Path folder) throws Exception {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "..", "..", "src", "docs", "serving.md")));
    assertTrue(block.find());
    String program = block.group(1) + "public final class Page { public static void run(dev.rill.serving.SequenceBatcher<?> batcher, "
        + "io.micrometer.core.instrument.MeterRegistry registry) {\n" + block.group(2) + "}}";
    SimpleJavaFileObject source = new SimpleJavaFileObject(URI.create("string:///Page.java"), Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return program;
      }
    };
    StringWriter messages = new StringWriter();
    List<String> options = List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    assertTrue(ToolProvider.getSystemJavaCompiler().getTask(messages, null, null, options, null, List.of(source)).call(),
        messages::toString);
    MeterRegistry registry = new SimpleMeterRegistry();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        SequenceBatcher<Integer> batcher = Served.batcher()) {
      Served.step(batcher, 10);
      loader.loadClass("Page").getMethod("run", SequenceBatcher.class, MeterRegistry.class).invoke(null, batcher, registry);
      assertEquals(10, registry.get("rill.execution").tag("name", "forecast").functionCounter().count());
    }
  }
}
