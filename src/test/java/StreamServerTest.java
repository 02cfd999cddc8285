import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a service. It has no package: neither has this. */
class StreamServerTest {
  @TempDir
  Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  private Path model(long seed) throws Exception {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(8).named("lstm"), new Dense(2).named("head"));
    model.initialize(seed);
    Path file = folder.resolve("model.keras");
    model.save(file);
    return file;
  }

  private HttpResponse<String> send(StreamServer server, String method, String path, String body) throws Exception {
    URI uri = URI.create("http://localhost:" + server.port() + path);
    return client.send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void customersGoOnWhereTheyWereAfterAnEndAndABeginning() throws Exception {
    Path snapshot = folder.resolve("streams.rill");
    String before;
    try (StreamServer server = new StreamServer(model(1), 0, snapshot)) {
      send(server, "POST", "/step/a", "0.1 0.2 0.3");
      send(server, "POST", "/step/b", "0.1, 0.2, 0.3");
      send(server, "POST", "/step/b", "0.4 0.5 0.6");
      before = send(server, "POST", "/step/c", "0.1 0.2 0.3").body();
      send(server, "POST", "/step/c", "0.4 0.5 0.6");
    }
    assertTrue(Files.size(snapshot) > 0);
    try (StreamServer server = new StreamServer(folder.resolve("model.keras"), 0, snapshot)) {
      String next = send(server, "POST", "/step/a", "0.4 0.5 0.6").body();
      String third = send(server, "POST", "/step/b", "0.7 0.8 0.9").body();
      assertEquals(third, send(server, "POST", "/step/a", "0.7 0.8 0.9").body());
      assertTrue(!next.equals(third));
      assertEquals("ended\n", send(server, "DELETE", "/step/c", "").body());
      assertEquals(before, send(server, "POST", "/step/c", "0.1 0.2 0.3").body());
    }
  }

  @Test
  void aModelIsReloadedAndFiguresAreShown() throws Exception {
    try (StreamServer server = new StreamServer(model(1), 0, folder.resolve("streams.rill"))) {
      String load = StreamLoad.run("http://localhost:" + server.port(), 3, 4, 10, 200);
      assertTrue(load.startsWith("200 requests, 0 failed"), load);
      HttpResponse<String> old = send(server, "POST", "/step/a", "1 2 3");
      model(2);
      assertTrue(send(server, "POST", "/reload", "").body().startsWith("took"));
      HttpResponse<String> now = send(server, "POST", "/step/a", "1 2 3");
      assertTrue(!old.headers().firstValue("Rill-Weights").equals(now.headers().firstValue("Rill-Weights")));
      Files.writeString(folder.resolve("model.keras"), "no model");
      assertEquals(409, send(server, "POST", "/reload", "").statusCode());
      assertEquals(400, send(server, "POST", "/step/a", "1 2").statusCode());
      assertEquals(400, send(server, "POST", "/step/a", "one").statusCode());
      assertEquals(400, send(server, "POST", "/step/a", "1 1e99 3").statusCode());
      assertEquals(404, send(server, "GET", "/nowhere", "").statusCode());

      String metrics = send(server, "GET", "/metrics", "").body();
      assertTrue(metrics.contains("rill_request_success_total 202\n") && metrics.contains("rill_streams 11\n"), metrics);
      assertTrue(metrics.contains("rill_queue_seconds{quantile=\"0.99\"}"), metrics);
      String page = send(server, "GET", "/", "").body();
      assertTrue(page.contains("<canvas"), page);
      String states = send(server, "GET", "/states", "").body();
      assertTrue(states.startsWith("[{\"key\":\"a h\",\"values\":["), states);
    }
  }
}
