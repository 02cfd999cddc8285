package dev.rill.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.OnceIsEnough;
import dev.rill.io.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every block of every page holds what it says.
 *
 * <ul>
 *   <li>{@code java}: a file with a class is compiled, and run if it has a {@code main}; parts of a file are compiled together, one
 *       behind the other, as one program a page, and run. What uses a framework is compiled against declarations in
 *       {@code src/test/frameworks}; what uses an artifact of {@code src/adapters} is compiled by its own tests,
 *       and so are the pages of {@code src/recipes}.
 *   <li>{@code sh} runs in a copy of the repository, see {@link Scratch}.
 *   <li>{@code text} is what the block before it prints; "..." stands for what may differ, alone on a line for any number of lines.
 *   <li>{@code json} and {@code xml} are parsed, a dependency has the coordinates of the POM.
 *   <li>{@code python}, {@code kotlin}, {@code groovy}, {@code dockerfile}, {@code yaml} are parts of files in {@code src/docs}.
 * </ul>
 */
@OnceIsEnough
class PagesTest {
  private static final Set<String> EXCERPTS = Set.of("python", "kotlin", "groovy", "dockerfile", "yaml");
  private static final Pattern TYPE = Pattern.compile("^(?:public )?(?:final )?(?:class|record|interface) (\\w+)", Pattern.MULTILINE);
  private static final Pattern ADAPTER = Pattern.compile("^import dev\\.rill\\.(?:kafka|flink|micrometer)\\.", Pattern.MULTILINE);
  private static final Path RECIPES = Path.of("src", "recipes");
  private static final String PROGRAM = "Fragments";

  @TempDir
  private Path folder;

  @TestFactory
  Stream<DynamicTest> blocksHoldWhatTheySay() throws IOException {
    // What runs on engines is compiled where these are: in src/adapters.
    return Page.all().stream().filter(file -> !file.endsWith("engines.md")).map(file -> DynamicTest.dynamicTest(file.toString(), () -> check(Page.read(file))));
  }

  private void check(Page page) throws Exception {
    if (blocks(page).isEmpty()) {
      return;
    }
    try (Scratch scratch = Scratch.in(Files.createDirectories(folder.resolve(page.file().toString().replace('/', '_'))))) {
      check(page, scratch);
    }
  }

  private static void check(Page page, Scratch scratch) throws Exception {
    List<String> fragments = fragments(page, scratch);
    int fragment = 0;
    String printed = null;
    for (Page.Block block : blocks(page)) {
      String place = page.file() + ":" + block.line();
      switch (block.kind()) {
        case "java" -> {
          Matcher type = TYPE.matcher(block.code());
          boolean file = type.find();
          if (file) {
            scratch.compile(type.group(1), block.code(), frameworks(block));
          }
          boolean runs = file && block.code().contains("static void main(");
          printed = !file ? fragments.get(fragment++) : runs ? out(place, scratch.java(type.group(1))) : null;
        }
        case "sh" -> printed = out(place, scratch.shell(block.code()));
        case "text" -> {
          assertTrue(printed != null, place + ": there is nothing before it that prints");
          String actual = printed;
          assertTrue(pattern(block.code()).matcher(actual).matches(), () -> place + ": the page says\n" + block.code() + "it prints\n"
              + actual);
          printed = null;
        }
        case "json" -> Json.parseObject(block.code().getBytes(StandardCharsets.UTF_8), place);
        case "xml" -> checkXml(place, block.code());
        default -> {
          assertTrue(EXCERPTS.contains(block.kind()), place + ": nobody knows how to check a block of the kind '" + block.kind() + "'");
          assertTrue(files().stream().anyMatch(file -> plain(file).contains(plain(block.code()))),
              place + ": no file in src/docs has these lines");
        }
      }
    }
  }

  /** Those that are checked here. */
  private static List<Page.Block> blocks(Page page) {
    return page.file().startsWith(RECIPES) ? List.of()
        : page.blocks().stream().filter(block -> !ADAPTER.matcher(block.code()).find()).toList();
  }

  private static String out(String place, Scratch.Run run) {
    assertEquals(0, run.status(), () -> place + ": " + run.out());
    return run.out();
  }

