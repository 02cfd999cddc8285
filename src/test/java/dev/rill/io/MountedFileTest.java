package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rill.Jvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A single file that is mounted, as a container has its configuration: nothing can be moved to its place. */
class MountedFileTest {
  private static final int LONG = 1 << 20;

  @TempDir
  private Path folder;

  /** A process that sees the mounts: writes so many bytes 1 to a file and says what comes of it. */
  static final class Writer {
    public static void main(String[] arguments) throws IOException {
      byte[] bytes = new byte[Integer.parseInt(arguments[1])];
      Arrays.fill(bytes, (byte) 1);
      try (AtomicFile file = AtomicFile.create(Path.of(arguments[0]))) {
        file.write(ByteBuffer.wrap(bytes));
        file.commit();
        System.out.println("written");
      } catch (IOException e) {
        byte[] now = Files.readAllBytes(Path.of(arguments[0]));
        int ones = 0;
        for (byte each : now) {
          ones += each;
        }
        System.out.println(e.getMessage() + ", now " + now.length + " bytes, " + ones + " of them new");
      }
    }
  }

  /** Runs commands of the shell where this process may mount what nobody else sees, then the writer; returns its last line. */
  private String write(String commands, int count) {
    String[] lines = Jvm.run(new ProcessBuilder("unshare", "-rm", "sh", "-c", commands + " && exec \"$0\" \"$@\"", Jvm.JAVA, "-cp",
        Jvm.classPath(AtomicFile.class, Writer.class), Writer.class.getName(), "file", Integer.toString(count))
        .directory(folder.toFile())).split("\n");
    return lines[lines.length - 1];
  }

  /** A content of zeros that is mounted as {@code file}. */
  private Path mounted() throws Exception {
    boolean may = false;
    try {
      may = new ProcessBuilder("unshare", "-rm", "mount", "--bind", ".", ".").directory(folder.toFile()).start().waitFor() == 0;
    } catch (IOException e) {
      // Another system than Linux.
    }
    assumeTrue(may, "this process may not mount anything");
    Files.createFile(folder.resolve("file"));
    return Files.write(folder.resolve("content"), new byte[LONG]);
  }

  @Test
  void itIsWrittenThrough() throws Exception {
    Path content = mounted();
    for (int count : new int[] {10, 2 * LONG, 0}) {
      assertEquals("written", write("mount --bind content file", count));
      byte[] expected = new byte[count];
      Arrays.fill(expected, (byte) 1);
      assertArrayEquals(expected, Files.readAllBytes(content));
    }
    assertEquals(0, Files.size(folder.resolve("file")));
  }

  @Test
  void oneThatMayOnlyBeReadIsRefused() throws Exception {
    mounted();
    String refused = write("mount --bind content file && mount -o remount,bind,ro file", 10);
    assertEquals("file: the file that is there may not be written, now " + LONG + " bytes, 0 of them new", refused);
  }

  @Test
  void itStaysIfItsDiskIsFull() throws Exception {
    mounted();
    String refused = write("mkdir disk && mount -t tmpfs -o size=1100k tmpfs disk && cp content disk && mount --bind disk/content file",
        2 * LONG);
    assertTrue(refused.matches("file: [^;]*, now " + LONG + " bytes, 0 of them new"), refused);
  }
}
