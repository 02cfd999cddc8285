import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.KeyCodec;
import dev.rill.serving.RejectedException;
import dev.rill.serving.SequenceBatcher;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;
import dev.rill.tensor.State;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service that keeps a state for each of its customers: one step a request, a page that shows the states live, a snapshot when it
 * ends, from which it goes on.
 *
 * <pre>
 * java -p target/rill.jar --add-modules dev.rill,jdk.httpserver src/examples/java/StreamServer.java model.keras 8080 streams.rill
 * curl -d '0.1 0.2 0.3' localhost:8080/step/customer-17     the output; header Rill-Weights says which weights gave it
 * curl -X DELETE localhost:8080/step/customer-17            ends the stream
 * curl -X POST localhost:8080/reload                        reads the model again, states go on; kill -HUP does the same
 * curl localhost:8080/metrics                               figures for Prometheus
 * </pre>
 */
public final class StreamServer implements AutoCloseable {
  private static final int SHOWN = 24;

  private final Path model;
  private final Path snapshot;
  private final SequenceBatcher<String> batcher;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final Set<String> shown = new ConcurrentSkipListSet<>();

  /** Serves on loopback; port 0 stands for any that is free. */
  StreamServer(Path model, int port, Path snapshot) throws IOException {
    this.model = model;
    this.snapshot = snapshot;
    batcher = SequenceBatcher.<String>builder(Network.load(model)).shards(2).maxStreams(10_000).build();
    if (Files.exists(snapshot)) {
      batcher.restore(List.of(snapshot), KeyCodec.STRINGS, Carry.KEEP);
    }
    // Without it each answer waits 40 ms for the acknowledgement of the one before.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.setExecutor(threads);
    http.createContext("/", exchange -> {
      boolean found = exchange.getRequestURI().getPath().equals("/");
      answer(exchange, found ? 200 : 404, found ? "text/html; charset=utf-8" : "text/plain", found ? PAGE : "no such page\n");
    });
    http.createContext("/metrics", exchange -> answer(exchange, "text/plain; version=0.0.4", batcher.stats().prometheus("rill")));
    http.createContext("/states", exchange -> answer(exchange, "application/json", states()));
    http.createContext("/step/", this::step);
    http.createContext("/reload", this::reload);
    http.start();
  }

