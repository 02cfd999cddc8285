package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PropertyNamesTest {
  @Test
  void namesThatWereMeantForRillAreFound() {
    List<String> misspelt = List.of("Drill.kernels", "RILL_KERNELS", "Rill.warmup", "dev.rill.kernels", "drill.warmup",
        "rill.", "rill.kernel", "rill.threads", "rill.warm-up", "rillkernels");
    assertEquals(misspelt, PropertyNames.misspelt(misspelt));
  }

  @Test
  void othersAreLeftInPeace() {
    List<String> others = List.of("rill.kernels", "rill.warmup", "drill.exec.rpc.port", "org.drill.kernels.of.another", "rillet.home",
        "java.version", "thrill.level", "kernels", "");
    assertEquals(List.of(), PropertyNames.misspelt(others));
  }

  @Test
  void everyPropertyThatIsReadIsKnown() throws IOException {
    Pattern property = Pattern.compile("(?:property|getProperty|getBoolean|getInteger|getLong)\\(\\s*\"(rill\\.[^\"]*)\"");
    Set<String> read = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher matcher = property.matcher(Files.readString(file));
        while (matcher.find()) {
          read.add(matcher.group(1));
        }
      }
    }
    assertEquals(new TreeSet<>(PropertyNames.KNOWN), read);
  }
}
