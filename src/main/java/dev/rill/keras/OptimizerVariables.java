package dev.rill.keras;

import dev.rill.tensor.FormatException;
import dev.rill.training.Nadam;
import dev.rill.training.OptimizerState;
import dev.rill.training.Trainer;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * What an optimizer remembers, as the variables that Keras keeps, in its order: iterations, the learning rate unless a schedule
 * gives it, the slots of each trainable variable, Nadam's product.
 */
final class OptimizerVariables {
  /** What a slot holds for one variable. */
  private record Part(float[] values, Weights.Slice slice) {}

  private OptimizerVariables() {}

  private static boolean hasRate(Trainer trainer) {
    return trainer.rule().schedule() == null;
  }

  private static boolean hasProduct(Trainer trainer) {
    return trainer.rule() instanceof Nadam;
  }

  private static List<Part> parts(Trainer trainer) {
    OptimizerState state = trainer.optimizer();
    List<List<Part>> slots = new ArrayList<>();
    for (int slot = 0; slot < trainer.rule().slots().size(); slot++) {
      List<Part> parts = new ArrayList<>();
      for (Weights.Slice slice : trainer.trainable()) {
        parts.add(new Part(state.slot(slot), slice));
      }
      slots.add(parts);
    }
    return inOrder(slots, trainer.rule().interleaved());
  }

  /** Slots as Keras has them one behind the other: the first ones variable by variable, then each of the others whole. */
  static <T> List<T> inOrder(List<List<T>> slots, int interleaved) {
    int together = Math.min(interleaved, slots.size());
    List<T> all = new ArrayList<>();
    for (int i = 0; together > 0 && i < slots.get(0).size(); i++) {
      for (int slot = 0; slot < together; slot++) {
        all.add(slots.get(slot).get(i));
      }
    }
    for (int slot = together; slot < slots.size(); slot++) {
      all.addAll(slots.get(slot));
    }
    return all;
  }

  /** Slots are not copied. */
  static List<KerasVariable> write(Trainer trainer) {
    List<KerasVariable> variables = new ArrayList<>();
    variables.add(KerasVariable.of(trainer.optimizer().iterations()));
    if (hasRate(trainer)) {
      variables.add(KerasVariable.of((float) trainer.optimizer().learningRate()));
    }
    for (Part part : parts(trainer)) {
      variables.add(KerasVariable.of(part.slice().shape(), part.values(), part.slice().at()));
    }
    if (hasProduct(trainer)) {
      variables.add(KerasVariable.of(trainer.optimizer().product()));
    }
    return variables;
  }

  /**
   * Lets an optimizer go on from the variables of a file. Keras writes no slots before the first update, and nothing at all for a
   * model that was put together by hand: the optimizer starts anew then.
   *
   * @throws FormatException if they are another optimizer's
   */
  static void read(List<KerasVariable> variables, Trainer trainer) {
    List<Part> parts = parts(trainer);
    int first = hasRate(trainer) ? 2 : 1;
    int all = first + parts.size() + (hasProduct(trainer) ? 1 : 0);
    if (variables.size() < all && variables.size() <= first) {
      return;
    }
    if (variables.size() != all) {
      throw new FormatException("the file has " + variables.size() + " variables of an optimizer, " + trainer.rule().className()
          + " has " + all + " for this model: call compile to start it anew");
    }
    for (int i = 0; i < parts.size(); i++) {
      Weights.Slice slice = parts.get(i).slice();
      if (!variables.get(first + i).shape().equals(slice.shape())) {
        throw new FormatException("layer " + slice.layer() + ", " + slice.name() + ": the optimizer expects shape "
            + slice.shape() + ", its variable " + (first + i) + " in the file has " + variables.get(first + i).shape());
      }
      if (variables.get(first + i).integer()) {
        throw new FormatException("layer " + slice.layer() + ", " + slice.name() + ": the optimizer expects floating-point numbers, its "
            + "variable " + (first + i) + " in the file has integers: call compile to start it anew");
      }
    }
    long iterations = variables.get(0).longValue();
    float rate = hasRate(trainer) ? scalar(variables.get(1)) : 0;
    float product = hasProduct(trainer) ? scalar(variables.get(all - 1)) : 1;
    if (iterations < 0 || !(rate >= 0)) {
      throw new FormatException("the file has an optimizer after " + iterations + " updates with the learning rate " + rate
          + ", neither of which can be below 0: call compile to start it anew");
    }
    OptimizerState state = trainer.optimizer();
    state.iterations(iterations);
    if (hasRate(trainer)) {
      state.learningRate(rate);
    }
    for (int i = 0; i < parts.size(); i++) {
      variables.get(first + i).floats(parts.get(i).values(), parts.get(i).slice().at());
    }
    if (hasProduct(trainer)) {
      state.product(product);
    }
  }

  private static float scalar(KerasVariable variable) {
    if (variable.integer() || variable.shape().size() != 1) {
      throw new FormatException("the optimizer expects one float32 number, the file has " + variable + " in its place: call compile to "
          + "start it anew");
    }
    float[] value = new float[1];
    variable.floats(value, 0);
    return value[0];
  }
}
