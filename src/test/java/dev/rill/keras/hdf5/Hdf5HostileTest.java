package dev.rill.keras.hdf5;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One lie at a time in a file that Keras wrote. */
class Hdf5HostileTest {
  private static final int ROOT_HEADER = 96;

  private byte[] bytes;
  private ByteBuffer edit;

  @BeforeEach
  void readFile() throws IOException {
    bytes = Files.readAllBytes(Path.of("testdata", "formats", "lstm.weights.h5"));
    edit = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int find(String signature) {
    byte[] wanted = signature.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 0; ; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
  }

  private int find(long... words) {
    for (int at = 0; ; at += 8) {
      boolean found = true;
      for (int i = 0; i < words.length; i++) {
        found &= edit.getLong(at + 8 * i) == words[i];
      }
      if (found) {
        return at;
      }
    }
  }

  private void refused(String part) {
    String message = assertThrows(FormatException.class, () -> walk(bytes)).getMessage();
    assertTrue(message.contains(part) && message.startsWith("hostile.h5 /"), message);
  }

  private static void walk(byte[] bytes) throws IOException {
    Hdf5Group root = Hdf5File.open(ByteSource.of(bytes), "hostile.h5").root();
    for (String name : root.names()) {
      root.group(name).names();
    }
    Hdf5Dataset kernel = root.dataset("layers/lstm/cell/vars/0");
    kernel.floats(new float[kernel.size()], 0);
    root.group("layers/lstm/cell/vars").attributes().string("name");
  }

  @Test
  void theFileItselfIsFine() throws IOException {
    walk(bytes);
  }

  @Test
  void truncationIsRefused() {
    for (int length = 0; length < bytes.length; length += 61) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(FormatException.class, () -> walk(cut));
    }
  }

  @Test
  void truncationThatTheSuperblockHidesIsRefused() throws IOException {
    int refused = 0;
    for (int length = 96; length < bytes.length; length += 61) {
      byte[] cut = Arrays.copyOf(bytes, length);
      ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putLong(40, length);
      try {
        // What lies before the cut is still readable.
        walk(cut);
      } catch (FormatException e) {
        refused++;
      }
    }
    assertTrue(refused > 10);
  }

  @Test
  void groupThatContainsItselfIsRefused() {
    edit.putLong(find("SNOD") + 8 + 8, ROOT_HEADER);
    refused("this is the object / again");
  }

  @Test
  void nodeThatComesTwiceIsRefused() {
    int tree = find("TREE");
    edit.putShort(tree + 6, (short) 2).putLong(tree + 24 + 24, edit.getLong(tree + 24 + 8));
    refused("a cycle");
  }

  @Test
  void nodeThatIsItsOwnChildIsRefused() {
    int tree = find("TREE");
    edit.put(tree + 5, (byte) 255).putLong(tree + 24 + 8, tree);
    refused("a cycle");
  }

  @Test
  void headerThatContinuesInItselfIsRefused() throws IOException {
    bytes = Files.readAllBytes(Path.of("testdata", "formats", "legacy.h5"));
    edit = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = ROOT_HEADER + 16;
    while (edit.getShort(at) != 0x10) {
      at += 8 + edit.getShort(at + 2);
    }
    edit.putLong(at + 8, ROOT_HEADER + 16).putLong(at + 16, edit.getInt(ROOT_HEADER + 8));
    refused("read before");
  }

  @Test
  void addressOutsideTheFileIsRefused() {
    for (long address : new long[] {bytes.length + 1, Long.MAX_VALUE, Long.MIN_VALUE, -2}) {
      edit.putLong(find("TREE") + 24 + 8, address);
      refused("outside the file");
    }
    edit.putLong(find("TREE") + 24 + 8, -1);
    refused("offset 18446744073709551615");
  }

  @Test
  void axesOfWhatHasNoElementsAreRefused() {
    int space = find(4, 12, 4, 12) - 8;
    edit.putInt(space, 2 | 2 << 8 | 1 << 16 | 2 << 24);
    edit.putLong(space + 4, 4).putLong(space + 12, 12).putLong(space + 20, 4).putLong(space + 28, 12);
    refused("a data space without elements has 2 axes");
  }

  @Test
  void hugeShapesAreRefused() {
    int dimensions = find(4, 12, 4, 12);
    edit.putLong(dimensions, 1 << 20);
    refused("more than its maximum of 4");
    // Axes that may grow without a limit.
    edit.putLong(dimensions + 16, -1).putLong(dimensions + 24, -1);
    refused("takes 50331648 bytes");
    edit.putLong(dimensions, 1L << 40);
    refused("axis 0 has 1099511627776");
    edit.putLong(dimensions, 1 << 30).putLong(dimensions + 8, 1 << 30);
    refused("do not fit into an array");
    edit.putLong(dimensions, -1);
    refused("beyond any file");
  }

  @Test
  void dataOutsideTheFileIsRefused() {
    int dimensions = find(4, 12, 4, 12);
    edit.putLong(dimensions, 1 << 20).putLong(dimensions + 16, -1);
    int layout = dimensions;
    while (edit.getLong(layout) != 192) {
      layout++;
    }
    edit.putLong(layout, 48L << 20);
    refused("truncated or damaged");
  }

  @Test
  void namesThatOverlapInTheirHeapAreRefused() {
    int nodes = find("SNOD");
    for (int i = 0; i < edit.getShort(nodes + 6); i++) {
      edit.putLong(nodes + 8 + 40 * i, 8);
    }
    int heap = (int) edit.getLong(find("HEAP") + 24);
    Arrays.fill(bytes, heap + 8, heap + (int) edit.getLong(find("HEAP") + 8) - 1, (byte) 'a');
    refused("expected a name at 8");
  }

  @Test
  void textOutsideItsHeapIsRefused() {
    int heap = find("GCOL");
    edit.putLong(heap + 16 + 8, Long.MAX_VALUE);
    refused("does not fit into its global heap");
  }
}
