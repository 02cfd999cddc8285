import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Predictor;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Conv1D;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.tensor.Shape;
import dev.rill.variables.RandomUniform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * ONNX Runtime's Java API beside Rill, one thread each, in turn: an LSTM, µs a step, the state carried from call to call, and whole
 * windows, µs a call. ONNX
 * Runtime gets what is fastest for it: tensors on direct buffers that are made once, outputs written in place.
 */
public class OnnxRuntime {
  private static final int ROUNDS = 7;
  private static final int STEPS = 60;
  private static final int WIDTH = 8;
  private static final long TURN_NANOS = 150_000_000;
  private static final long WARM_UP_NANOS = 1_000_000_000;

  private interface Call {
    void run() throws OrtException;
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println("| LSTM, µs a step | 1 row: ORT | Rill | 100 steps in a call: ORT | Rill | 32 rows: ORT | Rill "
        + "| 32 rows, 100 steps: ORT | Rill |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    List<Path> models;
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      models = files.filter(file -> file.getFileName().toString().matches("\\d.*\\.onnx")).sorted((a, b) -> Integer.compare(weight(a), weight(b))).toList();
    }
    for (Path model : models) {
      int inputs = size(model, 0);
      int units = size(model, 1);
      String one = pair(model, inputs, units, 1, 1);
      System.out.printf("| %d→%d | %s | %s | %s | %s |%n", inputs, units, one, pair(model, inputs, units, 1, 100),
          pair(model, inputs, units, 32, 1), pair(model, inputs, units, 32, 100));
    }
    System.out.println("\n| windows of 60 steps of 8, µs a call | 1 row: ORT | Rill | 32 rows: ORT | Rill |");
    System.out.println("|---|---|---|---|---|");
    for (String name : List.of("stacked", "bidirectional", "convolution")) {
      Path model = Path.of(arguments[0], "window-" + name + ".onnx");
      System.out.printf("| %s | %s | %s |%n", name, window(model, name, 1), window(model, name, 32));
    }
  }

  /** The same layers as in models.py. */
  private static Sequential reader(String name) {
    Layer[] layers = switch (name) {
      case "stacked" -> new Layer[] {new LSTM(64).returnSequences(true), new LSTM(64)};
      case "bidirectional" -> new Layer[] {new Bidirectional(new LSTM(64))};
      default -> new Layer[] {new Conv1D(64, 5).activation("relu"), new LSTM(64)};
    };
    return Sequential.of(Input.shape(Shape.UNKNOWN, WIDTH), layers);
  }

  private static String window(Path model, String name, int rows) throws OrtException {
    Predictor predictor = warm(reader(name).freeze()).predictor();
    float[] x = new float[rows * STEPS * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 37 % 64 - 32) / 32f;
    }
    float[] y = new float[rows * (name.equals("bidirectional") ? 128 : 64)];
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.toString(), oneThread())) {
      Map<String, OnnxTensor> in = Map.of("x", tensor(environment, rows, STEPS, WIDTH));
      Map<String, OnnxTensor> out = Map.of("y", tensor(environment, rows, y.length / rows));
      return inTurn(() -> session.run(in, Set.of(), out).close(), () -> predictor.run(rows, STEPS, x, y), 1);
    }
  }

  private static int size(Path model, int index) {
    return Integer.parseInt(model.getFileName().toString().replace(".onnx", "").split("-")[index]);
  }

  private static int weight(Path model) {
    return (size(model, 0) + size(model, 1)) * size(model, 1);
  }

  /** Medians of both, in turn. */
  private static String pair(Path model, int inputs, int units, int rows, int steps) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.toString(), oneThread())) {
      return inTurn(theirs(environment, session, inputs, units, rows, steps), ours(inputs, units, rows, steps), steps);
    }
  }

  private static OrtSession.SessionOptions oneThread() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    return options;
  }

  private static String inTurn(Call theirs, Call ours, int steps) throws OrtException {
    double[][] micros = new double[2][ROUNDS];
    micros(theirs, steps, WARM_UP_NANOS);
    micros(ours, steps, WARM_UP_NANOS);
    for (int round = 0; round < ROUNDS; round++) {
      micros[0][round] = micros(theirs, steps, TURN_NANOS);
      micros[1][round] = micros(ours, steps, TURN_NANOS);
    }
    return String.format(Locale.ROOT, "%.3g | %.3g", median(micros[0]), median(micros[1]));
  }

  private static double micros(Call call, int steps, long nanos) throws OrtException {
    long start = System.nanoTime();
    long now = start;
    int count = 0;
    while (now - start < nanos) {
      for (int i = 0; i < 4; i++) {
        call.run();
      }
      count += 4;
      now = System.nanoTime();
    }
    return (now - start) / 1000.0 / count / steps;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static Call theirs(OrtEnvironment environment, OrtSession session, int inputs, int units, int rows, int steps)
      throws OrtException {
    OnnxTensor x = tensor(environment, steps, rows, inputs);
    OnnxTensor y = tensor(environment, steps, 1, rows, units);
    OnnxTensor[] h = {tensor(environment, 1, rows, units), tensor(environment, 1, rows, units)};
    OnnxTensor[] c = {tensor(environment, 1, rows, units), tensor(environment, 1, rows, units)};
    List<Map<String, OnnxTensor>> in = List.of(Map.of("x", x, "h", h[0], "c", c[0]), Map.of("x", x, "h", h[1], "c", c[1]));
    List<Map<String, OnnxTensor>> out = List.of(Map.of("y", y, "new_h", h[1], "new_c", c[1]),
        Map.of("y", y, "new_h", h[0], "new_c", c[0]));
    int[] turn = {0};
    return () -> {
      session.run(in.get(turn[0]), Set.of(), out.get(turn[0])).close();
      turn[0] = 1 - turn[0];
    };
  }

  private static OnnxTensor tensor(OrtEnvironment environment, long... shape) throws OrtException {
    int size = 1;
    for (long axis : shape) {
      size *= (int) axis;
    }
    FloatBuffer buffer = ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
    for (int i = 0; i < size; i++) {
      buffer.put(i, (i * 37 % 64 - 32) / 32f);
    }
    return OnnxTensor.createTensor(environment, buffer, shape);
  }

  private static Network warm(Network network) {
    network.warmUp(Duration.ofSeconds(60));
    if (!network.describe().startsWith("simd")) {
      throw new IllegalStateException("SIMD has not taken over: " + network.describe());
    }
    return network;
  }

  private static Call ours(int inputs, int units, int rows, int steps) {
    LSTM lstm = new LSTM(units).returnSequences(true).recurrentInitializer(new RandomUniform(-0.05, 0.05));
    Network network = warm(Sequential.of(Input.shape(Shape.UNKNOWN, inputs), lstm).freeze());
    Session session = network.session(rows);
    float[] x = new float[rows * steps * inputs];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 37 % 64 - 32) / 32f;
    }
    float[] y = new float[rows * steps * units];
    return steps == 1 ? () -> session.step(x, y) : () -> session.run(steps, x, y);
  }
}
