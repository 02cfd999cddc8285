package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {
  @TempDir
  private Path folder;

  private CsvTable read(String text) throws IOException {
    return CsvTable.read(Files.writeString(folder.resolve("t.csv"), text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b\n1,2.5\n-3e2,nan\n", "\"a\";b\r\n1;2.5\r\n-3e2;NaN", "a\tb\n1\t2.5\n-3e2\tnan\n", "\ufeffa b\n1  2.5\n -3e2 nan"})
  void separatorsAndLineEndsAreThoseOfTheFile(String text) throws IOException {
    CsvTable table = read(text);
    assertEquals(List.of("a", "b"), table.columns());
    assertArrayEquals(new float[] {1, 2.5f, -300, Float.NaN}, table.values());
    assertEquals(2, table.lines());
  }

  @Test
  void aTableNeedsNoNames() throws IOException {
    CsvTable table = read("1,-inf\n");
    assertEquals(List.of("0", "1"), table.columns());
    assertArrayEquals(new float[] {1, Float.NEGATIVE_INFINITY}, table.values());
  }

  @Test
  void whatIsNoTableIsNamedByLineAndColumn() {
    assertTrue(assertThrows(FormatException.class, () -> read("a,b\n1,2\n3\n")).getMessage().contains("line 3: expected 2 numbers"));
    assertTrue(assertThrows(FormatException.class, () -> read("a,b\n1,x\n")).getMessage().contains("line 2, column b: expected a number"));
    assertThrows(FormatException.class, () -> read("1,2\n3,\n"));
    assertThrows(FormatException.class, () -> read("1,2\n3,1f\n"));
    assertThrows(FormatException.class, () -> read(""));
    assertThrows(FormatException.class, () -> read("a,b\n"));
  }

  @Test
  void whatIsWrittenIsReadBackToTheBit() throws IOException {
    float[] values = {0.1f, 1e-45f, -0f, Float.POSITIVE_INFINITY, Float.NaN, 3.4028235e38f};
    Path file = folder.resolve("y.csv");
    CsvTable.of("y", Tensor.of(values, 1, 3, 2)).write(file);
    assertEquals("y_0,y_1", Files.readAllLines(file).get(0));
    assertArrayEquals(values, CsvTable.read(file).values());
  }

  @Test
  void severalRowsOfStepsAreNoTable() {
    assertThrows(UnsupportedException.class, () -> CsvTable.of("y", Tensor.zeros(2, 3, 1)));
  }
}
