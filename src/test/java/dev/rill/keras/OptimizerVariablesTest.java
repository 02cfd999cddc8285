package dev.rill.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Shape;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Nadam;
import dev.rill.training.Trainer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an optimizer goes on from is held against it before anything of it changes. */
class OptimizerVariablesTest {
  private static Trainer trainer() {
    Sequential model = Sequential.of(Input.shape(2), new Dense(3));
    model.initialize(1);
    model.compile(new Nadam(0.01), new MeanSquaredError());
    model.trainOnBatch(Samples.tensor(1, 4, 2), Samples.tensor(2, 4, 3));
    return model.trainer();
  }

  private static List<KerasVariable> with(List<KerasVariable> variables, int index, KerasVariable other) {
    List<KerasVariable> changed = new ArrayList<>(variables);
    changed.set(index, other);
    return changed;
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingChanges() {
    Trainer trainer = trainer();
    List<KerasVariable> variables = OptimizerVariables.write(trainer);
    int last = variables.size() - 1;
    KerasVariable many = KerasVariable.of(Shape.of(2), new float[2], 0);
    List<List<KerasVariable>> odd = List.of(with(variables, 0, KerasVariable.of(-5L)), with(variables, 0, many),
        with(with(variables, 0, KerasVariable.of(9L)), 1, KerasVariable.of(Float.NaN)),
        with(with(variables, 0, KerasVariable.of(9L)), 1, KerasVariable.of(-1f)),
        with(with(variables, 0, KerasVariable.of(9L)), 1, many),
        with(with(variables, 0, KerasVariable.of(9L)), last, many), with(variables, last, KerasVariable.of(1L)));
    float[] slot = trainer.optimizer().slot(0).clone();
    for (int i = 0; i < odd.size(); i++) {
      List<KerasVariable> each = odd.get(i);
      String message = assertThrows(FormatException.class, () -> KerasFile.resume(each, trainer), "case " + i).getMessage();
      assertTrue(message.contains("expect") || message.contains("call compile"), message);
      assertEquals(1, trainer.optimizer().iterations(), "case " + i);
      assertEquals(0.01f, (float) trainer.optimizer().learningRate(), "case " + i);
      Samples.assertBits(slot, trainer.optimizer().slot(0), "slot");
    }
    KerasFile.resume(with(variables, 0, KerasVariable.of(9L)), trainer);
    assertEquals(9, trainer.optimizer().iterations());
  }
}
