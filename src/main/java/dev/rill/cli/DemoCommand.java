package dev.rill.cli;

import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Recorder;
import dev.rill.Session;
import dev.rill.Trace;
import dev.rill.charts.Picture;
import dev.rill.charts.PredictionCharts;
import dev.rill.charts.TracePage;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Shows what Rill is for: a model from Keras, streamed month by month with carried state, and what a step costs. */
final class DemoCommand implements Command {
  /** On an idle machine a second is enough. */
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final long SETTLE_NANOS = 1_000_000_000L;
  private static final long MEASURE_NANOS = 1_000_000_000L;

  private static final Usage USAGE = new Usage("demo", "[-o OUT.svg|.html]", "forecasts a public series with a model that Keras trained",
      List.of(new Option("-o", "OUT", "draw forecasts; a page shows the states behind them as well")),
      "Takes a few seconds. Reads nothing but the JAR; the model passes through a temporary file.\n");

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    arguments.operandPaths(0, 0);
    Path picture = arguments.has("-o") ? arguments.picture("-o") : null;
    DemoData data = DemoData.load();
    Model model = DemoData.model();
    Network network = model.freeze();
    console.announceKernels();
    PrintStream out = console.out();

    Session session = network.session(1);
    Recorder recorder = picture == null ? null : session.record(data.values().length, true);
    Forecast stream = new Forecast(data, session, 0);
    stream.history(data.heldOut());
    byte[] state = session.state().toBytes();
    String first = network.describe();
    double[] forecasts = stream.rest();
    out.print(new DemoReport(data, forecasts).text());
    out.flush();
    if (picture != null) {
      draw(data, forecasts, recorder.trace(), picture);
    }

    console.progress("warming up: until SIMD has been compiled, " + WARM_UP.toSeconds() + " s at the most");
    network.warmUp(WARM_UP);
    Session restored = network.session(State.fromBytes(state));
    double[] again = new Forecast(data, restored, data.heldOut() - 2).rest();
    if (!Arrays.equals(forecasts, again)) {
      throw new RillException("the forecasts on " + first + " and " + network.describe()
          + " differ: expected equal bits");
    }
    String now = network.describe();
    int months = data.heldOut() - 1;
    console.out().println("State     " + state.length + " bytes after " + months
        + " months; continued from them: the same forecasts");
    out.println("Kernels   " + (first.equals(now) ? now : first + ", then " + now + ": equal to the bit"));
    console.progress("measuring a step: 2 s");
    String latency = latency(model, network);
    console.out().println("Step      " + latency);
    return SUCCESS;
  }

  private static void draw(DemoData data, double[] forecasts, Trace trace, Path file) throws IOException {
    double[] truth = Arrays.copyOfRange(data.values(), data.heldOut(), data.heldOut() + forecasts.length);
    Picture forecast = PredictionCharts.forecast(data.title() + ", " + data.unit() + ", months from "
        + data.dates()[data.heldOut()], truth, forecasts);
    Picture whole = file.toString().endsWith(".svg") ? forecast
        : new TracePage(data.title() + ": what the LSTM carries from month to month", trace).above(forecast);
    whole.write(file);
  }

  /** Steps of a session of their own, timed as {@code bench} does. */
  private static String latency(Model model, Network network) {
    Workload work = new Workload("demo", network, model.graph(), 1, 1, null);
    long timer = Meter.timerNanos();
    Meter meter = new Meter(work.calls(), AllocatedBytes.counter(), timer);
    String kernels;
    int block;
    do {
      // SIMD may take over now if the machine was too busy before.
      kernels = network.describe();
      block = meter.settle(SETTLE_NANOS);
      meter.closed(block, MEASURE_NANOS);
    } while (!kernels.equals(network.describe()));
    return new BenchResult(work, 1, List.of(meter), kernels, block, timer).line();
  }
}
