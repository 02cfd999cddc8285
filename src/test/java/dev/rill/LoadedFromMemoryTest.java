package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Precision;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models from bytes and streams are those of the file. */
class LoadedFromMemoryTest {
  private static final Path FILES = Path.of("testdata", "files");

  private static Tensor x() {
    Tensor x = Tensor.zeros(2, 4, 3);
    x.set(1, 2, 0, 1);
    return x;
  }

  @ParameterizedTest
  @ValueSource(strings = {"stack.keras", "stack.h5", "stack_deflated.keras"})
  void bytesAndStreamsGiveTheModelOfTheFile(String name) throws IOException {
    byte[] content = Files.readAllBytes(FILES.resolve(name));
    float[] expected = Model.load(FILES.resolve(name)).predictOnBatch(x()).toArray();
    assertArrayEquals(expected, Model.load(content).predictOnBatch(x()).toArray());
    assertArrayEquals(expected, Model.load(new ByteArrayInputStream(content)).predictOnBatch(x()).toArray());
    float[] y = new float[expected.length];
    Network.load(FILES.resolve(name)).session(2).run(4, x().toArray(), y);
    for (Network network : new Network[] {Network.load(content), Network.load(new ByteArrayInputStream(content)),
        Network.load(content, Precision.FLOAT32)}) {
      float[] same = new float[y.length];
      network.session(2).run(4, x().toArray(), same);
      assertArrayEquals(y, same);
    }
  }

  @Test
  void aModelInTrainingGoesOnFromBytes() throws IOException {
    byte[] content = Files.readAllBytes(FILES.resolve("trained.keras"));
    assertEquals(Model.load(FILES.resolve("trained.keras")).trainer().optimizer().iterations(),
        Model.load(content).trainer().optimizer().iterations());
  }

  @Test
  void aStreamIsClosed() throws IOException {
    boolean[] closed = {false};
    try (InputStream stream = new ByteArrayInputStream(Files.readAllBytes(FILES.resolve("stack.keras"))) {
      @Override
      public void close() {
        closed[0] = true;
      }
    }) {
      Network.load(stream);
      assertTrue(closed[0]);
    }
  }

  @Test
  void aResourceThatIsNotThereIsRefused() {
    RillException refused = assertThrows(RillException.class, () -> Network.load(getClass().getResourceAsStream("/no/such.keras")));
    assertTrue(refused.getMessage().contains("no resource"), refused.getMessage());
    assertThrows(RillException.class, () -> Model.load(getClass().getResourceAsStream("/no/such.keras")));
  }

  @Test
  void whatIsNoModelIsRefusedAsInAFile() throws IOException {
    byte[] content = Files.readAllBytes(FILES.resolve("stack.keras"));
    assertThrows(FormatException.class, () -> Model.load(Arrays.copyOf(content, content.length / 2)));
    assertThrows(FormatException.class, () -> Model.load(new byte[0]));
    assertThrows(UnsupportedException.class, () -> Network.load("{\"class_name\": \"Sequential\"}".getBytes(StandardCharsets.UTF_8)));
    RillException pointer = assertThrows(UnsupportedException.class,
        () -> Network.load("version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8)));
    assertTrue(pointer.getMessage().startsWith("the given data is a pointer of Git LFS"), pointer.getMessage());
  }
}
