package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rill.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers in processes of their own, some of which are killed, some of which may not do everything. */
class WritersTest {
  private static final int SIZE = 1 << 21;
  private static final String NOBODY = "65534";

  @TempDir
  private Path folder;

  /** A process of its own: writes a file of one byte over and over, saying so for each. */
  static final class Writer {
    public static void main(String[] args) {
      for (int i = 0; i < Integer.parseInt(args[2]); i++) {
        try {
          write(Path.of(args[0]), Byte.parseByte(args[1]));
          System.out.println("written");
        } catch (IOException e) {
          System.out.println(e);
        }
      }
    }

    static void write(Path file, byte value) throws IOException {
      byte[] content = new byte[SIZE];
      Arrays.fill(content, value);
      try (AtomicFile target = AtomicFile.create(file)) {
        target.write(ByteBuffer.wrap(content));
        target.commit();
      }
    }
  }

  private static Process start(List<String> prefix, Path file, int value, int times) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(Jvm.JAVA, "-XX:TieredStopAtLevel=1", "-cp", Jvm.CLASS_PATH, Writer.class.getName(), file.toString(),
        String.valueOf(value), String.valueOf(times)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void assertWhole(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    assertEquals(SIZE, content.length);
    for (byte value : content) {
      assertEquals(content[0], value);
    }
  }

  private long drafts() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.getFileName().toString().startsWith(".rill-")).count();
    }
  }

  @Test
  void twoProcessesWriteOneFileAndMayBeKilled() throws Exception {
    Path file = folder.resolve("model.keras");
    List<Process> all = List.of(start(List.of(), file, 1, 1_000_000), start(List.of(), file, 2, 1_000_000));
    for (Process process : all) {
      BufferedReader said = process.inputReader();
      for (int i = 0; i < 10; i++) {
        assertEquals("written", said.readLine());
        assertWhole(file);
      }
    }
    for (Process process : all) {
      process.destroyForcibly().waitFor();
      assertWhole(file);
    }
    assertTrue(drafts() <= all.size(), "a writer left more than one draft");
    Writer.write(file, (byte) 3);
    assertEquals(0, drafts());
    assertEquals(3, Files.readAllBytes(file)[0]);
  }

  /** What a user who owns nothing gets to hear of a file, given with the folder it lies in. */
  private static List<String> asNobody(Path file) throws Exception {
    Process probe = new ProcessBuilder("id", "-u").start();
    assumeTrue(new String(probe.getInputStream().readAllBytes()).strip().equals("0"), "only root can become another");
    Process process = start(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), file, 5, 1);
    List<String> said = process.inputReader().lines().toList();
    assumeTrue(!said.isEmpty(), "another user cannot read the classes, or cannot be had");
    return said;
  }

  private static Path open(Path path, String mode) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void aFolderThatMayNotBeWrittenIsNamedOrDoneWithout() throws Exception {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "there are no modes here");
    open(folder, "rwxr-xr-x");
    Path file = folder.resolve("new.keras");
    assertEquals(List.of("java.nio.file.AccessDeniedException: " + file + ": the folder " + folder + " may not be written"),
        asNobody(file));
    Files.write(file, new byte[] {1, 2, 3});
    open(file, "rw-r--r--");
    assertEquals(List.of("java.nio.file.AccessDeniedException: " + file + ": the file that is there may not be written"),
        asNobody(file));
    open(file, "rw-rw-rw-");
    Object owner = Files.getOwner(file);
    assertEquals(List.of("written"), asNobody(file));
    assertWhole(file);
    assertEquals(owner, Files.getOwner(file));
  }

  @Test
  void aGroupThatCannotBeKeptLosesItsRights() throws Exception {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"), "there are no groups here");
    open(folder, "rwxrwxrwx");
    Path file = Files.write(folder.resolve("model.keras"), new byte[] {1, 2, 3});
    open(file, "rw-rw-rw-");
    assertEquals(List.of("written"), asNobody(file));
    assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Files.setAttribute(file, "unix:gid", 4321);
    open(file, "rw-rw----");
    assertEquals(List.of("written"), asNobody(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aFileThatIsMountedByItselfIsWrittenOver() throws Exception {
    Path file = Files.write(folder.resolve("model.keras"), new byte[] {1, 2, 3});
    Path source = Files.write(folder.resolve("source"), new byte[] {4});
    assumeTrue(run("mount", "--bind", source.toString(), file.toString()) == 0, "nothing can be mounted here");
    try {
      Writer.write(file, (byte) 7);
      assertWhole(source);
      assertEquals(0, drafts());
    } finally {
      run("umount", file.toString());
    }
  }

  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
