package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rill.OnceIsEnough;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file that is written was before, and what remains when it is not. */
@OnceIsEnough
class AtomicFileTest {
  private static final byte[] OLD = {0, 1, 2, 3};
  private static final byte[] NEW = {9, 8};

  @TempDir
  private Path folder;

  private Path old() throws IOException {
    return Files.write(folder.resolve("model.keras"), OLD);
  }

  private static void write(Path file) throws IOException {
    write(file, NEW);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(bytes));
      target.commit();
    }
  }

  private static void assertNew(Path file) throws IOException {
    assertArrayEquals(NEW, Files.readAllBytes(file));
  }

  private List<Path> drafts() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.getFileName().toString().endsWith(".tmp")).toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private void assumeUnix() {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"), "there are no modes and links here");
  }

  @Test
  void aFileAppearsWholeOrNotAtAll() throws IOException {
    Path file = old();
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(NEW));
    }
    assertArrayEquals(OLD, Files.readAllBytes(file));
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(new byte[] {7, 8}));
      target.overwrite(0, ByteBuffer.wrap(new byte[] {9}));
      assertEquals(2, target.size());
      assertArrayEquals(OLD, Files.readAllBytes(file));
      target.commit();
    }
    assertNew(file);
    assertEquals(List.of(), drafts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "rw-r-----", "rw-rw-rw-", "rwxr-xr-x"})
  void aFileKeepsItsMode(String mode) throws IOException {
    assumeUnix();
    Path file = old();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    write(file);
    assertEquals(mode, mode(file));
    assertNew(file);
  }

  @Test
  void aFileKeepsOwnerGroupAndSpecialBits() throws IOException {
    assumeUnix();
    Path file = old();
    try {
      Files.setAttribute(file, "unix:gid", 4321);
      Files.setAttribute(file, "unix:uid", 1234);
    } catch (IOException e) {
      assumeTrue(false, "only root may give files away");
    }
    Files.setAttribute(file, "unix:mode", 02640);
    write(file);
    assertEquals(1234, Files.getAttribute(file, "unix:uid"));
    assertEquals(4321, Files.getAttribute(file, "unix:gid"));
    assertEquals(0102640, Files.getAttribute(file, "unix:mode"));
  }

  @Test
  void aPrivateFileIsPrivateWhileItIsADraft() throws IOException {
    assumeUnix();
    Path file = old();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(NEW));
      assertEquals("rw-------", mode(drafts().get(0)));
    }
  }

  @Test
  void aNewFileHasTheModeOfNewFiles() throws IOException {
    assumeUnix();
    Path file = folder.resolve("new");
    write(file);
    assertEquals(mode(Files.createFile(folder.resolve("other"))), mode(file));
  }

  @Test
  void linksAreFollowedOneBehindTheOther() throws IOException {
    assumeUnix();
    Path inner = Files.createDirectories(folder.resolve("a/b"));
    Path target = Files.createDirectories(folder.resolve("c")).resolve("model.keras");
    Path last = Files.createSymbolicLink(folder.resolve("c/last"), Path.of("model.keras"));
    Path middle = Files.createSymbolicLink(inner.resolve("middle"), Path.of("../../c/last"));
    Path first = Files.createSymbolicLink(folder.resolve("first"), middle);
    Path far = Files.createSymbolicLink(folder.resolve("far"), inner);
    for (Path link : List.of(first, far.resolve("middle"), first)) {
      write(link);
      assertNew(target);
      Files.write(target, OLD);
    }
    Files.delete(target);
    write(first);
    assertNew(target);
    assertTrue(Stream.of(first, middle, last, far).allMatch(Files::isSymbolicLink));
  }

  @Test
  void aLinkToNowhereOrInACircleIsRefused() throws IOException {
    assumeUnix();
    Path lost = Files.createSymbolicLink(folder.resolve("lost"), Path.of("no/model.keras"));
    String message = assertThrows(NoSuchFileException.class, () -> AtomicFile.create(lost)).getMessage();
    assertEquals(lost + ": there is no folder " + folder.resolve("no"), message);
    Path one = Files.createSymbolicLink(folder.resolve("one"), Path.of("two"));
    Files.createSymbolicLink(folder.resolve("two"), Path.of("one"));
    assertThrows(FileSystemLoopException.class, () -> AtomicFile.create(one));
  }

  @Test
  void whatIsRefusedIsNamedAndNoDraft() throws IOException {
    Path missing = folder.resolve("no/model.keras");
    Path below = old().resolve("model.keras");
    for (Path file : List.of(missing, below)) {
      String message = assertThrows(FileSystemException.class, () -> AtomicFile.create(file)).getMessage();
      assertTrue(message.startsWith(file + ": ") && message.contains("folder") && !message.contains(".tmp"), message);
    }
    for (Path place : List.of(folder, Path.of("/"), Path.of(""))) {
      String message = assertThrows(FileSystemException.class, () -> AtomicFile.create(place)).getMessage();
      assertTrue(message.endsWith("expected a place for a file, found a folder"), message);
    }
  }

  @Test
  void aFolderThatTakesNoFilesIsRefused() {
    Path processes = Path.of("/proc");
    assumeTrue(Files.isDirectory(processes.resolve("self")));
    for (Path file : List.of(processes.resolve("model.keras"), processes.resolve("self/model.keras"))) {
      String message = assertThrows(FileSystemException.class, () -> AtomicFile.create(file)).getMessage();
      assertTrue(message.startsWith(file + ": ") && !message.contains(".tmp"), message);
    }
  }

  @Test
  void pipesAndSocketsAreRefusedAndStay() throws IOException, InterruptedException {
    assumeUnix();
    Path pipe = ByteSourceTest.pipe(folder);
    Path socket = Path.of("target", "rill-" + ProcessHandle.current().pid() + ".socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      for (Path place : List.of(pipe, socket)) {
        String message = assertThrows(FileSystemException.class, () -> AtomicFile.create(place)).getMessage();
        assertTrue(message.contains("found a named pipe") || message.contains("found a socket"), message);
        assertTrue(Files.readAttributes(place, BasicFileAttributes.class).isOther());
      }
    } finally {
      Files.deleteIfExists(socket);
    }
  }

  @Test
  void devicesAreWrittenThrough() throws IOException {
    Path nothing = Path.of("/dev/null");
    assumeTrue(Files.exists(nothing) && Files.exists(Path.of("/dev/full")), "there are no devices here");
    Object key = key(nothing);
    write(nothing);
    assertEquals(key, key(nothing));
    Path full = Path.of("/dev/full");
    String message = assertThrows(IOException.class, () -> write(full)).getMessage();
    assertTrue(message.startsWith(full + ": "), message);
  }

  /** Where /dev/stdout leads: the file stays the one that is open. */
  @Test
  void whatAProcessHasOpenIsWrittenOver() throws IOException {
    Path file = old();
    try (FileOutputStream open = new FileOutputStream(file.toFile(), true); Stream<Path> all = descriptors()) {
      Path descriptor = all.filter(path -> isSame(path, file)).findFirst().orElseThrow();
      Object key = key(file);
      write(descriptor);
      assertEquals(key, key(file));
      assertNew(file);
      open.write(7);
    }
    assertArrayEquals(new byte[] {9, 8, 7}, Files.readAllBytes(file));
  }

  private static Stream<Path> descriptors() throws IOException {
    Path all = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(all), "there is no /proc here");
    return Files.list(all);
  }

  private static boolean isSame(Path descriptor, Path file) {
    try {
      return Files.isSameFile(descriptor, file);
    } catch (IOException e) {
      return false;
    }
  }

  /** As where a file is mounted by itself. */
  @Test
  void writingOverKeepsTheFileAndCutsItToLength() throws IOException {
    Path file = Files.write(folder.resolve("mounted"), new byte[1 << 20]);
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    Object key = key(file);
    try (Draft draft = Draft.create(folder, "mounted", true)) {
      draft.file().write(0, ByteBuffer.wrap(content));
      WriteOver.copy(draft.file(), content.length, FileTarget.of(file));
    }
    assertEquals(key, key(file));
    assertArrayEquals(content, Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u00fc"})
  void theLongestNamesCanBeWritten(String letter) throws IOException {
    Path file;
    try {
      file = folder.resolve(letter.repeat((255 - 6) / letter.getBytes("UTF-8").length) + ".keras");
    } catch (java.nio.file.InvalidPathException e) {
      assumeTrue(false, "this locale has no such name");
      return;
    }
    write(file);
    write(file);
    assertNew(file);
  }

  @Test
  void draftsOfTheDeadAreRemovedAndOthersAreNot() throws IOException {
    Path file = old();
    Path living;
    try (AtomicFile first = AtomicFile.create(file)) {
      living = drafts().get(0);
      String name = living.getFileName().toString();
      Path dead = Files.createFile(folder.resolve(name.replaceAll("-[0-9a-f]+\\.tmp$", "-0.tmp")));
      Path another = Files.createFile(folder.resolve(".rill-1-0.tmp"));
      assertFalse(dead.equals(living));
      write(file);
      assertEquals(List.of(another, living).stream().sorted().toList(), drafts().stream().sorted().toList());
      first.write(ByteBuffer.wrap(OLD));
      first.commit();
      Files.delete(another);
    }
    assertArrayEquals(OLD, Files.readAllBytes(file));
    assertEquals(List.of(), drafts());
  }

  @Test
  void interruptsNeitherStopAWriteNorGetLost() {
    byte[] content = new byte[1 << 18];
    new Random(1).nextBytes(content);
    Path file = folder.resolve("model.keras");
    Interrupts.during(() -> {
      write(file, content);
      assertTrue(Arrays.equals(content, Files.readAllBytes(file)));
    });
  }
}
