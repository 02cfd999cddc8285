package app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.RejectedException;
import dev.rill.serving.SequenceBatcher;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The page's service on a free port, with the page's properties. */
class SpringRecipeTest {
  private static final Path ROOT = Path.of("..", "..", "..");
  private static final Path MODEL = ROOT.resolve("src/docs/example/model.keras");

  private final HttpClient client = HttpClient.newHttpClient();
  private ConfigurableApplicationContext context;
  @TempDir
  private Path folder;

  @BeforeEach
  void start() throws Exception {
    Matcher page = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(ROOT.resolve("src/recipes/spring.md")));
    assertTrue(page.find());
    Properties properties = new Properties();
    properties.load(new StringReader(page.group(1)));
    SpringApplication application = new SpringApplication(Application.class);
    application.setDefaultProperties(properties);
    context = application.run("--server.port=0", "--server.address=127.0.0.1", "--rill.model=" + MODEL,
        "--rill.streams=" + folder.resolve("streams.rill"));
  }

  @AfterEach
  void end() {
    context.close();
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    return client.send(HttpRequest.newBuilder(address).header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  @Test
  void stepsAreThoseOfSessionsAndAreCounted() throws Exception {
    Session[] alone = {Network.load(MODEL).session(1), Network.load(MODEL).session(1)};
    Random random = new Random(1);
    float[] y = new float[1];
    for (int i = 0; i < 20; i++) {
      float[] x = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
      HttpResponse<String> response = call("POST", "/step/customer-" + i % 2, Arrays.toString(x));
      assertEquals(200, response.statusCode(), response.body());
      alone[i % 2].step(x, y);
      assertEquals(y[0], Float.parseFloat(response.body().replaceAll("[\\[\\]]", "")), response.body());
    }
    String figures = call("GET", "/actuator/prometheus", "").body();
    assertTrue(figures.contains("rill_request_success_total{name=\"forecast\"} 20.0\n"), figures);
    assertTrue(figures.contains("rill_streams{name=\"forecast\"} 2.0\n"), figures);
    assertEquals(200, call("DELETE", "/step/customer-0", "").statusCode());
    Session anew = Network.load(MODEL).session(1);
    anew.step(new float[] {1, 2, 3}, y);
    assertEquals("[" + y[0] + "]", call("POST", "/step/customer-0", "[1, 2, 3]").body());
  }

  @Test
  void streamsGoOnAfterARestart() throws Exception {
    Session alone = Network.load(MODEL).session(1);
    float[] y = new float[1];
    for (int i = 0; i < 10; i++) {
      if (i == 5) {
        context.close();
        start();
      }
      alone.step(new float[] {i, 2, 3}, y);
      assertEquals("[" + y[0] + "]", call("POST", "/step/customer-1", "[" + i + ", 2, 3]").body());
    }
  }

  @Test
  void healthSaysHowItRuns() throws Exception {
    HttpResponse<String> response = call("GET", "/actuator/health", "");
    assertEquals(200, response.statusCode(), response.body());
    String rill = response.body().substring(response.body().indexOf("\"rill\""));
    assertTrue(rill.startsWith("\"rill\":{\"details\":{\"streams\":0,\"pending\":0,\"kernels\":\""), response.body());
    assertTrue(rill.contains("\"status\":\"UP\""), response.body());
  }

  @Test
  void inputsOfAnotherWidthAreTheCallersFault() throws Exception {
    HttpResponse<String> response = call("POST", "/step/customer-1", "[1, 2]");
    assertEquals(400, response.statusCode(), response.body());
    assertTrue(response.body().contains("expected 3"), response.body());
  }

  @Test
  @SuppressWarnings("unchecked")
  void theBatcherEndsWithItsContext() {
    SequenceBatcher<String> batcher = context.getBean(SequenceBatcher.class);
    PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
    assertTrue(registry.find("rill.execution").functionCounter() != null);
    context.close();
    assertTrue(registry.find("rill.execution").functionCounter() == null);
    CompletionException e = assertThrows(CompletionException.class, () -> batcher.submit("customer-1", new float[3]).join());
    assertEquals(RejectedException.class, e.getCause().getClass());
  }
}
