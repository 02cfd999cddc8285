package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean terminal) {
    return new Console(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), terminal);
  }

  @Test
  void aTerminalSeesWhatTakesTimeUntilSomethingIsWritten() {
    Console console = console(true);
    console.progress("warming up");
    console.progress("at once: left out");
    console.out().print("result");
    assertEquals("warming up\r          \r", err.toString(StandardCharsets.UTF_8));
    assertEquals("result", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void progressIsOneLineHoweverLongAndWhateverIsInIt() {
    console(true).progress("a\u001b[2J\n".repeat(50));
    String line = err.toString(StandardCharsets.UTF_8);
    assertEquals(79, line.length());
    assertTrue(line.chars().noneMatch(Character::isISOControl), line);
  }

  @Test
  void whatIsNoTerminalGetsNeitherProgressNorColour() {
    Console console = console(false);
    console.progress("warming up");
    assertEquals("", err.toString(StandardCharsets.UTF_8));
    assertEquals("pass", console.coloured("pass", true));
  }

  @Test
  void aVerdictHasItsColourOnATerminal() {
    String verdict = console(true).coloured("FAIL", false);
    assertEquals(System.getenv("NO_COLOR") == null ? "\u001b[31mFAIL\u001b[0m" : "FAIL", verdict);
  }
}
