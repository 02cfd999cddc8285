package dev.rill.engine;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.KernelWarmUp;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.WeightFormat;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Runs a plan on dummy data so that nobody waits for the compiler: the kernels until SIMD takes over, and the code around
 * them with every kernels in turn, so that the change of kernels finds it prepared.
 *
 * <p>One low-priority daemon thread per process and packing does this soon after the first plan is made, and ends by itself;
 * should a busy machine not have let it finish, the next plan goes on. {@code -Drill.warmup=off} forbids it.
 */
public final class PlanWarmUp {
  private static final long BACKGROUND_NANOS = 60_000_000_000L;
  /** Left to the first steps, and to processes that take no more: the compiler and the cores are theirs for so long. */
  private static final long HEAD_START_MILLIS = 100;
  /** The kernels' part of the time, as a multiple of the plan's. */
  private static final int PLAN_SHARE = 4;
  private static final Set<WeightFormat> RUNNING = EnumSet.noneOf(WeightFormat.class);

  private final Plan plan;
  private final KernelWarmUp handOver;
  private final Workspace workspace;
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
   * @param plan what to run; one that needs the whole time axis is left alone, and only the kernels run
   */
  public PlanWarmUp(Plan plan) {
    this.plan = plan;
    handOver = KernelChoice.simd() ? new KernelWarmUp(plan.packing()) : null;
    workspace = plan.workspace();
    state = plan.state(1);
    x = new float[plan.graph().inputs().size()][];
    y = new float[plan.graph().outputs().size()][];
    for (int i = 0; i < x.length; i++) {
      x[i] = new float[2 * plan.inputWidth(i)];
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = new float[2 * plan.outputWidth(i)];
    }
  }

  /**
   * Runs everything once.
   *
   * @return true while SIMD is still to take over
   */
  public boolean round() {
    if (handOver == null) {
      return false;
    }
    long begin = System.nanoTime();
    boolean more = handOver.round();
    List<Kernels> usable = handOver.usable();
    credit += (System.nanoTime() - begin) / PLAN_SHARE;
    // A step of a large model takes longer than all kernels on dummy data.
    if (plan.obstacle() == null && (credit >= 0 || usable.get(1) != met)) {
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
    return handOver == null ? null : handOver.failure();
  }

  /** Starts the thread of this process, one for each packing, if SIMD is to take over. */
  static synchronized void inBackground(Plan plan) {
    if (KernelChoice.simdPending(plan.packing()) && KernelChoice.warmUpAllowed() && RUNNING.add(plan.packing())) {
      new Background(plan).start();
    }
  }

  private static synchronized void ended(WeightFormat packing) {
    RUNNING.remove(packing);
  }

  /** The thread. A class and no lambda: the first lambda of a process costs as much as the rest of loading a model. */
  private static final class Background extends Thread {
    private final Plan plan;

    Background(Plan plan) {
      super("rill-warm-up");
      this.plan = plan;
      setDaemon(true);
      setPriority(MIN_PRIORITY);
    }

    @Override
    public void run() {
      String why = "SIMD was not ready in time; warmUp() or the next model goes on";
      try {
        Thread.sleep(HEAD_START_MILLIS);
        long end = System.nanoTime() + BACKGROUND_NANOS;
        PlanWarmUp exercise = new PlanWarmUp(plan);
        while (exercise.round() && System.nanoTime() < end) {
          Thread.yield();
        }
        if (exercise.failure() == null) {
          ended(plan.packing());
        } else {
          why = exercise.failure();
        }
      } catch (RuntimeException | LinkageError | InterruptedException e) {
        why = "SIMD failed: " + e;
      }
      if (KernelChoice.simdPending(plan.packing())) {
        KernelChoice.remark(plan.packing(), why);
        System.getLogger("dev.rill").log(System.Logger.Level.DEBUG, why);
      }
    }
  }
}
