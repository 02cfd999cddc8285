package dev.rill.engine;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.KernelWarmUp;
import dev.rill.kernels.Kernels;
import dev.rill.tensor.Require;
import java.util.List;

/**
 * Runs a plan on dummy data so that nobody waits for the compiler: the kernels until SIMD takes over, and the code around
 * them with every kernels in turn, so that the change of kernels finds it prepared.
 */
public final class PlanWarmUp {
  /** The kernels' part of the time, as a multiple of the plan's. */
  private static final int PLAN_SHARE = 4;
  /** Beyond so many bytes of dummy data a plan is left out: its size is its own trouble, not that of all others. */
  private static final long MOST_BYTES = 16 << 20;

  /** What runs beside the kernels, or null if it is too large or needs the whole time axis. */
  private final Plan plan;
  private final KernelWarmUp kernels;
  private final PlanMemory workspace;
  private final StateBuffer state;
  private final float[][] x;
  private final float[][] y;
  /** Time that the plan may still take. */
  private long credit;
  /** The newest kernels that the plan has met. */
  private Kernels met;

  /**
   * Prepares dummy data.
   *
   * @param plan what to run; one that needs the whole time axis or many megabytes is left alone, and only the kernels run
   */
  public PlanWarmUp(Plan plan) {
    kernels = KernelChoice.simd() ? new KernelWarmUp(Require.given(plan, "the plan").packing()) : null;
    this.plan = kernels != null && plan.obstacle() == null && bytes(plan) <= MOST_BYTES ? plan : null;
    x = new float[this.plan == null ? 0 : plan.graph().inputs().size()][];
    y = new float[this.plan == null ? 0 : plan.graph().outputs().size()][];
    workspace = this.plan == null ? null : plan.memory();
    state = this.plan == null ? null : plan.state(1);
    for (int i = 0; i < x.length; i++) {
      x[i] = new float[2 * plan.inputWidth(i)];
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = new float[2 * plan.outputWidth(i)];
    }
  }

  private static long bytes(Plan plan) {
    long floats = 0;
    for (int i = 0; i < plan.graph().inputs().size(); i++) {
      floats += 2L * plan.inputWidth(i);
    }
    for (int i = 0; i < plan.graph().outputs().size(); i++) {
      floats += 2L * plan.outputWidth(i);
    }
    return Float.BYTES * floats + plan.workspaceBytes(1, 2) + plan.stateBytes(1);
  }

  /**
   * Runs everything once.
   *
   * @return true while SIMD is still to take over
   */
  public boolean round() {
    if (kernels == null) {
      return false;
    }
    long begin = System.nanoTime();
    boolean more = kernels.round();
    List<Kernels> usable = kernels.usable();
    credit += (System.nanoTime() - begin) / PLAN_SHARE;
    // A step of a large model takes longer than all kernels on dummy data.
    if (plan != null && (credit >= 0 || usable.get(1) != met)) {
      met = usable.get(1);
      begin = System.nanoTime();
      for (Kernels k : usable) {
        run(k, 1);
        run(k, 2);
        if (x.length == 1 && y.length == 1) {
          plan.step(k, workspace, state, null, 1, x[0], y[0]);
          plan.step(k, workspace, state, null, 1, x[0], y[0]);
        }
      }
      credit -= System.nanoTime() - begin;
    }
    return more;
  }

  private void run(Kernels k, int steps) {
    for (int i = 0; i < x.length; i++) {
      int width = plan.inputWidth(i);
      workspace.input(i, x[i], 0, steps * width, width, plan.inputSequence(i) ? steps : 1);
    }
    for (int i = 0; i < y.length; i++) {
      int width = plan.outputWidth(i);
      workspace.output(i, y[i], 0, steps * width, width);
    }
    plan.run(k, workspace, state, null, 1);
  }

  /**
   * Why SIMD will not take over.
   *
   * @return a sentence, or null
   */
  public String failure() {
    return kernels == null ? null : kernels.failure();
  }
}
