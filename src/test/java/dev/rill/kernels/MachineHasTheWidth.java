package dev.rill.kernels;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips every test of a JVM that was told to use vectors which its processor does not have: the suite stays green on
 * machines without AVX-512 or AVX2. A missing module is a mistake of the build and not skipped.
 */
public final class MachineHasTheWidth implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean width = System.getProperty("rill.kernels", "auto").matches("128|256|512");
    boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (width && module && KernelChoice.problem() != null) {
      return ConditionEvaluationResult.disabled(KernelChoice.problem());
    }
    return ConditionEvaluationResult.enabled("the machine has what the kernels ask for");
  }
}