  public static void main(String... args) throws IOException, ReflectiveOperationException {
    if (args.length != 3) {
      System.err.println("usage: StreamServer MODEL PORT SNAPSHOT, for example src/docs/example/model.keras 8080 streams.rill");
      return;
    }
    StreamServer server = new StreamServer(Path.of(args[0]), Integer.parseInt(args[1]), Path.of(args[2]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    onHangUp(() -> System.out.println(server.reload().text));
    System.out.println("http://localhost:" + server.port() + "  " + server.batcher.network().describe());
  }

  /** What kill -HUP does; by reflection, as javac warns of the JDK's class of signals. */
  private static void onHangUp(Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object act = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
      action.run();
      return null;
    });
    signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance("HUP"), act);
  }

  int port() {
    return http.getAddress().getPort();
  }

  private void step(HttpExchange exchange) throws IOException {
    String key = exchange.getRequestURI().getPath().substring("/step/".length());
    try {
      if (exchange.getRequestMethod().equals("DELETE")) {
        shown.remove(key);
        answer(exchange, "text/plain", batcher.end(key).join() == null ? "no such stream\n" : "ended\n");
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String[] numbers = body.strip().split("[\\s,]+");
      float[] x = new float[numbers.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = Float.parseFloat(numbers[i]);
        if (!Float.isFinite(x[i])) {
          // It would stay in the stream's state for ever.
          throw new NumberFormatException(numbers[i] + " is no finite float");
        }
      }
      float[] y = new float[batcher.network().outputFeatures(0)];
      int weights = batcher.step(key, x, y);
      if (shown.size() < SHOWN) {
        shown.add(key);
      }
      exchange.getResponseHeaders().set("Rill-Weights", Integer.toHexString(weights));
      answer(exchange, "text/plain", Arrays.toString(y).replaceAll("[\\[\\],]", "") + "\n");
    } catch (RejectedException | StateException e) {
      // Too much to do, or no room for another stream: no fault of the caller, who may come again.
      answer(exchange, 503, "text/plain", e.getMessage() + "\n");
    } catch (RillException | NumberFormatException e) {
      answer(exchange, 400, "text/plain", e.getMessage() + "\n");
    }
  }

  /** What came of a reload, for HTTP and for people. */
  private record Outcome(int status, String text) {}

  private void reload(HttpExchange exchange) throws IOException {
    Outcome outcome = reload();
    answer(exchange, outcome.status, "text/plain", outcome.text + "\n");
  }

  /** Reads the model again; a file that is damaged, or does not fit, changes nothing. */
  private Outcome reload() {
    try {
      return new Outcome(200, "took " + batcher.swap(Network.load(model), Carry.KEEP).elapsed().toMillis() + " ms");
    } catch (IOException | RillException e) {
      return new Outcome(409, "not taken: " + e.getMessage());
    }
  }

  /** For each stream that is shown: its name, and what its layers keep. */
  private String states() {
    StringBuilder json = new StringBuilder("[");
    for (String key : shown) {
      State state = batcher.state(key);
      for (int p = 0; state != null && p < state.planes().size(); p++) {
        json.append(json.length() > 1 ? "," : "").append("{\"key\":\"").append(key.replaceAll("[^\\w.-]", "?")).append(' ')
            .append(state.planes().get(p).kind()).append("\",\"values\":").append(Arrays.toString(state.values(p)).replace("NaN", "0"))
            .append('}');
      }
    }
    return json.append(']').toString();
  }

  private static void answer(HttpExchange exchange, String type, String text) throws IOException {
    answer(exchange, 200, type, text);
  }

  private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Answers what has come in, then writes the streams down. */
  @Override
  public void close() {
    http.stop(1);
    threads.shutdown();
    try {
      batcher.snapshot(snapshot, KeyCodec.STRINGS, null);
    } catch (IOException e) {
      System.err.println("the streams could not be written: " + e);
    }
    batcher.close();
  }

  private static final String PAGE = """
      <!doctype html><meta charset="utf-8"><title>Rill: streams</title>
      <style>:root{color-scheme:light dark} body{font:14px system-ui;margin:2em} canvas{image-rendering:pixelated;border:1px solid #888}
      td{padding:0 1em 0 0} #names{font:10px monospace;line-height:12px;white-space:pre;float:left;margin-right:1em}</style>
      <h1>Streams</h1><table id="figures"></table><h2>States, from −1 (blue) to 1 (red)</h2>
      <div id="names"></div><canvas id="heat"></canvas>
      <script>
      const wanted = {rill_streams: 'streams', rill_pending_request_count: 'in the queue', rill_request_success_total: 'steps',
        rill_request_rejected_total: 'rejected', 'rill_queue_seconds{quantile="0.99"}': 'queue p99, s',
        'rill_compute_seconds{quantile="0.5"}': 'batch p50, s', 'rill_batch_rows{quantile="0.5"}': 'rows of a batch, p50'};
      async function show() {
        const text = await (await fetch('/metrics')).text(), rows = await (await fetch('/states')).json();
        document.getElementById('figures').innerHTML = text.split('\\n').map(l => l.split(' ')).filter(l => wanted[l[0]])
          .map(l => '<tr><td>' + wanted[l[0]] + '<td>' + +(+l[1]).toPrecision(3)).join('');
        document.getElementById('names').textContent = rows.map(r => r.key).join('\\n');
        const heat = document.getElementById('heat'), width = Math.max(1, ...rows.map(r => r.values.length));
        heat.width = width; heat.height = Math.max(1, rows.length);
        heat.style.width = 12 * width + 'px'; heat.style.height = 12 * rows.length + 'px';
        const c = heat.getContext('2d');
        rows.forEach((r, y) => r.values.forEach((v, x) => {
          const a = Math.min(1, Math.abs(v));
          c.fillStyle = v > 0 ? `rgb(220 50 47 / ${a})` : `rgb(38 100 230 / ${a})`;
          c.fillRect(x, y, 1, 1);
        }));
      }
      show(); setInterval(show, 500);
      </script>
      """;
}
