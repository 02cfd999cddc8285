package dev.rill.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of text and its blocks of code.
 *
 * @param file where it stands
 * @param text all of it
 * @param blocks in their order
 */
record Page(Path file, String text, List<Block> blocks) {
  /**
   * What stands between two fences.
   *
   * @param kind the word behind the first fence
   * @param line number of the first line between the fences
   * @param code the lines, each ended
   */
  record Block(String kind, int line, String code) {}

  static Page read(Path file) throws IOException {
    String text = Files.readString(file);
    List<Block> blocks = new ArrayList<>();
    StringBuilder code = null;
    String kind = null;
    int number = 0;
    int from = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.stripLeading().startsWith("```")) {
        if (code != null) {
          code.append(line).append('\n');
        }
      } else if (code == null) {
        kind = line.strip().substring(3);
        code = new StringBuilder();
        from = number + 1;
      } else {
        blocks.add(new Block(kind, from, code.toString()));
        code = null;
      }
    }
    if (code != null) {
      throw new AssertionError(file + ":" + from + ": a block that does not end");
    }
    return new Page(file, text, blocks);
  }

  /** Every page of the repository: Markdown that is not a generated table. */
  static List<Path> all() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("jmh", "RESULTS.md")));
    for (Path folder : List.of(Path.of("src", "docs"), Path.of("src", "recipes"), Path.of(".github"))) {
      try (var files = Files.walk(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }
}
