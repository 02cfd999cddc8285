package dev.rill.cli;

import dev.rill.tensor.Precision;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Measures how long a step takes, of a user's model or of one layer. */
final class BenchCommand implements Command {
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final long LONGEST_SETTLING = 5_000_000_000L;
  private static final long SHORTEST_SETTLING = 300_000_000;

  private static final Usage USAGE = new Usage("bench",
      "[MODEL] | --layer lstm|gru|simplernn --input I --units H [OPTION...]",
      "measures the time of a step or a sequence of a model or a layer",
      List.of(new Option("--layer", "NAME", "one layer of random weights instead of MODEL: lstm, gru or simplernn"),
          new Option("--input", "I", "features of that layer's input"),
          new Option("--units", "H", "units of that layer"),
          new Option("--batch", "B", "rows in a call, 1 if not given"),
          new Option("--steps", "T", "time steps in a call, 1 if not given"),
          new Option("--weights", "P", "precision of the weights: float32, bf16 or int8; float32 if not given"),
          new Option("--train", null, "measure a training batch"),
          new Option("--threads", "N", "sessions at once, each on a thread of its own"),
          new Option("--seconds", "S", "how long to measure, 3 if not given"),
          new Option("--rate", "R", "calls a second and session, timed from when each should begin"),
          new Option("--json", null, "one JSON object instead of a table")),
      """
      Warms up first; fails if other kernels take over while it measures. Times of a call under 2 us: the smallest, p50
      and p90 are means of blocks of at least 5 us, p99 and above single calls less what the clock costs. FLOPs are
      those of the products.

      A call is B rows of T steps through all layers of the model, states included, on arrays that are already there; what
      a service adds around it is not measured. The first line of the table says what was measured.
      """);

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    int threads = arguments.count("--threads", 1);
    long nanos = (long) (1e9 * positive(arguments, "--seconds", 3));
    double rate = positive(arguments, "--rate", 0);
    Workload work = workload(arguments);
    console.announceKernels();
    long timer = Meter.timerNanos();
    AllocatedBytes allocated = AllocatedBytes.counter();

    console.progress("warming up: until SIMD has been compiled, " + WARM_UP.toSeconds() + " s at the most");
    work.network().warmUp(WARM_UP);
    long settling = Math.max(SHORTEST_SETTLING, Math.min(LONGEST_SETTLING, 2 * nanos));
    console.progress("running until the time of a call falls no more");
    int block = new Meter(work.calls(), allocated, timer).settle(settling);
    int size = rate > 0 ? 1 : block;
    Consumer<Meter> measure = rate > 0 ? meter -> meter.paced(rate, nanos) : meter -> meter.closed(size, nanos);
    Consumer<Meter> prepare = meter -> meter.settle(settling / 5);

    String kernels = work.network().describe();
    console.progress(String.format(Locale.ROOT, "measuring: %.4g s", 1e-9 * nanos));
    List<Meter> meters = measure(work, work.training() == null ? threads : 1, allocated, timer, prepare, measure);
    if (!kernels.equals(work.network().describe())) {
      throw new RillException("the kernels changed from " + kernels + " to " + work.network().describe()
          + " while measuring: run it again, or fix them with -Drill.kernels");
    }
    BenchResult result = new BenchResult(work, threads, meters, kernels, size, timer);
    console.out().println(arguments.has("--json") ? result.json() : result.table().stripTrailing());
    return SUCCESS;
  }

  private static double positive(Arguments arguments, String option, double absent) {
    double value = arguments.number(option, absent);
    if (arguments.has(option) && (value < 1e-3 || value > 1e9)) {
      throw new UsageException(option + ": expected a number from 0.001 to 1e9, got " + arguments.text(option));
    }
    return value;
  }

  private static Workload workload(Arguments arguments) throws IOException {
    int rows = arguments.count("--batch", 1);
    int steps = arguments.count("--steps", 1);
    List<Path> model = arguments.operandPaths(0, 1);
    boolean layer = arguments.has("--layer");
    if (layer == !model.isEmpty()) {
      throw new UsageException("expected either MODEL or --layer");
    }
    if (layer != arguments.has("--input") || layer != arguments.has("--units")) {
      throw new UsageException("--layer, --input and --units belong together");
    }
    if (arguments.has("--train") && !layer) {
      throw new UsageException("--train: needs --layer");
    }
    if (arguments.has("--train") && arguments.has("--weights")) {
      throw new UsageException("--weights: training knows float32 only");
    }
    Precision precision = arguments.precision("--weights");
    int inputs = arguments.count("--input", 0);
    int units = arguments.count("--units", 0);
    if (arguments.has("--train")) {
      return Workload.training(arguments.text("--layer"), inputs, units, rows, steps,
          DaemonThreads.of(arguments.count("--threads", 1)));
    }
    return layer ? Workload.layer(arguments.text("--layer"), inputs, units, rows, steps, precision)
        : Workload.model(model.get(0), rows, steps, precision);
  }

  /** Each thread warms its session up; then all measure at once. */
  private static List<Meter> measure(Workload work, int threads, AllocatedBytes allocated, long timer,
      Consumer<Meter> prepare, Consumer<Meter> measure) {
    List<Meter> meters = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    CountDownLatch ready = new CountDownLatch(threads);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (int i = 0; i < threads; i++) {
      Meter meter = new Meter(work.calls(), allocated, timer);
      meters.add(meter);
      Thread thread = new Thread(() -> {
        try {
          prepare.accept(meter);
        } finally {
          ready.countDown();
        }
        join(ready::await);
        measure.accept(meter);
      }, "rill-bench-" + i);
      thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
      thread.start();
      running.add(thread);
    }
    running.forEach(thread -> join(thread::join));
    if (failure.get() != null) {
      throw new RillException("a measuring thread ended with " + Main.reason(failure.get()), failure.get());
    }
    return meters;
  }

  private interface Wait {
    void end() throws InterruptedException;
  }

  private static void join(Wait wait) {
    try {
      wait.end();
    } catch (InterruptedException e) {
      throw new RillException("interrupted", e);
    }
  }
}
