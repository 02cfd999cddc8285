package dev.rill.layers;

import dev.rill.variables.Initializer;
import dev.rill.variables.Orthogonal;
import dev.rill.variables.Regularizer;
import dev.rill.variables.VariableRules;

/** The rules of a layer with a kernel, as one record; the recurrent ones mean nothing to a dense layer. */
record KernelRules(VariableRules kernel, VariableRules recurrent, VariableRules bias, Regularizer activity, boolean trainable) {
  static final KernelRules DEFAULT = new KernelRules(VariableRules.startingAs(Initializer.glorotUniform()),
      VariableRules.startingAs(new Orthogonal(1)), VariableRules.startingAs(Initializer.zeros()), null, true);

  KernelRules kernel(VariableRules rules) {
    return new KernelRules(rules, recurrent, bias, activity, trainable);
  }

  KernelRules recurrent(VariableRules rules) {
    return new KernelRules(kernel, rules, bias, activity, trainable);
  }

  KernelRules bias(VariableRules rules) {
    return new KernelRules(kernel, recurrent, rules, activity, trainable);
  }

  KernelRules activity(Regularizer regularizer) {
    return new KernelRules(kernel, recurrent, bias, regularizer, trainable);
  }

  KernelRules trainable(boolean follow) {
    return new KernelRules(kernel, recurrent, bias, activity, follow);
  }
}
