package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replay notices; that the kept cases pass is {@link GoldenTest}. */
class VerifyCommandTest {
  private static final Path KEPT = Rill.CASES.resolve("seed_gru");

  private static final String HEAD = "        calls  differs by     allowed  case\n";
  private static final String NUMBER = "\\d\\.\\d\\de[-+]\\d\\d";

  @TempDir
  private Path folder;

  /** A copy of a kept case with other calls. */
  private Path altered(String name, UnaryOperator<String> calls) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(name));
    for (String file : new String[] {"model.keras", "arrays.npz"}) {
      Files.copy(KEPT.resolve(file), copy.resolve(file));
    }
    String before = Files.readString(KEPT.resolve("calls.json"));
    String after = calls.apply(before);
    Files.writeString(copy.resolve("calls.json"), after);
    return copy;
  }

  private static void assertFails(String reason, Object... args) {
    Object[] all = new Object[args.length + 1];
    all[0] = "verify";
    System.arraycopy(args, 0, all, 1, args.length);
    Rill run = Rill.run(all);
    assertAll(
        () -> assertEquals(1, run.status()),
        () -> assertEquals("", run.err()),
        () -> assertTrue(run.out().startsWith(HEAD + "FAIL "), run.out()),
        () -> assertTrue(run.out().replaceAll("\\s+", " ").contains(reason), run.out()),
        () -> assertTrue(run.out().endsWith("0 passed, 1 failed\n"), run.out()));
  }

  @Test
  void aKeptCasePasses() {
    Rill run = Rill.run("verify", KEPT);
    assertEquals(0, run.status());
    assertTrue(run.out().matches(HEAD + "pass +6 +" + NUMBER + " +" + NUMBER + "  seed_gru\n1 passed, 0 failed\n"), run.out());
    String[] fields = run.out().lines().toList().get(1).trim().split(" +");
    assertTrue(Double.parseDouble(fields[2]) < Double.parseDouble(fields[3]), run.out());
    assertEquals(run.out(), Rill.run("verify", "--threads", 2, KEPT).out());
  }

  @Test
  void weightsOfLessPrecisionAreMeasuredAndNeverFailByWhatTheyCost() {
    for (String weights : new String[] {"bf16", "int8"}) {
      Rill run = Rill.run("verify", "--weights", weights, KEPT);
      assertEquals(0, run.status());
      String summary = "1 passed, 0 failed; \\w+ weights against float32: absolute largest (" + NUMBER + "), median \\1, "
          + "relative largest (" + NUMBER + "), median \\2\n";
      String head = "        calls    absolute    relative  case\n";
      assertTrue(run.out().matches(head + "pass +\\d +" + NUMBER + " +" + NUMBER + "  seed_gru\n" + summary), run.out());
      double error = Double.parseDouble(run.out().replaceAll("(?s).*absolute largest ([^,]+),.*", "$1"));
      assertTrue(error > 1e-5 && error < 0.05, run.out());
    }
  }

  @Test
  void aCaseThatCannotBeReadFailsInAnyPrecision() throws IOException {
    Rill run = Rill.run("verify", "--weights", "int8", altered("broken", calls -> "[]"));
    assertEquals(1, run.status());
    assertTrue(run.out().contains("\nFAIL "), run.out());
    assertTrue(run.out().endsWith("0 passed, 1 failed; int8 weights against float32: absolute -, relative -\n"), run.out());
  }

  @Test
  void precisionAndToleranceExcludeEachOtherAndOtherPrecisionsAreRefused() {
    assertEquals(2, Rill.run("verify", "--weights", "bf16", "--atol", "1", KEPT).status());
    Rill unknown = Rill.run("verify", "--weights", "fp4", KEPT);
    assertEquals(2, unknown.status());
    assertTrue(unknown.err().contains("expected float32, bf16 or int8"), unknown.err());
  }

  @Test
  void aFolderOfCasesIsAllOfThem() throws IOException {
    altered("a", calls -> calls);
    altered("b", calls -> "{}");
    Rill run = Rill.run("verify", folder);
    assertEquals(1, run.status());
    assertTrue(run.out().endsWith("1 passed, 1 failed\n"), run.out());
  }

  @Test
  void anotherNumberIsFound() throws IOException {
    Path copy = altered("case", calls -> calls);
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(KEPT.resolve("arrays.npz"))) {
      for (String name : npz.names()) {
        arrays.put(name, npz.array(name));
      }
    }
    float[] values = arrays.get("a0001").floats();
    values[6] += 1e-3f;
    arrays.put("a0001", NpyArray.of(values, 2, 5));
    Npz.write(copy.resolve("arrays.npz"), arrays);
    assertFails("call 1 of 6, predict_on_batch, outputs[0] a0001 [1, 1]: expected " + values[6], copy);
    assertEquals(0, Rill.run("verify", "--atol", "2e-3", copy).status());
  }

  /** What fails where a kept case that trains on ids has another id: the first one of its first batch, for the second as well. */
  private String failureOfIds(String kept) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(kept));
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(Rill.CASES.resolve(kept).resolve("arrays.npz"))) {
      for (String name : npz.names()) {
        arrays.put(name, npz.array(name));
      }
    }
    float[] ids = arrays.get("a0000").floats();
    ids[1] = ids[0];
    arrays.put("a0000", NpyArray.of(ids, arrays.get("a0000").shape()));
    Npz.write(copy.resolve("arrays.npz"), arrays);
    for (String file : new String[] {"model.keras", "calls.json"}) {
      Files.copy(Rill.CASES.resolve(kept).resolve(file), copy.resolve(file));
    }
    Rill run = Rill.run("verify", copy);
    assertEquals(1, run.status(), run.out());
    return run.out().replaceAll("\\s+", " ");
  }

  @Test
  void repeatedIdsAreNamedWhereKerasTrainsThemOtherwise() throws IOException {
    String reason = "ids come more than once: Keras on TensorFlow counts the gradient of each occurrence by itself";
    assertTrue(failureOfIds("train_embedding_once_adam").contains(reason));
    assertTrue(failureOfIds("train_embedding_once_rmsprop").contains(reason));
    assertFalse(failureOfIds("train_embedding").contains(reason), "of SGD both are the same");
  }

  /** What a model predicts, as files of some kind. */
  private Path[] prediction(String ending) throws IOException {
    Path model = Path.of("src", "docs", "example", "model.keras");
    Path x = folder.resolve("x" + ending);
    if (ending.equals(".csv")) {
      Files.writeString(x, "temperature,sunshine,load\n0.1,-0.2,3e-1\n.5,1.,-1\n");
    } else {
      Files.copy(Path.of("src", "docs", "example", "x.npy"), x);
    }
    Path y = folder.resolve("y" + ending);
    assertEquals(new Rill(0, "", ""), Rill.run("predict", model, x, "-o", y));
    return new Path[] {model, x, y};
  }

  private static Rill verify(Path... files) {
    return Rill.run("verify", files[0], files[1], files[2]);
  }

  @Test
  void aPredictionOfKerasIsHeldAgainstOurs() {
    Path folder = Path.of("src", "docs", "example");
    Rill run = Rill.run("verify", folder.resolve("model.keras"), folder.resolve("x.npy"), folder.resolve("y.npy"));
    assertEquals(0, run.status(), run.out());
    assertTrue(run.out().matches("      numbers  differs by     allowed  output\npass       93 +" + NUMBER + " +" + NUMBER
        + "  dense\n1 passed, 0 failed\n"), run.out());
  }

  @Test
  void aTableIsOneStream() throws IOException {
    Path[] files = prediction(".csv");
    assertEquals("dense", Files.readAllLines(files[2]).get(0));
    assertEquals(0, verify(files).status());
    String[] lines = Files.readString(files[2]).split("\n");
    lines[2] = String.valueOf(Float.parseFloat(lines[2]) + 0.25f);
    Files.writeString(files[2], String.join("\n", lines));
    Rill run = verify(files);
    assertEquals(1, run.status());
    String text = run.out().replaceAll("\\s+", " ");
    assertTrue(text.contains("1 of 2 numbers differ by more than is allowed, first [0, 1, 0]: expected " + lines[2]), run.out());
  }

  @Test
  void theFirstAndTheWorstNumberAreNamed() throws IOException {
    Path[] files = prediction(".npy");
    float[] y = Npy.read(files[2]).floats();
    y[40] += 0.01f;
    y[91] -= 2;
    Npy.write(files[2], NpyArray.of(y, 3, 31, 1));
    Rill run = verify(files);
    assertEquals(1, run.status());
    String text = run.out().replaceAll("\\s+", " ");
    assertTrue(text.contains("2 of 93 numbers differ by more than is allowed, first [1, 9, 0]: expected " + y[40]), run.out());
    assertTrue(text.contains("worst [2, 29, 0]: expected " + y[91]), run.out());
    assertTrue(run.out().lines().allMatch(line -> line.length() <= 80), run.out());
    assertEquals(0, Rill.run("verify", "--atol", "2.1", files[0], files[1], files[2]).status());
    assertEquals(0, Rill.run("verify", "--weights", "bf16", files[0], files[1], files[2]).status());
  }

  @Test
  void anotherShapeOrNumberOfOperandsIsNamed() throws IOException {
    Path[] files = prediction(".npy");
    assertTrue(Rill.run("verify", files[0], files[1]).err().contains("MODEL IN EXPECTED"));
    Npy.write(files[2], NpyArray.of(new float[93], 3, 31));
    assertTrue(verify(files).out().contains("expected shape (3, 31), actual (3, 31, 1)"));
    Npy.write(files[1], NpyArray.of(new float[93], 31, 3));
    assertTrue(verify(files).err().contains("the axis of rows is missing; in numpy x[None]"));
  }

  @Test
  void tolerancesReplaceTheStandard() {
    assertFails("call 1 of 6", "--rtol", 0, "--atol", 0, KEPT);
    assertEquals(0, Rill.run("verify", "--rtol=0", KEPT).status());
  }

  @Test
  void unknownFieldsAreErrors() throws IOException {
    assertFails("$.remark", altered("top", calls -> calls.replaceFirst("\\{", "{\"remark\": 1, ")));
    assertFails("calls[0].remark", altered("call", calls -> calls.replaceFirst("\"x\":", "\"remark\": 1, \"x\":")));
    assertFails("calls[0].batch_size",
        altered("other", calls -> calls.replaceFirst("\"x\":", "\"batch_size\": 1, \"x\":")));
    assertFails("expect.loss",
        altered("expect", calls -> calls.replaceFirst("\"outputs\":", "\"loss\": [], \"outputs\":")));
  }

  @Test
  void missingFieldsAreErrors() throws IOException {
    assertFails("calls[0].x", altered("x", calls -> calls.replaceFirst("\"x\": [^,]*, ", "")));
    assertFails("$.keras", altered("top", calls -> calls.replaceFirst("\"keras\": [^,]*, ", "")));
    assertFails("format 1", altered("format", calls -> calls.replaceFirst("\"format\": 1", "\"format\": 2")));
    assertFails("$.backend", altered("backend", calls -> calls.replaceFirst("\"tensorflow\"", "7")));
  }

  @Test
  void otherLayersOrCountsAreFound() throws IOException {
    assertFails("states: expected [other], actual [gru]",
        altered("key", calls -> calls.replaceFirst("\"gru\":", "\"other\":")));
    assertFails("states: expected [], actual [gru]",
        altered("none", calls -> calls.replaceFirst("\"states\": \\{[^}]*\\}", "\"states\": {}")));
    assertFails("states.gru arrays: expected 0, actual 1",
        altered("count", calls -> calls.replaceFirst("\"gru\": \\[[^]]*\\]", "\"gru\": []")));
    assertFails("outputs arrays: expected 0, actual 1",
        altered("outputs", calls -> calls.replaceFirst("\"outputs\": \\[[^]]*\\]", "\"outputs\": []")));
    assertFails("logs: expected [loss], actual []",
        altered("logs", calls -> calls.replaceFirst("\"outputs\":", "\"logs\": {\"loss\": NaN}, \"outputs\":")));
    String weights = "\"weights\": {\"gru\": [\"a0001\"]}, \"outputs\":";
    assertFails("weights.gru arrays: expected 1, actual 3",
        altered("weights", calls -> calls.replaceFirst("\"outputs\":", weights)));
  }

  @Test
  void otherShapesAreFound() throws IOException {
    assertFails("outputs[0] a0000: expected shape (2, 9, 1), actual (2, 5)",
        altered("case", calls -> calls.replaceFirst("\"outputs\": \\[[^]]*\\]", "\"outputs\": [\"a0000\"]")));
  }

  @Test
  void whatCannotBeReadIsAFailureWithItsReason() throws IOException {
    assertFails("no file", folder.resolve("none"));
    assertFails("calls.json", altered("json", calls -> calls.substring(1)));
    assertFails("a9999", altered("array", calls -> calls.replaceFirst("a0000", "a9999")));
    assertFails("[predict_on_batch, predict,",
        altered("call", calls -> calls.replaceFirst("predict_on_batch", "forget")));
    assertFails("lstm_9",
        altered("layer", calls -> calls.replaceFirst("\"reset_states\"", "\"reset_states\", \"layer\": \"lstm_9\"")));
    Path noModel = altered("model", calls -> calls);
    Files.delete(noModel.resolve("model.keras"));
    assertFails("no file", noModel);
  }

  @Test
  void aModelThatWasNotCompiledCannotBeTrained() throws IOException {
    String calls = """
        {"format": 1, "keras": "3.15.1", "backend": "tensorflow", "calls": [
          {"call": "%s", "x": ["a0000"], "y": ["a0001"]%s, "expect": {}}]}""";
    String[][] kinds = {{"train_on_batch", ", \"sample_weight\": \"a0001\""}, {"test_on_batch", ""},
        {"evaluate", ", \"batch_size\": 2"}, {"fit", ", \"batch_size\": 2, \"epochs\": 3, \"shuffle\": false"}};
    for (String[] kind : kinds) {
      assertFails("compile", altered(kind[0], before -> String.format(calls, kind[0], kind[1])));
    }
    assertFails("shuffle", altered("shuffled", before -> String.format(calls, "fit",
        ", \"batch_size\": 2, \"epochs\": 3, \"shuffle\": true")));
  }
}
