package dev.rill.kernels.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The sources of the SIMD kernels: what would be methods and loops if vectors could be passed on and kept in arrays, spelled out.
 * {@link #main} writes them anew; a test holds what is checked in against them. This package needs no other:
 *
 * <pre>
 *   javac -d target/generator src/test/java/dev/rill/kernels/generator/*.java
 *   java -cp target/generator dev.rill.kernels.generator.KernelSources
 * </pre>
 */
public final class KernelSources {
  private static final Path FOLDER = Path.of("src", "main", "java", "dev", "rill", "kernels");
  private static final String NOTICE = "// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.\n";
  private static final List<String> OPERATORS = List.of("ASHR", "GT", "I2F", "LSHL", "LT", "MIN");
  private static final List<String> TYPES = List.of("FloatVector", "IntVector", "VectorSpecies");

  private KernelSources() {}

  /** Every file and what is in it. */
  public static Map<Path, String> files() {
    Map<Path, String> files = new TreeMap<>();
    add(files, "VectorElementary", Elementwise.ELEMENTARY);
    add(files, "VectorPairwise", Elementwise.pairwise());
    add(files, "VectorLstm", Cells.LSTM);
    add(files, "VectorLstmStep", Cells.lstmStep());
    add(files, "VectorGru", Cells.GRU);
    add(files, "VectorGruStep", Cells.gruStep());
    add(files, "VectorRow", OneRow.source());
    add(files, "VectorTiles", FourRows.source());
    add(files, "VectorCopiedTiles", CopiedRows.source());
    add(files, "VectorBfloat16", ReducedTiles.bfloat16());
    add(files, "VectorInt8", ReducedTiles.int8());
    return files;
  }

  private static void add(Map<Path, String> files, String name, String source) {
    String body = Functions.inline(source);
    StringBuilder file = new StringBuilder(NOTICE).append("package dev.rill.kernels;\n\n");
    boolean operators = false;
    for (String operator : OPERATORS) {
      if (mentions(body, operator)) {
        file.append("import static jdk.incubator.vector.VectorOperators.").append(operator).append(";\n");
        operators = true;
      }
    }
    file.append(operators ? "\n" : "");
    for (String type : TYPES) {
      if (mentions(body, type)) {
        file.append("import jdk.incubator.vector.").append(type).append(";\n");
      }
    }
    files.put(FOLDER.resolve(name + ".java"), file.append('\n').append(body).toString());
  }

  private static boolean mentions(String body, String name) {
    return Pattern.compile("\\b" + name + "\\b").matcher(body).find();
  }

  public static void main(String[] arguments) throws IOException {
    for (Map.Entry<Path, String> file : files().entrySet()) {
      Files.writeString(file.getKey(), file.getValue());
    }
  }
}
