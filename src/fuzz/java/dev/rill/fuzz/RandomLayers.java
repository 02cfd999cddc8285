package dev.rill.fuzz;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.layers.Activation;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Concatenate;
import dev.rill.variables.Constraint;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.variables.Initializer;
import dev.rill.layers.KernelLayer;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Masking;
import dev.rill.layers.Recurrent;
import dev.rill.variables.Regularizer;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import java.util.List;

/** Graphs of layers with options, as a fuzzer's choices describe them. */
final class RandomLayers {
  private static final String[] INITIALIZERS = {"glorot_uniform", "zeros", "ones", "he_normal", "lecun_uniform", "orthogonal",
      "random_normal", "random_uniform", "truncated_normal", "variance_scaling", "identity", "constant"};
  private static final String[] REGULARIZERS = {"l1", "l2", "l1l2", "orthogonal_regularizer"};
  private static final String[] CONSTRAINTS = {"max_norm", "unit_norm", "min_max_norm", "non_neg"};

  private final Choices choices;
  private boolean dropout;

  RandomLayers(Choices choices) {
    this.choices = choices;
  }

  /** Whether a layer drops something in training. */
  boolean dropout() {
    return dropout;
  }

  Model model() {
    int time = choices.oneIn(4) ? 1 + choices.below(4) : Shape.UNKNOWN;
    Symbol input;
    Symbol at;
    if (choices.oneIn(4)) {
      input = Input.shape(time);
      at = new Embedding(8, units()).maskZero(choices.yes()).apply(input);
    } else {
      input = Input.shape(time, units());
      at = choices.oneIn(4) ? new Masking(choices.below(2)).apply(input) : input;
    }
    for (int n = choices.below(4); n >= 0; n--) {
      at = choices.oneIn(8) ? branches(at) : next(at);
    }
    return Model.of(input, at);
  }

  private int units() {
    return choices.oneIn(8) ? 1 + choices.below(40) : 1 + choices.below(6);
  }

  /** Two layers over one, side by side; the second may go on from the states of the first. */
  private Symbol branches(Symbol at) {
    if (at.shape().rank() == 3 && choices.yes()) {
      int units = units();
      boolean lstm = choices.yes();
      Recurrent<?> first = (lstm ? new LSTM(units) : new GRU(units)).returnState(true);
      Recurrent<?> second = (lstm ? new LSTM(units) : new GRU(units)).returnSequences(choices.yes());
      List<Symbol> states = first.call(at);
      return second.call(at, states.subList(1, states.size()).toArray(new Symbol[0])).get(0);
    }
    return new Concatenate().apply(List.of(next(at), choices.yes() ? at : next(at)));
  }

  private Symbol next(Symbol at) {
    if (at.shape().rank() == 2) {
      return switch (choices.below(4)) {
        case 1 -> new RepeatVector(1 + choices.below(4)).apply(at);
        case 2 -> plain().apply(at);
        default -> dense().apply(at);
      };
    }
    return switch (choices.below(9)) {
      case 0 -> dense().apply(at);
      case 1 -> new TimeDistributed(dense()).apply(at);
      case 2 -> plain().apply(at);
      case 3, 4 -> gates(new LSTM(units()).unitForgetBias(choices.yes())
          .recurrentActivation(function(ActivationFunction.SIGMOID))).apply(at);
      case 5, 6 -> gates(new GRU(units()).resetAfter(choices.yes())
          .recurrentActivation(function(ActivationFunction.SIGMOID))).apply(at);
      default -> gates(new SimpleRNN(units())).apply(at);
    };
  }

  private Layer plain() {
    if (choices.yes()) {
      dropout = true;
      return new Dropout(choices.below(5) / 4.0).seed(choices.below(100));
    }
    return new Activation(choices.of(ActivationFunction.values()));
  }

  private Dense dense() {
    return rules(new Dense(units()).useBias(!choices.oneIn(4)).activation(function(ActivationFunction.LINEAR)));
  }

  private <T extends Recurrent<T>> Layer gates(T layer) {
    T changed = layer.returnSequences(choices.yes()).useBias(!choices.oneIn(4)).stateful(choices.oneIn(4))
        .activation(function(ActivationFunction.TANH)).goBackwards(choices.oneIn(8)).zeroOutputForMask(choices.oneIn(4));
    if (choices.oneIn(6)) {
      dropout = true;
      changed = changed.dropout(choices.below(5) / 4.0).recurrentDropout(choices.below(5) / 4.0);
    }
    if (choices.oneIn(6)) {
      changed = changed.recurrentInitializer(Initializer.named(choices.of(INITIALIZERS)))
          .recurrentRegularizer(choices.yes() ? Regularizer.named(choices.of(REGULARIZERS)) : null)
          .recurrentConstraint(choices.yes() ? Constraint.named(choices.of(CONSTRAINTS)) : null);
    }
    return rules(changed);
  }

  private ActivationFunction function(ActivationFunction usual) {
    return choices.oneIn(3) ? choices.of(ActivationFunction.values()) : usual;
  }

  private <T extends KernelLayer<T>> T rules(T layer) {
    T changed = choices.oneIn(12) ? layer.trainable(false) : layer;
    if (choices.oneIn(4)) {
      changed = changed.kernelInitializer(Initializer.named(choices.of(INITIALIZERS)))
          .biasInitializer(Initializer.named(choices.of("zeros", "ones", "random_normal")));
    }
    if (choices.oneIn(4)) {
      changed = changed.kernelRegularizer(choices.yes() ? Regularizer.named(choices.of(REGULARIZERS)) : null)
          .biasRegularizer(choices.yes() ? Regularizer.named(choices.of("l1", "l2")) : null)
          .activityRegularizer(choices.yes() ? Regularizer.named(choices.of(REGULARIZERS)) : null);
    }
    if (choices.oneIn(4)) {
      changed = changed.kernelConstraint(Constraint.named(choices.of(CONSTRAINTS)));
    }
    return changed;
  }
}
