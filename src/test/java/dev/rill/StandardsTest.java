package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules that hold for every source file, checked by reading them. */
@OnceIsEnough
class StandardsTest {
  private static final Path ROOT = Path.of("src", "main", "java");
  private static final Path EXAMPLES = Path.of("src", "examples", "java");

  /** Exact everywhere. Math.exp, log, pow, sin differ in the last bit from run to run. */
  private static final Pattern EXACT = Pattern.compile(
      "fma|sqrt|abs|min|max|floor|ceil|rint|floorMod|floorDiv|\\w+Exact|PI");

  /** Which package may use which. */
  private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
      Map.entry("kernels", Set.of()),
      Map.entry("events", Set.of()),
      Map.entry("tensor", Set.of("kernels")),
      Map.entry("io", Set.of("tensor")),
      Map.entry("variables", Set.of("tensor")),
      Map.entry("layers", Set.of("variables", "tensor")),
      Map.entry("engine.ops", Set.of("layers", "variables", "tensor", "kernels")),
      Map.entry("engine.rnn", Set.of("engine.ops", "layers", "variables", "tensor", "kernels")),
      Map.entry("engine", Set.of("events", "engine.rnn", "engine.ops", "layers", "variables", "tensor", "kernels")),
      Map.entry("keras", Set.of("keras.hdf5", "io", "training", "layers", "variables", "tensor")),
      Map.entry("keras.hdf5", Set.of("io", "tensor")),
      Map.entry("training", Set.of("io", "engine", "layers", "variables", "tensor", "kernels")),
      Map.entry("", Set.of("events", "keras", "training", "engine", "layers", "variables", "tensor", "io")),
      Map.entry("serving", Set.of("", "events", "tensor", "io")),
      Map.entry("charts", Set.of("", "training", "layers", "variables", "tensor", "io")),
      Map.entry("cli", Set.of("charts", "serving", "", "training", "keras", "layers", "variables", "tensor", "io", "kernels")),
      Map.entry("examples", Set.of("serving", "", "training", "keras", "layers", "variables", "tensor", "io")));

  /** Code by path, without comments and the content of strings. */
  private static final Map<Path, String> SOURCES = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    for (Path root : List.of(ROOT, EXAMPLES)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          SOURCES.put(ROOT.relativize(file), code(Files.readString(file)));
        }
      }
    }
    assertTrue(SOURCES.size() > 50, "the sources are not where they are looked for");
  }

  private static String code(String source) {
    Pattern noise = Pattern.compile("/\\*.*?\\*/|//[^\\n]*"
        + "|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\])+'",
        Pattern.DOTALL);
    // Lines stay where they are.
    return noise.matcher(source).replaceAll(match -> {
      String lines = match.group().replaceAll("[^\\n]", "");
      return match.group().startsWith("/") ? lines : "\"\"" + lines;
    });
  }

  /** The package below dev.rill that a file lies in, or examples. */
  private static String home(Path file) {
    if (ROOT.resolve(file).normalize().startsWith(EXAMPLES)) {
      return "examples";
    }
    Path parent = file.getParent();
    return parent == null || parent.getNameCount() < 3 ? "" : parent.subpath(2, parent.getNameCount()).toString().replace('/', '.');
  }

  private static void assertNowhere(String rule, Pattern forbidden, java.util.function.Predicate<Path> where) {
    List<String> found = new ArrayList<>();
    SOURCES.forEach((file, code) -> {
      if (where.test(file)) {
        Matcher matcher = forbidden.matcher(code);
        while (matcher.find()) {
          long line = 1 + code.substring(0, matcher.start()).chars().filter(c -> c == '\n').count();
          found.add(file + ":" + line + " " + matcher.group());
        }
      }
    });
    assertEquals(List.of(), found, rule);
  }

  @Test
  void fromMathOnlyWhatIsExact() {
    assertNowhere("only exact functions of java.lang.Math", Pattern.compile("\\bMath\\.(?!(?:" + EXACT + ")\\b)\\w+"),
        file -> true);
    assertNowhere("no static import of Math", Pattern.compile("import static java\\.lang\\.(Strict)?Math\\b.*"), file ->
        true);
  }

  @Test
  void noTranscendentalsFromOutsideInTheArithmetic() {
    assertNowhere("StrictMath is for cold code only", Pattern.compile("\\bStrictMath\\b"), file ->
        home(file).equals("kernels"));
  }

  @Test
  void onlyVectorFilesOfTheKernelsSeeTheVectorApi() {
    assertNowhere("jdk.incubator.vector", Pattern.compile("jdk\\.incubator\\.vector"), file ->
        !file.getFileName().toString().equals("module-info.java")
            && !(home(file).equals("kernels") && file.getFileName().toString().startsWith("Vector")));
  }

  /** The SIMD kernels are loaded by name: a mention elsewhere would load the module where it is absent. VectorWidth asks first. */
  @Test
  void nothingButTheKernelsMentionsTheVectorClasses() {
    assertNowhere("vector classes", Pattern.compile("\\bVector(?!Width\\b)[A-Z]\\w*\\s*(?:[.(]|::)"),
        file -> !file.getFileName().toString().startsWith("Vector"));
  }

  @Test
  void kernelsUseNoOperationThatIsSlowOnSomeMachine() {
    assertNowhere("masks kept in variables, shuffles, reductions and vendor functions",
        Pattern.compile("\\b(VectorMask|VectorShuffle|rearrange|selectFrom|compress|expand|reduceLanes)\\b"
            + "|VectorOperators\\.(EXP|LOG|TANH|SIN|COS|POW|EXPM1|LOG1P|SINH|COSH|CBRT)\\b"),
        file -> home(file).equals("kernels"));
  }

  @Test
  void onlyTheCommandLineTheExamplesAndTheProgressOfTrainingPrint() {
    assertNowhere("printing", Pattern.compile("System\\.(out|err)\\b|printStackTrace"), file ->
        !home(file).equals("cli") && !home(file).equals("examples") && !file.endsWith("training/Progress.java"));
  }

  @Test
  void nobodyExitsTheProcessButTheCommandLine() {
    assertNowhere("exit", Pattern.compile("System\\.exit|Runtime\\.getRuntime\\(\\)\\.(exit|halt)"), file ->
        !home(file).equals("cli"));
  }

  @Test
  void nothingNativeUnsafeOrReflective() {
    assertNowhere("native or unsafe code",
        Pattern.compile("sun\\.misc|\\bUnsafe\\b|setAccessible|System\\.load|ObjectInputStream"), file -> true);
  }

  @Test
  void randomNumbersAreFunctionsOfACounter() {
    Pattern generators =
        Pattern.compile("\\b(Random|ThreadLocalRandom|SplittableRandom|SecureRandom)\\b|Math\\.random");
    // Names of temporary files and loads of benchmarks are no results.
    assertNowhere("generators with a state", generators, file -> !home(file).equals("io") && !home(file).equals("cli"));
  }

  @Test
  void packagesUseEachOtherInOneDirection() {
    Pattern use = Pattern.compile("\\bdev\\.rill(?:\\.([a-z0-9.]+))?\\.[A-Z]");
    List<String> found = new ArrayList<>();
    SOURCES.forEach((file, code) -> {
      if (file.getFileName().toString().equals("module-info.java")) {
        return;
      }
      Matcher matcher = use.matcher(code);
      while (matcher.find()) {
        String used = matcher.group(1) == null ? "" : matcher.group(1);
        Set<String> allowed = ARROWS.get(home(file));
        if (allowed == null) {
          found.add("an unknown package: " + file);
        } else if (!used.equals(home(file)) && !allowed.contains(used)) {
          found.add(file + " uses dev.rill" + (used.isEmpty() ? "" : "." + used));
        }
      }
    });
    assertEquals(List.of(), found);
  }

  @Test
  void theArrowsHaveNoCycle() {
    Set<String> settled = new HashSet<>();
    while (settled.size() < ARROWS.size()) {
      List<String> free = ARROWS.keySet().stream()
          .filter(name -> !settled.contains(name) && settled.containsAll(ARROWS.get(name))).toList();
      assertTrue(!free.isEmpty(), "a cycle among the packages other than " + settled);
      settled.addAll(free);
    }
  }

  /** A layer answers questions; who asks for its class instead has to be found again for every new one. */
  @Test
  void nobodyAsksALayerForItsClass() {
    Pattern declared = Pattern.compile("\\bclass (\\w+)(?:<[^{]*>)? extends \\w+");
    Set<String> layers = new HashSet<>();
    SOURCES.forEach((file, code) -> {
      Matcher matcher = declared.matcher(code);
      while (home(file).equals("layers") && matcher.find()) {
        layers.add(matcher.group(1));
      }
    });
    assertTrue(layers.size() > 12, "the layers are not where they are looked for: " + layers);
    assertNowhere("instanceof of a layer", Pattern.compile("\\binstanceof (?:" + String.join("|", layers) + ")\\b"), file -> true);
  }

  @Test
  void filesAreShort() throws IOException {
    for (Path file : SOURCES.keySet()) {
      long lines = Files.readAllLines(ROOT.resolve(file)).size();
      assertTrue(lines <= 500, file + " has " + lines + " lines");
    }
  }

  @Test
  void nothingIsImportedThatIsNotUsed() throws IOException {
    Pattern imported = Pattern.compile("^import (?:static )?[\\w.]+\\.(\\w+);$", Pattern.MULTILINE);
    List<String> found = new ArrayList<>();
    for (Path root : List.of(ROOT, EXAMPLES, Path.of("src", "test", "java"))) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          // Comments count: Javadoc may need an import.
          String source = Files.readString(file);
          imported.matcher(source).results().map(match -> match.group(1))
              .filter(name -> Pattern.compile("\\b" + name + "\\b").matcher(source).results().count() < 2)
              .forEach(name -> found.add(file + " imports " + name));
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void textIsPlain() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : SOURCES.keySet()) {
      List<String> lines = Files.readAllLines(ROOT.resolve(file));
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).contains("\t") || lines.get(i).endsWith(" ")) {
          found.add(file + ":" + (i + 1));
        }
      }
    }
    assertEquals(List.of(), found, "tabs or blanks at the end");
  }
}
