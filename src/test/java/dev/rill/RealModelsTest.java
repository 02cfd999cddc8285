package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Public models of many authors, where a folder of them lies beside the project: each loads and gives what its author's Keras gave,
 * on the whole with no larger error against double precision.
 */
class RealModelsTest {
  /** Layers that are not supported yet: a model with one is refused by its name. */
  private static final Pattern LATER = Pattern.compile("class (MultiHeadAttention|Conv2D|ConvLSTM2D) is not supported");
  private static final Path FOLDER = Path.of("..", "shared", "realmodels", "files");

  @Test
  void everyModelWithAReferenceLoadsAndAgrees() throws IOException {
    assumeTrue(Files.isDirectory(FOLDER), "no public models here");
    List<String> failures = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    int agreed = 0;
    for (Path file : models()) {
      Path reference = file.resolveSibling(file.getFileName() + ".npz");
      if (Files.exists(reference)) {
        String why = difference(file, arrays(reference), ratios);
        if (why == null) {
          agreed++;
        } else if (!LATER.matcher(why).find()) {
          failures.add(file.getFileName() + ": " + why);
        }
      }
    }
    System.getLogger("dev.rill").log(System.Logger.Level.INFO, agreed + " public models load and agree, " + failures.size() + " do not: "
        + String.join(System.lineSeparator(), failures));
    assertEquals(List.of(), failures);
    assertTrue(agreed > 0, "no model with a reference in " + FOLDER.toAbsolutePath());
    double mean = Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(0));
    String report = String.format("error against float64 over that of Keras' float32, of %d outputs: geometric mean %.3f, median %.2f, "
        + "a tenth above %.2f", ratios.size(), mean, quantile(ratios, 0.5), quantile(ratios, 0.9));
    System.getLogger("dev.rill").log(System.Logger.Level.INFO, report);
    assertTrue(mean <= 1, report);
  }

  private static double quantile(List<Double> values, double share) {
    return values.stream().sorted().skip((long) (share * values.size())).findFirst().orElse(1.0);
  }

  private static List<Path> models() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> !file.toString().endsWith(".npz")).sorted().toList();
    }
  }

  private static String difference(Path file, Map<String, NpyArray> arrays, List<Double> ratios) {
    try {
      Model model = Model.load(file);
      List<Tensor> x = new ArrayList<>();
      for (int i = 0; i < model.graph().inputs().size(); i++) {
        x.add(tensor(arrays.get("x" + i)));
      }
      List<Tensor> y = model.predictOnBatch(x);
      for (int o = 0; o < y.size(); o++) {
        NpyArray expected = arrays.get("y" + o);
        if (!Shape.of(expected.shape()).equals(y.get(o).shape())) {
          return "output " + o + " has shape " + y.get(o).shape() + ", expected " + Shape.of(expected.shape());
        }
        String why = difference(o, y.get(o).toArray(), doubles(expected), arrays.get("z" + o));
        if (why != null) {
          return why;
        }
        addRatio(y.get(o).toArray(), doubles(expected), arrays.get("z" + o), ratios);
      }
      return null;
    } catch (RillException | IOException e) {
      return e.toString();
    }
  }

  /** Within the tolerance, or within twice the error that Keras itself makes in float32. */
  private static String difference(int output, float[] y, double[] expected, NpyArray exact) {
    double own = 0;
    double[] z = exact == null ? null : doubles(exact);
    for (int i = 0; z != null && i < z.length; i++) {
      own = Math.max(own, Math.abs(expected[i] - z[i]));
    }
    for (int i = 0; i < y.length; i++) {
      boolean near = Math.abs(y[i] - expected[i]) <= 2e-6 + 1e-5 * Math.abs(expected[i]);
      if (!near && !(z != null && Math.abs(y[i] - z[i]) <= 2 * own) && !(Double.isNaN(expected[i]) && Float.isNaN(y[i]))) {
        return "output " + output + "[" + i + "]: expected " + expected[i] + ", got " + y[i];
      }
    }
    return null;
  }

  /** Root mean square errors of both, where both make one. */
  private static void addRatio(float[] y, double[] keras, NpyArray exact, List<Double> ratios) {
    double[] z = exact == null ? new double[0] : doubles(exact);
    double own = 0;
    double theirs = 0;
    for (int i = 0; i < z.length; i++) {
      own += (y[i] - z[i]) * (y[i] - z[i]);
      theirs += (keras[i] - z[i]) * (keras[i] - z[i]);
    }
    if (own > 0 && theirs > 0) {
      ratios.add(Math.sqrt(own / theirs));
    }
  }

  private static Tensor tensor(NpyArray array) {
    double[] values = doubles(array);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(floats, array.shape());
  }

  private static double[] doubles(NpyArray array) {
    return switch (array.type()) {
      case FLOAT64 -> array.doubles();
      case FLOAT32 -> {
        float[] floats = array.floats();
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = floats[i];
        }
        yield values;
      }
      default -> Arrays.stream(array.longs()).asDoubleStream().toArray();
    };
  }

  private static Map<String, NpyArray> arrays(Path file) throws IOException {
    Map<String, NpyArray> arrays = new HashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        arrays.put(name, npz.array(name));
      }
    }
    return arrays;
  }
}
