package dev.rill.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.Trace;
import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of page in a real browser, where one is installed: nothing on the console, and what there is to see is there. */
class BrowserTest {
  private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
  private static final List<String> QUIET = List.of("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
      "--enable-logging=stderr", "--virtual-time-budget=2000",
      "--blink-settings=preferredColorScheme=1", "--window-size=1000,900");

  @TempDir
  Path folder;

  private static String browser() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      for (String name : NAMES) {
        if (Files.isExecutable(Path.of(folder, name))) {
          return folder + File.separator + name;
        }
      }
    }
    return null;
  }

  /** The page as it is once its script has run. */
  private String opened(String html) throws IOException, InterruptedException {
    String browser = browser();
    assumeTrue(browser != null, "no browser is installed");
    Path page = Files.writeString(folder.resolve("page.html"), html);
    Path dom = folder.resolve("dom.html");
    Path log = folder.resolve("log.txt");
    List<String> command = new ArrayList<>(List.of(browser));
    command.addAll(QUIET);
    command.addAll(List.of("--user-data-dir=" + folder.resolve("profile"), "--dump-dom", page.toUri().toString()));
    Process process = new ProcessBuilder(command).redirectOutput(dom.toFile()).redirectError(log.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      assumeTrue(false, "the browser does not end on this machine");
    }
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertEquals(List.of(), said.lines().filter(line -> line.contains("CONSOLE")).toList(), "the console");
    return Files.readString(dom);
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }

  @Test
  void aTraceCanBeReadSortedAndMovedAboutIn() throws Exception {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(3, 4), new LSTM(6).returnSequences(true).named("lstm"),
        new Dense(2));
    model.initialize(2);
    float[] ids = {0, 1, 2, 2, 1, 0, 0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1, 2};
    Trace trace = Trace.of(model, List.of(Tensor.of(ids, 2, 9)), true);
    String html = new TracePage("A trace", trace).alphabet("abc").html();
    // What a hand would do, at the end of the page.
    String driver = """
        <script>
        const pick = (id, value, event) => { const e = document.getElementById(id); e.value = value; e.dispatchEvent(new Event(event)); };
        pick('row', 1, 'input');
        for (const sort of ['variance', 'correlation', 'none']) pick('sort', sort, 'change');
        const canvas = document.querySelector('section[data-layer="lstm"][data-kind="h"] canvas'), box = canvas.getBoundingClientRect();
        const at = (kind, x, y) => canvas.dispatchEvent(new PointerEvent(kind, { clientX: box.left + x * box.width,
          clientY: box.top + y * box.height, pointerId: 1, bubbles: true }));
        at('pointermove', 4.5 / 9, 2.5 / 6);
        document.body.dataset.value = document.querySelector('.value').textContent;
        const cell = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const ink = (x, y) => {
          cell.drawImage(canvas, x * canvas.width, y * canvas.height, 1, 1, 0, 0, 1, 1);
          return [...cell.getImageData(0, 0, 1, 1).data].slice(0, 3).join(' ');
        };
        document.body.dataset.ink = ink(4.5 / 9, 2.5 / 6);
        const turn = keys => canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, clientX: box.left + 0.5, clientY: box.top + 0.5,
          cancelable: true, ...keys }));
        document.body.dataset.scrolls = turn({});
        for (let i = 0; i < 20; i++) turn({ shiftKey: true });
        for (let i = 0; i < 20; i++) turn({ ctrlKey: true });
        at('pointermove', 0.99, 0.99);
        document.body.dataset.corner = document.querySelector('.value').textContent;
        document.body.dataset.zoomed = ink(0.99, 0.5);
        at('pointerdown', 0, 0);
        at('pointerup', 0, 0);
        document.body.dataset.chosen = document.querySelectorAll('.text span[style*="background: rgb"]').length;
        document.querySelectorAll('button').forEach(button => button.click());
        dispatchEvent(new Event('resize'));
        </script></body>""";
    String dom = opened(html.replace("</body>", driver));
    assertTrue(dom.contains("data-ready=\"true\""), dom);
    assertEquals(trace.tracks().size(), count(dom, "<section "));
    String text = dom.substring(dom.indexOf("class=\"text\""));
    assertEquals(9, count(text.substring(0, text.indexOf("</div>")), "<span"), "characters of the row");
    float shown = trace.get("lstm", "h").get(1, 4, 2);
    String value = told(dom, "value");
    assertTrue(value.startsWith("step 4 · lstm h[2] = ") && value.contains("“b”"), value);
    assertEquals(shown, Double.parseDouble(value.replaceAll(".* = (\\S+).*", "$1")), 1e-5 * Math.abs(shown), value);
    assertInk(trace.get("lstm", "h"), shown, told(dom, "ink"));
    assertEquals("true", told(dom, "scrolls"), "the bare wheel is the page's");
    assertTrue(told(dom, "corner").startsWith("step 3 · lstm h[0] = "), "four steps of one unit are left: " + told(dom, "corner"));
    assertInk(trace.get("lstm", "h"), trace.get("lstm", "h").get(1, 3, 0), told(dom, "zoomed"));
    assertEquals("9", told(dom, "chosen"), "characters that a chosen unit colours");
  }

  private static String told(String dom, String name) {
    return dom.replaceAll("(?s).*data-" + name + "=\"([^\"]*)\".*", "$1");
  }

  /** A cell has the colour of its value: from white to blue where negative, to orange where positive, full at the largest of all rows. */
  private static void assertInk(Tensor track, float value, String ink) {
    float most = 0;
    for (float each : track.toArray()) {
      most = Math.max(most, Math.abs(each));
    }
    int[] end = value < 0 ? new int[] {5, 80, 174} : new int[] {188, 76, 0};
    String[] seen = ink.split(" ");
    for (int i = 0; i < 3; i++) {
      assertEquals(255 + (end[i] - 255) * Math.abs(value) / most, Double.parseDouble(seen[i]), 2, ink);
    }
  }

  @Test
  void picturesAreThere() throws Exception {
    Symbol in = Input.named("in", Shape.UNKNOWN, 3);
    Model model = Model.of(in, new Dense(2).apply(new LSTM(4).apply(in)));
    Tensor y = Tensor.of(new float[] {0, 1, 1, 0}, 4);
    Path log = Files.writeString(folder.resolve("log.csv"), "epoch,loss,val_loss\n0,2,3\n1,1,2\n");
    Tensor p = Tensor.of(Samples.floats(1, 8, 1), 4, 2);
    String dom = opened(Page.of("Pictures", List.of(new ModelGraph(model).svg(), new ConfusionMatrix("matrix", y, p).svg(),
        PredictionCharts.roc("roc", y, p).svg(), PredictionCharts.residuals("residuals", p, p).svg(),
        PredictionCharts.precisionRecall("pr", y, p).svg(), PredictionCharts.forecast("forecast", new double[3], new double[3], 1).svg(),
        new TrainingCurves("curves").run("run", log).svg())));
    assertEquals(3, count(dom, "class=\"layer\""));
    assertEquals(4, count(dom, "class=\"count\""));
    assertEquals(2 + 1 + 1 + 2 + 2, count(dom, "class=\"series\""));
    assertEquals(1, count(dom, "class=\"mark\""));
    assertEquals(7, count(dom, "class=\"picture\""));
  }
}