  /** Compiles all parts of a page as one program and runs it; gives what each of them printed. */
  private static List<String> fragments(Page page, Scratch scratch) throws IOException {
    Set<String> imports = new TreeSet<>();
    StringBuilder body = new StringBuilder();
    for (Page.Block block : blocks(page)) {
      if (block.kind().equals("java") && !TYPE.matcher(block.code()).find()) {
        block.code().lines().filter(line -> line.startsWith("import ")).forEach(imports::add);
        body.append(block.code().lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n")));
        body.append("\nSystem.out.print(\"#end of a part#\");\n");
      }
    }
    if (body.isEmpty()) {
      return List.of();
    }
    String program = "import dev.rill.*; import dev.rill.layers.*; import dev.rill.tensor.*; import dev.rill.training.*; "
        + "import dev.rill.variables.*; import dev.rill.io.*; import java.util.*; import java.nio.file.*; import java.time.*;\n"
        + String.join("\n", imports) + "\npublic final class " + PROGRAM + " {\npublic static void main(String[] args) throws Exception {\n"
        + body + "}\n}\n";
    scratch.compile(PROGRAM, program, List.of());
    return List.of(out(page.file() + ", all parts of Java", scratch.java(PROGRAM)).split("#end of a part#", -1));
  }

  /** Declarations of the frameworks that a block imports. */
  private static List<Path> frameworks(Page.Block block) throws IOException {
    List<Path> stubs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "frameworks"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = Path.of("src", "test", "frameworks").relativize(file).toString().replace(".java", "").replace('/', '.');
        if (block.code().contains("import " + name + ";")) {
          stubs.add(file.toAbsolutePath());
        }
      }
    }
    return stubs;
  }

  /** The text with "..." for anything. */
  private static Pattern pattern(String text) {
    StringBuilder pattern = new StringBuilder();
    for (String line : text.split("\n")) {
      if (line.strip().equals("...")) {
        pattern.append("(?:.*\n)*?");
      } else {
        pattern.append(Stream.of(line.split("\\.\\.\\.", -1)).map(Pattern::quote).collect(Collectors.joining(".*"))).append("\n");
      }
    }
    return Pattern.compile(pattern + "\n*");
  }

  private static void checkXml(String place, String xml) throws Exception {
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    if (document.getDocumentElement().getTagName().equals("dependency")) {
      for (String part : List.of("groupId", "artifactId", "version")) {
        String value = document.getElementsByTagName(part).item(0).getTextContent();
        assertTrue(Files.readString(Path.of("pom.xml")).contains("  <" + part + ">" + value + "</"), place + ": " + value);
      }
    }
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "docs"))) {
      List<String> texts = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().matches(".*\\.(md|npy|npz|keras)")) {
          texts.add(Files.readString(file));
        }
      }
      return texts;
    }
  }

  /** Without blanks at the ends of lines. */
  private static String plain(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @Test
  void theFirstPageFitsAFewScreens() throws IOException {
    assertTrue(Files.readAllLines(Path.of("README.md")).size() <= 150);
  }

  @Test
  void theDocumentationBeginsWithTheSameProgram() throws IOException {
    String program = Page.read(Path.of("README.md")).blocks().stream().filter(block -> block.kind().equals("java")).findFirst()
        .orElseThrow().code();
    String overview = Files.readString(Path.of("src", "main", "javadoc", "overview.html"));
    assertTrue(overview.contains(program.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
  }

  @Test
  void artifactsThatArePromisedAreBuilt() throws IOException {
    Set<String> built = new TreeSet<>();
    for (String pom : List.of("pom.xml", "src/adapters/kafka/pom.xml", "src/adapters/flink/pom.xml", "src/adapters/micrometer/pom.xml")) {
      Matcher names = Pattern.compile("<artifactId>(rill[a-z-]*)</artifactId>").matcher(Files.readString(Path.of(pom)));
      while (names.find()) {
        built.add(names.group(1));
      }
    }
    Set<String> promised = new TreeSet<>();
    for (Path file : Page.all()) {
      Matcher names = Pattern.compile("dev\\.rill:([a-z-]+)").matcher(Files.readString(file));
      while (names.find()) {
        promised.add(names.group(1));
      }
    }
    assertTrue(promised.containsAll(Set.of("rill-kafka-streams", "rill-flink")), promised::toString);
    assertTrue(built.containsAll(promised), () -> "built " + built + ", promised " + promised);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path file : Page.all()) {
      String text = Files.readString(file);
      Matcher link = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\\)").matcher(text);
      while (link.find()) {
        Path target = link.group(1).isEmpty() ? file : file.toAbsolutePath().resolveSibling(link.group(1)).normalize();
        boolean there = Files.exists(target) && (link.group(2) == null || anchors(Files.readString(target)).contains(link.group(2)));
        if (!there) {
          broken.add(file + " -> " + link.group());
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static Set<String> anchors(String text) {
    return text.lines().filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase().replaceAll("[^a-z0-9 -]", "").replace(' ', '-')).collect(Collectors.toSet());
  }

  /** Words that puzzled newcomers are not on the pages. */
  @Test
  void wordsAreThoseOfTheField() throws IOException {
    Pattern puzzling = Pattern.compile("\\b(Keras face|carriers?|crew|hand-?over|the bars?|roofs?|planes?)\\b", Pattern.CASE_INSENSITIVE);
    List<String> found = new ArrayList<>();
    for (Path file : Page.all()) {
      Matcher word = puzzling.matcher(Files.readString(file));
      while (word.find()) {
        found.add(file + ": " + word.group());
      }
    }
    assertEquals(List.of(), found);
  }
}
