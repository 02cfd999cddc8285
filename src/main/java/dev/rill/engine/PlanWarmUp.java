package dev.rill.engine;

import dev.rill.events.Events;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.KernelWarmUp;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.WeightFormat;
import dev.rill.tensor.Require;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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
  /** Beyond so many bytes of dummy data a plan is left out: its size is its own trouble, not that of all others. */
  private static final long MOST_BYTES = 16 << 20;
  private static final Map<WeightFormat, Background> RUNNING = new EnumMap<>(WeightFormat.class);
  /** Whose SIMD kernels cannot run here, whatever the plan. */
  private static final Set<WeightFormat> REFUSED = EnumSet.noneOf(WeightFormat.class);

  /** What runs beside the kernels, or null if it is too large or needs the whole time axis. */
  private final Plan plan;
  private final KernelWarmUp handOver;
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
    handOver = KernelChoice.simd() ? new KernelWarmUp(Require.given(plan, "the plan").packing()) : null;
    this.plan = handOver != null && plan.obstacle() == null && bytes(plan) <= MOST_BYTES ? plan : null;
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
    if (handOver == null) {
      return false;
    }
    long begin = System.nanoTime();
    boolean more = handOver.round();
    List<Kernels> usable = handOver.usable();
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
    return handOver == null ? null : handOver.failure();
  }

  /** Starts the thread of this process, one for each packing, if SIMD is to take over. */
  static synchronized void inBackground(Plan plan) {
    WeightFormat packing = plan.packing();
    if (KernelChoice.simdPending(packing) && KernelChoice.warmUpAllowed() && !REFUSED.contains(packing)
        && !RUNNING.containsKey(packing)) {
      Background thread = new Background(plan);
      RUNNING.put(packing, thread);
      try {
        thread.start();
      } catch (OutOfMemoryError e) {
        // No thread can be made: the model runs without it, and the next one tries again.
        RUNNING.remove(packing);
      }
    }
  }

  /** Ends these threads, and returns when they have. */
  public static void stopBackground() {
    List<Background> threads;
    synchronized (PlanWarmUp.class) {
      threads = List.copyOf(RUNNING.values());
    }
    boolean interrupted = false;
    for (Background thread : threads) {
      thread.interrupt();
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static synchronized void ended(WeightFormat packing, boolean refused) {
    RUNNING.remove(packing);
    if (refused) {
      REFUSED.add(packing);
    }
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
      long begin = System.nanoTime();
      String why = "SIMD was not ready in time; warmUp() or the next model goes on";
      boolean refused = false;
      try {
        Thread.sleep(HEAD_START_MILLIS);
        PlanWarmUp exercise = new PlanWarmUp(plan);
        long most = HEAD_START_MILLIS * 1_000_000 + BACKGROUND_NANOS;
        while (!isInterrupted() && exercise.round() && System.nanoTime() - begin < most) {
          Thread.yield();
        }
        refused = exercise.failure() != null;
        why = refused ? exercise.failure() : why;
      } catch (InterruptedException e) {
        // What it says already holds.
      } catch (LinkageError e) {
        refused = true;
        why = "SIMD failed: " + e;
      } catch (Throwable e) {
        // Whatever one model does to this thread, the next starts another.
        why = "warming up failed: " + e + "; warmUp() or the next model goes on";
      } finally {
        ended(plan.packing(), refused);
      }
      if (KernelChoice.simdPending(plan.packing())) {
        KernelChoice.remark(plan.packing(), why);
        System.getLogger("dev.rill").log(System.Logger.Level.DEBUG, why);
      }
      Events.create().handOver(plan.kernels(), System.nanoTime() - begin);
    }
  }
}
