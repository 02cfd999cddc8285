package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a new process does before its first answer has no lambda in it: the first costs more than reading a small model. */
@OnceIsEnough
class ColdStartTest {
  /** Loads models and runs each: by a step, or on a window where it cannot be streamed. */
  public static void main(String[] files) throws IOException {
    int streamed = 0;
    for (String file : files) {
      Network network = Network.load(Path.of(file));
      if (network.streams() && network.inputs() == 1 && network.outputs() == 1) {
        network.session(1).step(new float[network.inputFeatures(0)], new float[network.outputFeatures(0)]);
        streamed++;
      } else {
        network.predictor();
      }
    }
    System.out.println("loaded " + files.length + " of which streamed: " + streamed);
  }

  @Test
  void noModelNeedsALambda() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-Xlog:class+load", "-Drill.warmup=off", "-cp",
        Jvm.classPath(Network.class, ColdStartTest.class), ColdStartTest.class.getName()));
    int before = arguments.size();
    try (Stream<Path> cases = Files.list(Path.of("testdata", "cases"))) {
      cases.map(folder -> folder.resolve("model.keras")).filter(Files::exists).sorted().map(Path::toString).forEach(arguments::add);
    }
    String output = Jvm.run(arguments);
    assertTrue(output.contains("loaded " + (arguments.size() - before) + " of which streamed: "), output);
    assertEquals(List.of(), output.lines().filter(line -> line.matches(".*(dev[.]rill|ModuleLayer).*[$][$]Lambda.*")).toList());
  }
}
