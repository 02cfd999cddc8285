package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static void assertOneLine(String expected, Rill run) {
    assertAll(
        () -> assertEquals("", run.out()),
        () -> assertTrue(run.err().startsWith("rill: "), run.err()),
        () -> assertEquals(1, run.err().lines().count(), run.err()),
        () -> assertTrue(run.err().contains(expected), run.err()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "--nonsense", "--help me", "summary", "summary a b", "summary --nonsense a",
      "summary --help=yes a", "verify", "verify --rtol", "verify --rtol x a", "verify --atol -1 a",
      "verify --atol NaN a",
      "verify --rtol 1 --rtol 1 a", "predict m in.npy", "predict m in.npy -o", "predict m in.npy -o out.txt",
      "predict m in.txt -o out.npy", "help me", "predict m -o out.npy", "predict m in.npy -o m.npy --batch 0",
      "predict m.npy in.npy -o m.npy", "predict m in.npy -o out.npy --state-out out.npy", "bench",
      "bench m --layer lstm",
      "bench --layer lstm", "bench --layer rnn --input 1 --units 1", "bench --input 1 m", "bench m --json=1",
      "bench m --seconds 0", "bench m --rate x", "bench m --steps 1.5", "demo m", "demo --fast"})
  void misuseIsStatus2(String line) {
    Rill run = Rill.run((Object[]) (line.isEmpty() ? new String[0] : line.split(" ")));
    assertEquals(2, run.status());
    assertOneLine("--help)", run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"summary /no/such.keras", "summary .", "predict /no/such.keras in.npy -o out.npy",
      "predict m in.npy -o /no/such/folder/out.npy", "bench /no/such.keras"})
  void failureIsStatus1(String line) {
    Rill run = Rill.run((Object[]) line.split(" "));
    assertEquals(1, run.status());
    assertOneLine("", run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"summary", "predict", "verify", "train", "trace", "curves", "judge", "bench", "demo"})
  void everyCommandHasHelp(String command) {
    Rill run = Rill.run(command, "--help");
    assertEquals(0, run.status());
    assertTrue(run.out().startsWith("rill " + command), run.out());
    assertTrue(Rill.run("--help").out().contains(command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"summary", "predict", "verify", "train", "bench", "demo"})
  void helpFitsATerminalHoweverItIsAskedFor(String command) {
    Rill run = Rill.run(command, "--help");
    assertTrue(run.out().lines().allMatch(line -> line.length() <= 80), run.out());
    assertEquals(run, Rill.run(command, "-h"));
    assertEquals(run, Rill.run("help", command));
    assertEquals(Rill.run("help"), Rill.run("-h"));
    assertTrue(Rill.run("help").out().lines().allMatch(line -> line.length() <= 80));
  }

  @Test
  void versionIsOneLine() {
    Rill run = Rill.run("--version");
    assertEquals(0, run.status());
    assertTrue(run.out().matches("rill .+\n"), run.out());
  }

  @Test
  void summaryIsThatOfTheModel() throws IOException {
    Path file = Rill.model("seed_windows");
    assertEquals(new Rill(0, Model.load(file).summary(), ""), Rill.run("summary", file));
  }

  @Test
  void summaryReadsTheWeightsToo(@TempDir Path folder) throws IOException {
    byte[] bytes = Files.readAllBytes(Rill.model("seed_windows"));
    // In the middle of the archive lies the data of the weights.
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged.keras"), bytes);
    Rill run = Rill.run("summary", damaged);
    assertEquals(1, run.status());
    assertOneLine("damaged.keras", run);
  }

  @Test
  void controlCharactersOfAFileDoNotReachTheTerminal() {
    assertOneLine("no file a\\u000ab\\u001b[31m", Rill.run("summary", "a\nb\u001b[31m"));
  }

  @Test
  void anOutputThatCannotBeWrittenIsAFailure() {
    PrintStream full = new PrintStream(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("no space left");
      }
    });
    assertEquals(1, Main.run(new String[] {"--version"}, full, new PrintStream(OutputStream.nullOutputStream())));
  }
}
