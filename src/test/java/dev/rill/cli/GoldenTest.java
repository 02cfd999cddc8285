package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.rill.training.TrainingThreads;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every recorded run of real Keras comes out the same. */
class GoldenTest {
  @TestFactory
  Stream<DynamicTest> kerasGivesTheSame() {
    List<Path> cases = VerifyCommand.cases(Rill.CASES);
    assertFalse(cases.size() < 50, "the recorded cases are missing: " + cases);
    return cases.stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(),
        () -> assertNull(Replay.of(folder, new Tolerance(Double.NaN, Double.NaN), TrainingThreads.callerOnly()).failure())));
  }
}
