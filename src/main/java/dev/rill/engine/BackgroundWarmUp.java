package dev.rill.engine;

import dev.rill.events.Events;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.WeightFormat;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Warms up beside the application: one low-priority daemon thread per process and packing begins soon after the first plan is made,
 * and ends by itself; should a busy machine not have let it finish, the next plan goes on. {@code -Drill.warmup=off} forbids it.
 */
public final class BackgroundWarmUp {
  private static final long MOST_NANOS = 60_000_000_000L;
  /** Left to the first steps, and to processes that take no more: the compiler and the cores are theirs for so long. */
  private static final long HEAD_START_MILLIS = 100;
  private static final Map<WeightFormat, Worker> RUNNING = new EnumMap<>(WeightFormat.class);
  /** Whose SIMD kernels cannot run here, whatever the plan. */
  private static final Set<WeightFormat> REFUSED = EnumSet.noneOf(WeightFormat.class);

  private BackgroundWarmUp() {}

  /** Starts the thread of a plan's packing, if SIMD is to take over and none runs. */
  static synchronized void start(Plan plan) {
    WeightFormat packing = plan.packing();
    if (KernelChoice.simdPending(packing) && KernelChoice.warmUpAllowed() && !REFUSED.contains(packing)
        && !RUNNING.containsKey(packing)) {
      Worker worker = new Worker(plan);
      RUNNING.put(packing, worker);
      try {
        worker.start();
      } catch (OutOfMemoryError e) {
        // No thread can be made: the model runs without it, and the next one tries again.
        RUNNING.remove(packing);
      }
    }
  }

  /** Ends all threads, and returns when they have. */
  public static void stop() {
    List<Worker> workers;
    synchronized (BackgroundWarmUp.class) {
      workers = List.copyOf(RUNNING.values());
    }
    boolean interrupted = false;
    for (Worker worker : workers) {
      worker.interrupt();
      while (worker.isAlive()) {
        try {
          worker.join();
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
  private static final class Worker extends Thread {
    private final Plan plan;

    Worker(Plan plan) {
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
        PlanWarmUp warmUp = new PlanWarmUp(plan);
        long most = HEAD_START_MILLIS * 1_000_000 + MOST_NANOS;
        while (!isInterrupted() && warmUp.round() && System.nanoTime() - begin < most) {
          Thread.yield();
        }
        refused = warmUp.failure() != null;
        why = refused ? warmUp.failure() : why;
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
