package dev.rill.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Model;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

/**
 * A folder that looks like a clone after {@code mvn package}, in which the blocks of a page run: the repository's files by links,
 * {@code target/rill.jar}, and first in PATH the commands that nobody can run in a test, which accept what {@code commands.txt} lists
 * and do nothing.
 */
final class Scratch implements AutoCloseable {
  private static final List<String> LINKS = List.of("src", "testdata", "jmh", "pom.xml", "README.md", "NOTICE");
  private static final List<String> PRETENDED = List.of("mvn", "git", "python", "pip", "docker", "native-image", "jcmd", "curl");
  private static final Path COMMANDS = Path.of("src", "test", "resources", "dev", "rill", "pages", "commands.txt");

  private final Path folder;
  private final Path classes;

  private Scratch(Path folder) {
    this.folder = folder;
    classes = folder.resolve("classes");
  }

  static Scratch in(Path folder) throws Exception {
    for (String name : LINKS) {
      Files.createSymbolicLink(folder.resolve(name), Path.of(name).toAbsolutePath());
    }
    Path jar = Files.createDirectories(folder.resolve("target")).resolve("rill.jar");
    Path main = Path.of(Model.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    // Compiled without the module's declaration it is an automatic module of the same name.
    Path manifest = folder.resolve("target").resolve("manifest");
    boolean module = Files.exists(main.resolve("module-info.class"));
    Files.writeString(manifest, module ? "Manifest-Version: 1.0\n"
        : "Manifest-Version: 1.0\nAutomatic-Module-Name: dev.rill\n");
    int status = java.util.spi.ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--file", jar.toString(),
        "--manifest", manifest.toString(), "--main-class", "dev.rill.cli.Main", "-C", main.toString(), ".");
    assertEquals(0, status, "the JAR could not be made");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String name : PRETENDED) {
      Path command = bin.resolve(name);
      Files.writeString(command, "#!/bin/sh\n"
          + "grep -Fqx -- \"" + name + " $*\" '" + COMMANDS.toAbsolutePath() + "' || {\n"
          + "  echo \"not in commands.txt: " + name + " $*\" >&2; exit 1\n}\n"
          // What Keras recorded by these commands once.
          + "case \"$*\" in\n"
          + "  src/docs/record_case.py*--y*) cp -r src/docs/example/trained_case \"$4\" ;;\n"
          + "  src/docs/record_case.py*) cp -r src/docs/example/case \"$4\" ;;\n"
          + "esac\n");
      assertTrue(command.toFile().setExecutable(true));
    }
    return new Scratch(Files.createDirectories(folder.resolve("classes")).getParent());
  }

  /** The folder is thrown away, what the links lead to is not. */
  @Override
  public void close() throws IOException {
    for (String name : LINKS) {
      Files.delete(folder.resolve(name));
    }
  }

  /** Writes a file of Java and compiles it together with what its page has written before. */
  void compile(String name, String source, List<Path> stubs) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".java"), source);
    List<String> arguments = new ArrayList<>(List.of("--release", "17", "-proc:none", "-nowarn", "-d", classes.toString(), "-cp",
        folder.resolve("target").resolve("rill.jar") + File.pathSeparator + classes, file.toString()));
    stubs.forEach(stub -> arguments.add(stub.toString()));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments.toArray(new String[0]));
    assertEquals(0, status, () -> messages.toString(StandardCharsets.UTF_8) + source);
  }

  /** Runs a class that was compiled. */
  Run java(String name) throws IOException {
    return run(List.of("java", "-XX:TieredStopAtLevel=1", "-cp", folder.resolve("target").resolve("rill.jar") + File.pathSeparator
        + classes, name));
  }

  /** Runs lines of shell; the first that fails ends it. */
  Run shell(String lines) throws IOException {
    return run(List.of("/bin/sh", "-eu", "-c", lines));
  }

  /** What a process came to; errors are shown where standard output is asked for. */
  record Run(int status, String out) {}

  private Run run(List<String> command) throws IOException {
    Path out = folder.resolve("target").resolve("out");
    Path err = folder.resolve("target").resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile())
        .redirectError(err.toFile());
    String tools = Path.of(System.getProperty("java.home"), "bin").toString();
    builder.environment().put("PATH", folder.resolve("bin") + ":" + folder.resolve("src/main/bin") + ":" + tools + ":" + System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("RILL_JAR", folder.resolve("target").resolve("rill.jar").toString());
    List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS").forEach(builder.environment()::remove);
    Process process = builder.start();
    try {
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    String text = Files.readString(out, StandardCharsets.UTF_8);
    return new Run(process.exitValue(), process.exitValue() == 0 ? text : text + Files.readString(err, StandardCharsets.UTF_8));
  }
}
