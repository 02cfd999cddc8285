package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every warning that the compiler has is an error. The build itself cannot say so: {@code -Werror} of JDK 17 fails for the note that
 * an incubating module is in use, which nothing turns off there.
 */
@OnceIsEnough
class WarningsTest {
  private static final String INCUBATING = "compiler.warn.incubating.modules";
  private static final Path ROOT = Path.of("");

  @TempDir
  Path classes;

  @Test
  void theSourcesCompileWithoutAWarning() throws IOException {
    assertEquals(List.of(), warnings(List.of("src/main/java"), List.of()));
  }

  @Test
  void theTestsAndExamplesCompileWithoutAWarning() throws IOException {
    assertEquals(List.of(), warnings(List.of("src/test/java", "src/examples/java"),
        List.of("--add-modules", "jdk.incubator.vector", "-cp", Jvm.CLASS_PATH)));
  }

  @Test
  void aWarningIsFound() throws IOException {
    Path source = Files.writeString(classes.resolve("Raw.java"), "class Raw { java.util.List raw; }");
    List<String> found = warnings(List.of(source.toString()), List.of());
    assertTrue(found.size() == 1 && found.get(0).contains("rawtypes"), found.toString());
  }

  private List<String> warnings(List<String> folders, List<String> options) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> below = Files.walk(ROOT.resolve(folder))) {
        below.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    assertTrue(!files.isEmpty(), "no sources in " + folders);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<String> all = new ArrayList<>(List.of("-Xlint:all", "-Xmaxwarns", "1000", "-proc:none", "-d", classes.toString()));
    all.addAll(options);
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      compiler.getTask(null, manager, diagnostics, all, null, manager.getJavaFileObjectsFromPaths(files)).call();
    }
    List<String> found = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
      if (diagnostic.getKind() != Diagnostic.Kind.NOTE && !diagnostic.getCode().equals(INCUBATING)) {
        found.add(diagnostic.toString());
      }
    }
    return found;
  }
}
