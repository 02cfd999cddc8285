package dev.rill.cli;

import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Recorder;
import dev.rill.Session;
import dev.rill.Trace;
import dev.rill.charts.TracePage;
import dev.rill.layers.Graph;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shows what a model's states do over time. */
final class TraceCommand implements Command {
  private static final int ROWS = 4;
  private static final Usage USAGE = new Usage("trace",
      "MODEL IN.npy|.npz|.csv|.txt -o OUT.html [--rows A,B] [--gates] [--alphabet TEXT]",
      "shows inputs, states and outputs over time as a page of heat maps",
      List.of(new Option("-o", "OUT", "file for the page, .html"),
          new Option("--rows", "A,B", "rows of IN that are shown, from 0; the first " + ROWS + " if not given"),
          new Option("--gates", null, "show gates as well"),
          new Option("--alphabet", "TEXT", "IN is text: the characters of ids or one-hot features, in order")),
      """
      Each row starts at a state of zero. A .txt file is one row of text in that alphabet. The page needs nothing but itself; 1,000 steps
      of 512 units take 0.7 MB for each state or gate and row.
      """);

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    List<Path> operands = arguments.operandPaths(2, 2);
    Path in = operands.get(1);
    Path out = arguments.path("-o");
    String alphabet = arguments.text("--alphabet");
    if (out == null || !out.toString().endsWith(".html")) {
      throw new UsageException("expected -o OUT.html" + (out == null ? "" : ", got " + out));
    }
    boolean text = in.toString().endsWith(".txt");
    if (text && alphabet == null) {
      throw new UsageException("IN: " + in + " is text: expected --alphabet as well");
    }
    Model model = Model.load(operands.get(0));
    console.announceKernels();
    Graph graph = model.graph();
    List<Tensor> all = text ? List.of(text(graph, Files.readString(in, StandardCharsets.UTF_8), alphabet))
        : NamedArrays.readInputs("IN", in, graph);
    int rows = all.get(0).shape().axis(0);
    int[] chosen = arguments.indices("--rows", rows, "rows");
    if (chosen == null && rows > ROWS) {
      console.error("the first " + ROWS + " of " + rows + " rows; --rows chooses others");
    }
    chosen = chosen == null ? first(rows) : chosen;
    List<Tensor> x = new ArrayList<>();
    for (Tensor each : all) {
      x.add(gather(each, chosen));
    }
    // Refuses what does not fit.
    new Prediction(model, x, chosen.length);
    Trace trace = trace(model, x, arguments.has("--gates"));
    TracePage page = new TracePage(operands.get(0).getFileName() + " on " + in.getFileName(), trace);
    (alphabet == null ? page : page.alphabet(alphabet)).write(out);
    return SUCCESS;
  }

  /** Through a session where there can be one, whatever batch the model's file names. */
  private static Trace trace(Model model, List<Tensor> x, boolean gates) {
    Network network = model.freeze();
    Graph graph = model.graph();
    int steps = 0;
    boolean even = true;
    for (int i = 0; i < x.size(); i++) {
      boolean sequence = x.get(i).shape().rank() == 3 || graph.ids(graph.inputs().get(i));
      int own = sequence ? x.get(i).shape().axis(1) : 1;
      even &= !sequence || steps == 0 || steps == own;
      steps = sequence ? own : Math.max(1, steps);
    }
    if (!network.streams() || !even) {
      return Trace.of(model, x, gates);
    }
    int rows = x.get(0).shape().axis(0);
    List<Tensor> y = new ArrayList<>();
    for (Graph.Ref output : graph.outputs()) {
      Shape shape = graph.shape(output).with(0, rows);
      y.add(Tensor.zeros((shape.rank() == 3 ? shape.with(1, steps) : shape).toArray()));
    }
    Session session = network.session(rows);
    Recorder recorder = session.record(steps, gates);
    session.step(x.toArray(new Tensor[0]), y.toArray(new Tensor[0]));
    return recorder.trace();
  }

  /** One row of characters, as ids or one-hot. */
  private static Tensor text(Graph graph, String text, String alphabet) {
    int[] known = alphabet.codePoints().toArray();
    int[] read = text.codePoints().toArray();
    boolean ids = graph.ids(graph.inputs().get(0));
    float[] x = new float[ids ? read.length : Math.multiplyExact(read.length, known.length)];
    for (int t = 0; t < read.length; t++) {
      int id = 0;
      while (id < known.length && known[id] != read[t]) {
        id++;
      }
      if (id == known.length) {
        throw new UsageException("--alphabet: the text has " + Character.toString(read[t]) + " at " + t + ", the alphabet has not");
      }
      x[ids ? t : t * known.length + id] = ids ? id : 1;
    }
    return ids ? Tensor.of(x, 1, read.length) : Tensor.of(x, 1, read.length, known.length);
  }

  private static int[] first(int count) {
    int[] first = new int[Math.min(ROWS, count)];
    Arrays.setAll(first, row -> row);
    return first;
  }

  private static Tensor gather(Tensor from, int[] rows) {
    int width = rows.length == 0 ? 0 : from.row(rows[0]).size();
    float[] some = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(from.array(), from.offset() + rows[i] * from.stride(), some, i * width, width);
    }
    return Tensor.of(some, from.shape().with(0, rows.length).toArray());
  }
}
