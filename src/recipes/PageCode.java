import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes each block of Java of a page to a file named after its package and class, so that a compiler reads what readers do:
 * {@code java PageCode.java PAGE FOLDER}.
 */
final class PageCode {
  private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern TYPE = Pattern.compile("^(?:public )?(?:final )?(?:class|record|interface) (\\w+)", Pattern.MULTILINE);

  private PageCode() {}

  public static void main(String... args) throws IOException {
    Path page = Path.of(args[0]);
    Matcher block = BLOCK.matcher(Files.readString(page));
    int blocks = 0;
    while (block.find()) {
      blocks++;
      String code = block.group(1);
      Path folder = Path.of(args[1], first(PACKAGE, code, page).replace('.', '/'));
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(first(TYPE, code, page) + ".java"), code);
    }
    if (blocks == 0) {
      throw new IllegalArgumentException(page + " has no block of Java");
    }
  }

  private static String first(Pattern wanted, String code, Path page) {
    Matcher found = wanted.matcher(code);
    if (!found.find()) {
      throw new IllegalArgumentException(page + ": expected a block with '" + wanted + "', found\n" + code);
    }
    return found.group(1);
  }
}
