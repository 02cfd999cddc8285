import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A load for {@link StreamServer}: some threads send steps of some customers, one after the other, and say how long the answers took.
 *
 * <pre>java src/examples/java/StreamLoad.java http://localhost:8080 3 4 1000 20000     features, threads, customers, requests</pre>
 */
public final class StreamLoad {
  private StreamLoad() {}

  public static void main(String... args) throws InterruptedException {
    System.out.println(run(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]),
        Integer.parseInt(args[4])));
  }

  /** Sends all requests; returns a line of figures. */
  static String run(String server, int features, int threads, int customers, int requests) throws InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    long[] nanos = new long[requests];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Thread[] senders = new Thread[threads];
    long begin = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      senders[t] = new Thread(() -> {
        for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
          long start = System.nanoTime();
          failed.addAndGet(send(client, server + "/step/customer-" + i % customers, input(i, features)) == 200 ? 0 : 1);
          nanos[i] = System.nanoTime() - start;
        }
      });
      senders[t].start();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    Arrays.sort(nanos);
    return String.format(Locale.ROOT, "%d requests, %d failed, %.0f a second; p50 %.0f us, p99 %.0f us, p99.9 %.0f us", requests,
        failed.get(), requests / seconds, nanos[requests / 2] * 1e-3, nanos[requests * 99 / 100] * 1e-3,
        nanos[(int) (requests * 999L / 1000)] * 1e-3);
  }

  private static String input(int request, int features) {
    StringBuilder text = new StringBuilder();
    for (int j = 0; j < features; j++) {
      text.append((request * 7 + j * 3) % 19 * 0.1 - 0.9).append(' ');
    }
    return text.toString();
  }

  private static int send(HttpClient client, String uri, String body) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    } catch (IOException | InterruptedException e) {
      return -1;
    }
  }
}
