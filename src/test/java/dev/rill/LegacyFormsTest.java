package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.io.Npz;
import dev.rill.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files in forms that only some old versions of Keras write give what these compute; {@code testdata/legacy.py} let them. */
class LegacyFormsTest {
  private static final Path FORMS = Path.of("testdata", "legacy", "forms");

  @TempDir
  Path temporary;

  static List<String> forms() throws IOException {
    try (var files = Files.list(FORMS)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".gz")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aFormGivesKerasOutputsAndIsSavedInTodays(String name) throws IOException {
    Path file = temporary.resolve(name.substring(0, name.length() - ".gz".length()));
    try (var packed = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(FORMS.resolve(name))))) {
      Files.write(file, packed.readAllBytes());
    }
    Model model = Model.load(file);
    List<Tensor> x = new ArrayList<>();
    float[] y;
    try (Npz arrays = Npz.open(FORMS.resolve(name.replaceAll("\\.(h5|keras)\\.gz$", ".npz")))) {
      for (int i = 0; arrays.has("x" + i); i++) {
        x.add(Tensor.of(arrays.array("x" + i).floats(), arrays.array("x" + i).shape()));
      }
      y = arrays.array("y0").floats();
    }
    float[] got = model.predictOnBatch(x).get(0).toArray();
    assertEquals(y.length, got.length);
    for (int j = 0; j < y.length; j++) {
      assertEquals(y[j], got[j], 2e-6 + 1e-5 * Math.abs(y[j]), "at " + j);
    }
    Path saved = temporary.resolve("saved.keras");
    model.save(saved);
    assertArrayEquals(got, Model.load(saved).predictOnBatch(x).get(0).toArray());
  }
}
