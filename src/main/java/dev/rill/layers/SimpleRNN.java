package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The plain recurrent network (Elman 1990), as Keras computes it:
 * {@code h' = tanh(x @ kernel + h @ recurrent_kernel + bias)}.
 *
 * <p>Kernel (inputs, units), recurrent kernel (units, units), bias (units). State: h.
 */
public final class SimpleRNN extends Recurrent<SimpleRNN> {
  /**
   * Describes a layer with Keras' defaults.
   *
   * @param units length of the hidden state
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public SimpleRNN(int units) {
    this(null, new Options(units));
  }

  private SimpleRNN(String name, Options options) {
    super(name, options);
  }

  @Override
  SimpleRNN with(String name, Options changed) {
    return new SimpleRNN(name, changed);
  }

  @Override
  List<String> kinds() {
    return List.of("h");
  }

  @Override
  List<Weights.Variable> variables(Shape input) {
    List<Weights.Variable> variables = new ArrayList<>();
    variables.add(new Weights.Variable("kernel", Shape.of(features(input), units())));
    variables.add(new Weights.Variable("recurrent_kernel", Shape.of(units(), units())));
    if (useBias()) {
      variables.add(new Weights.Variable("bias", Shape.of(units())));
    }
    return variables;
  }

  @Override
  Cell cell(OpContext wiring) {
    return new SimpleRnnCell(wiring, options);
  }

  @Override
  TrainingCell trainingCell(TrainingOpContext wiring) {
    return new SimpleRnnTraining(options, wiring);
  }
}
