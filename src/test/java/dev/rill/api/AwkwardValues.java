package dev.rill.api;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Predictor;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.engine.Plan;
import dev.rill.engine.StateBuffer;
import dev.rill.io.ByteSource;
import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.io.ZipArchive;
import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.serving.BatcherBuilder;
import dev.rill.serving.Carry;
import dev.rill.serving.Histogram;
import dev.rill.serving.KeyCodec;
import dev.rill.serving.SequenceBatcher;
import dev.rill.serving.Snapshot;
import dev.rill.serving.StreamPool;
import dev.rill.serving.Swap;
import dev.rill.serving.WhenFull;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adam;
import dev.rill.training.ArrayData;
import dev.rill.training.Batch;
import dev.rill.training.Callback;
import dev.rill.training.Dataset;
import dev.rill.training.Fit;
import dev.rill.training.FitContext;
import dev.rill.training.LambdaCallback;
import dev.rill.training.Loss;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.Optimizer;
import dev.rill.training.OptimizerState;
import dev.rill.training.SGD;
import dev.rill.training.Schedule;
import dev.rill.training.Trainable;
import dev.rill.training.Trainer;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import dev.rill.variables.UnsupportedRule;
import dev.rill.variables.Weights;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** For each type something that is fine, first, and things that are awkward. Made anew for each use. */
final class AwkwardValues {
  private static final int DEPTH = 3;

  private final Map<Class<?>, List<Callable<?>>> known = new HashMap<>();
  private final Map<Class<?>, List<Callable<?>>> found = new HashMap<>();
  private final Map<String, byte[]> contents = new HashMap<>();
  private final Path folder;
  private SequenceBatcher<Object> batcher;

  AwkwardValues(Path folder) throws IOException {
    this.folder = folder;
    numbers();
    model().save(folder.resolve("model.keras"));
    Npz.write(folder.resolve("arrays.npz"), Map.of("a", NpyArray.of(new float[] {1, 2}, 2)));
    Files.writeString(folder.resolve("garbage"), "no file of any kind");
    for (String name : List.of("model.keras", "arrays.npz", "garbage")) {
      contents.put(name, Files.readAllBytes(folder.resolve(name)));
    }
    put(Path.class, () -> file("model.keras"), () -> file("arrays.npz"), () -> file("garbage"),
        () -> folder, () -> folder.resolve("new.keras"), () -> folder.resolve("new.weights.h5"), () -> folder.resolve("none/x.keras"),
        () -> folder.resolve("garbage/x.keras"), () -> Path.of("/"), () -> Path.of(""), null);
    data();
    training();
    serving();
  }

  private static InputStream failing() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("the line is dead");
      }
    };
  }

  /** As it was, whatever a call has written there. */
  private Path file(String name) throws IOException {
    return Files.write(folder.resolve(name), contents.get(name));
  }

  private void put(Class<?> type, Callable<?>... all) {
    List<Callable<?>> list = new ArrayList<>();
    for (Callable<?> one : all) {
      list.add(one == null ? () -> null : one);
    }
    known.put(type, list);
  }

  private void numbers() {
    put(int.class, () -> 2, () -> 0, () -> 1, () -> -1, () -> 7, () -> 1000, () -> Integer.MAX_VALUE, () -> Integer.MIN_VALUE);
    put(long.class, () -> 2L, () -> 0L, () -> -1L, () -> 1L << 31, () -> Long.MAX_VALUE, () -> Long.MIN_VALUE);
    put(double.class, () -> 0.5, () -> 0.0, () -> -1.0, () -> Double.NaN, () -> Double.POSITIVE_INFINITY,
        () -> Double.NEGATIVE_INFINITY, () -> Double.MAX_VALUE, () -> Double.MIN_VALUE, () -> 3.0);
    put(float.class, () -> 0.5f, () -> -1f, () -> Float.NaN, () -> Float.POSITIVE_INFINITY, () -> Float.MAX_VALUE);
    put(boolean.class, () -> true, () -> false);
    put(char.class, () -> 'o', () -> '\0', () -> '\ud800');
    for (Class<?>[] boxed : new Class<?>[][] {{Integer.class, int.class}, {Long.class, long.class}, {Double.class, double.class},
        {Boolean.class, boolean.class}}) {
      List<Callable<?>> all = new ArrayList<>(known.get(boxed[1]));
      all.add(() -> null);
      known.put(boxed[0], all);
    }
    put(String.class, () -> "lstm", null, () -> "", () -> "adam", () -> "mse", () -> "accuracy", () -> "relu", () -> "h", () -> "a",
        () -> "/", () -> "\ud800", () -> "a\n\u0000\u001b[31m", () -> "x".repeat(5000), () -> "%s%n{0}", () -> "float32", () -> "l2",
        () -> "loss", () -> folder.resolve("best.keras").toString());
    put(Object.class, () -> "an object", null);
    put(float[].class, () -> new float[64], null, () -> new float[0], () -> new float[] {Float.NaN}, () -> new float[1000]);
    put(double[].class, () -> new double[] {1}, null, () -> new double[0], () -> new double[] {Double.NaN, -1});
    put(long[].class, () -> new long[] {1, 2}, null, () -> new long[0], () -> new long[] {-1, Long.MAX_VALUE, 3});
    put(int[].class, () -> new int[] {0, 1}, null, () -> new int[0], () -> new int[] {-1}, () -> new int[] {1, 1},
        () -> new int[] {Integer.MAX_VALUE}, () -> new int[] {1, 0, 2}, () -> new int[] {64}, () -> new int[] {2, 3, 4},
        () -> new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, () -> new int[] {Integer.MIN_VALUE, 0});
    put(boolean[].class, () -> new boolean[] {true, false}, null, () -> new boolean[0], () -> new boolean[7]);
    put(byte[].class, () -> "{\"a\": [1, null]}".getBytes(), null, () -> new byte[0], () -> new byte[] {-1, -2, -3},
        () -> state().toBytes(), () -> "[".repeat(5000).getBytes());
    put(InputStream.class, () -> new ByteArrayInputStream(contents.get("model.keras")), null,
        () -> new ByteArrayInputStream(new byte[0]), () -> new ByteArrayInputStream("[".repeat(5000).getBytes()), () -> failing());
    put(ByteBuffer.class, () -> ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN), null, () -> ByteBuffer.allocate(0),
        () -> ByteBuffer.allocateDirect(64), () -> ByteBuffer.allocate(64).asReadOnlyBuffer());
    put(Duration.class, () -> Duration.ofMillis(1), null, () -> Duration.ZERO, () -> Duration.ofMillis(-1),
        () -> Duration.ofSeconds(Long.MIN_VALUE));
    put(Executor.class, () -> (Executor) Runnable::run, null, () -> (Executor) task -> {
      throw new RejectedExecutionException("busy");
    });
    put(OpenOption.class, () -> StandardOpenOption.READ, null);
    put(PrintStream.class, () -> new PrintStream(OutputStream.nullOutputStream()), null);
  }

  private void data() {
    put(Tensor.class, AwkwardValues::x, null, () -> Tensor.of(new float[1]), () -> Tensor.zeros(2, 2), () -> Tensor.zeros(0, 4, 3),
        () -> Tensor.zeros(2, 0, 3), () -> x().steps(1, 3), () -> Tensor.of(new float[] {Float.NaN, -1, 1e30f}, 1, 1, 3),
        () -> Tensor.zeros(3, 4, 3), () -> Tensor.zeros(1, 2, 3, 4), () -> Tensor.zeros(Integer.MAX_VALUE, 0, Integer.MAX_VALUE),
        () -> Tensor.zeros(2, 4, 3, 1));
    put(Shape.class, () -> Shape.of(2, 4, 3), null, Shape::of, () -> Shape.of(Shape.UNKNOWN, Shape.UNKNOWN, 3), () -> Shape.of(0, 0),
        () -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE), () -> Shape.of(2, Integer.MAX_VALUE));
    put(State.Plane.class, () -> new State.Plane("lstm", "h", 3), null, () -> new State.Plane("", "", Integer.MAX_VALUE));
    put(State.class, AwkwardValues::state, null, () -> State.of(List.of(), Integer.MAX_VALUE, 0),
        () -> State.of(state().planes(), 0, 0, new float[0], new float[0]), () -> state().gather(1, 1, 0));
    put(Network.class, () -> model().freeze(), null, () -> ids().freeze(),
        () -> Sequential.of(Input.shape(4, 3), new LSTM(2).goBackwards(true)).freeze());
    put(Session.class, () -> model().freeze().session(2), null);
    put(Predictor.class, () -> model().freeze().predictor(), null);
    put(Model.class, AwkwardValues::compiled, null, AwkwardValues::model, AwkwardValues::ids, AwkwardValues::stateful);
    put(Sequential.class, AwkwardValues::compiled, null, AwkwardValues::stateful);
    put(Symbol.class, () -> Input.shape(4, 3), null, () -> Input.shape(3), () -> new LSTM(2).apply(Input.shape(4, 3)),
        () -> new LSTM(3).returnSequences(true).apply(Input.shape(Shape.UNKNOWN, 2)), () -> Input.shape(1 << 28));
    put(Weights.class, () -> model().graph().variables().isEmpty() ? null : Weights.zeros(model().graph().variables()), null,
        () -> Weights.layout(model().graph().variables()));
    put(ByteSource.class, () -> ByteSource.of(new byte[64]), null, () -> ByteSource.of(new byte[0]));
    put(Npz.class, () -> Npz.open(file("arrays.npz")), null);
    put(ZipArchive.class, () -> ZipArchive.open(file("arrays.npz")), null);
    put(NpyArray.class, () -> NpyArray.of(new float[] {1, 2}, 2), null, () -> NpyArray.of(new long[] {1L << 60}));
    put(JsonObject.class, () -> Json.parseObject("{\"a\": [1, null, \"x\"], \"lstm\": {}, \"h\": 1e400}".getBytes(), "test"), null);
    put(JsonArray.class, () -> (JsonArray) Json.parse("[1, null, \"x\", [], {}]", "test"), null);
    put(JsonValue.class, () -> Json.parse("[1]", "test"), null, () -> Json.parse("1e400", "test"), () -> JsonObject.EMPTY);
  }

  private void training() {
    put(Layer.class, () -> new LSTM(3), null, () -> new Dense(2), () -> new Embedding(5, 3), () -> new LSTM(2).named("lstm"));
    put(Optimizer.class, Adam::new, null, () -> new SGD(0.1, 0.9, true).clipNorm(1));
    put(Loss.class, MeanSquaredError::new, null, () -> Loss.named("categorical_crossentropy"));
    put(Metric.class, () -> Metric.named("mae"), null, () -> Metric.named("accuracy"));
    put(Schedule.class, () -> Schedule.constant(0.1), null, () -> Schedule.cosine(0.1, 10));
    put(Initializer.class, Initializer::glorotUniform, null, () -> Initializer.named("orthogonal"));
    put(Regularizer.class, () -> Regularizer.l2(0.1), null, () -> Regularizer.named("orthogonal_regularizer"));
    put(Constraint.class, () -> Constraint.maxNorm(1), null, Constraint::nonNeg);
    put(Callback.class, LambdaCallback::new, null);
    put(Dataset.class, () -> ArrayData.of(x(), y()).batchSize(2), null);
    put(Batch.class, () -> Batch.of(List.of(x()), List.of(y())), null, () -> Batch.of(List.of(y()), List.of(y())),
        () -> Batch.of(List.of(x()), List.of(x())), () -> Batch.of(List.of(x().rows(0, 1)), List.of(y().rows(0, 1))));
    put(Fit.class, () -> new Fit().verbosity(0), null, () -> new Fit().verbosity(0).batchSize(1).shuffle(false));
    put(Trainer.class, () -> compiled().trainer(), null);
    put(FitContext.class, AwkwardValues::context);
    put(Trainable.class, () -> context().trainee(), null);
    put(OptimizerState.class, () -> new Adam().state(64), null, () -> new Adam().state(0), () -> new SGD(0.1).state(64));
    put(StateBuffer.class, () -> plan(model()).state(2), null,
        () -> plan(ids()).state(1));
    put(UnsupportedRule.class, () -> new UnsupportedRule("layer lstm: a rule that nobody knows"), null);
  }

  private void serving() {
    put(StreamPool.class, () -> StreamPool.of(model().freeze(), 4), null, () -> StreamPool.of(model().freeze(), 1).keepInputs(2));
    put(BatcherBuilder.class, () -> SequenceBatcher.builder(model().freeze()).maxStreams(4).queue(8, WhenFull.REJECT), null);
    put(SequenceBatcher.class, this::batcher, null);
    put(Histogram.class, () -> batcher().stats().queueNanos(), null);
    put(Snapshot.Mark.class, () -> null, () -> StreamPool.of(model().freeze(), 1).snapshot(folder.resolve("streams"), new IdleCodec(), null)
        .mark());
    put(Swap.class, () -> batcher().swap(model().freeze(), Carry.KEEP), null);
  }

  /** One at a time, so that few threads are left behind. */
  private SequenceBatcher<Object> batcher() {
    if (batcher != null) {
      batcher.close();
    }
    batcher = SequenceBatcher.builder(model().freeze()).maxStreams(4).queue(8, WhenFull.REJECT).build();
    return batcher;
  }

  /** Knows no key. */
  private static final class IdleCodec implements KeyCodec<Object> {
    @Override
    public byte[] toBytes(Object key) {
      return new byte[0];
    }

    @Override
    public Object fromBytes(byte[] bytes) {
      return "";
    }
  }

  static Tensor x() {
    return Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4, -5, -6}, 2, 4, 3);
  }

  static Tensor y() {
    return Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);
  }

  static Sequential model() {
    return Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(3), new Dense(2));
  }

  private static Sequential stateful() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(3).stateful(true), new Dense(2));
    model.compile("sgd", "mse");
    model.predict(x());
    return model;
  }

  private static Sequential ids() {
    return Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(5, 3).maskZero(true), new LSTM(3));
  }

  static Sequential compiled() {
    Sequential model = model();
    model.compile("adam", "mse", "mae");
    return model;
  }

  private static Plan plan(Model model) {
    return Plan.of(model.graph(), Weights.zeros(model.graph().variables()));
  }

  static State state() {
    Session session = model().freeze().session(2);
    session.step(new float[6], new float[4]);
    return session.state();
  }

  private static FitContext context() {
    FitContext[] context = new FitContext[1];
    compiled().fit(x(), y(), new Fit().verbosity(0).callbacks(new LambdaCallback().atEpochBegin(run -> context[0] = run)));
    return context[0];
  }

  /** Values of a type, the first of them fine; none if nobody knows how to make one. */
  List<Callable<?>> of(Type type) {
    return of(type, 0);
  }

  private List<Callable<?>> of(Type type, int depth) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type[] arguments = generic.getActualTypeArguments();
      if (raw == List.class || raw == Set.class) {
        return lists(raw, of(arguments[0], depth));
      }
      if (raw == Map.class) {
        return maps(of(arguments[0], depth), of(arguments[1], depth));
      }
      return of(raw, depth);
    }
    if (type instanceof WildcardType wildcard) {
      return of(wildcard.getUpperBounds()[0], depth);
    }
    if (type instanceof TypeVariable<?> variable) {
      return of(variable.getBounds()[0], depth);
    }
    if (type instanceof GenericArrayType array) {
      return arrays(erased(array.getGenericComponentType()), of(array.getGenericComponentType(), depth));
    }
    Class<?> wanted = (Class<?>) type;
    if (known.containsKey(wanted)) {
      return known.get(wanted);
    }
    if (wanted.isArray()) {
      return arrays(wanted.getComponentType(), of(wanted.getComponentType(), depth));
    }
    if (!found.containsKey(wanted)) {
      found.put(wanted, made(wanted, depth));
    }
    return found.get(wanted);
  }

  private static Class<?> erased(Type type) {
    return type instanceof Class<?> plain ? plain : type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType()
        : type instanceof TypeVariable<?> variable ? erased(variable.getBounds()[0]) : Object.class;
  }

  private List<Callable<?>> made(Class<?> type, int depth) {
    List<Callable<?>> all = new ArrayList<>();
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        all.add(() -> constant);
      }
    } else if (type.isInterface() && !type.getName().startsWith("dev.rill.") || type.isAnnotationPresent(FunctionalInterface.class)) {
      all.add(() -> idle(type));
    } else if (depth < DEPTH) {
      all.addAll(byFactories(type, depth));
    }
    if (all.isEmpty() && type.isInterface() && !type.isSealed()) {
      all.add(() -> idle(type));
    }
    all.add(() -> null);
    return all;
  }

  /** What does nothing, and returns null, 0 or false. */
  private static Object idle(Class<?> type) {
    return Proxy.newProxyInstance(AwkwardValues.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
      Class<?> result = method.getReturnType();
      return result == void.class || !result.isPrimitive() ? method.getName().equals("toString") ? "idle" : null
          : Array.get(Array.newInstance(result, 1), 0);
    });
  }

  /** Constructors and static methods that give one, each with what is fine for it. */
  private List<Callable<?>> byFactories(Class<?> type, int depth) {
    List<Callable<?>> made = new ArrayList<>();
    List<Executable> ways = new ArrayList<>();
    if (!Modifier.isAbstract(type.getModifiers())) {
      ways.addAll(List.of(type.getConstructors()));
    }
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers()) && type.isAssignableFrom(method.getReturnType())) {
        ways.add(method);
      }
    }
    ways.sort(java.util.Comparator.comparing(Executable::toString));
    for (Executable way : ways) {
      List<List<Callable<?>>> parameters = new ArrayList<>();
      for (Type parameter : way.getGenericParameterTypes()) {
        parameters.add(of(parameter, depth + 1));
      }
      if (parameters.stream().noneMatch(List::isEmpty)) {
        Callable<?> one = () -> {
          Object[] arguments = new Object[parameters.size()];
          for (int i = 0; i < arguments.length; i++) {
            arguments[i] = parameters.get(i).get(0).call();
          }
          return way instanceof Constructor<?> constructor ? constructor.newInstance(arguments)
              : ((Method) way).invoke(null, arguments);
        };
        try {
          if (one.call() != null) {
            made.add(one);
          }
        } catch (Exception e) {
          // Not this way.
        }
      }
    }
    return made;
  }

  private static Object value(List<Callable<?>> of, int index) {
    try {
      return of.get(Math.min(index, of.size() - 1)).call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<Callable<?>> lists(Class<?> raw, List<Callable<?>> of) {
    if (raw == Set.class) {
      return List.of(() -> Collections.singleton(value(of, 0)), () -> null, Set::of);
    }
    return List.of(() -> Arrays.asList(value(of, 0)), () -> null, List::of, () -> Collections.singletonList(null),
        () -> Arrays.asList(value(of, 0), value(of, 0)), () -> Arrays.asList(value(of, 2), value(of, 3)),
        () -> Arrays.asList(value(of, 0), null), () -> Collections.nCopies(100, value(of, 0)));
  }

  private static List<Callable<?>> maps(List<Callable<?>> keys, List<Callable<?>> values) {
    return List.of(() -> Map.of(value(keys, 0), value(values, 0)), () -> null, Map::of, () -> {
      Map<Object, Object> odd = new LinkedHashMap<>();
      odd.put(value(keys, 0), null);
      return odd;
    }, () -> {
      Map<Object, Object> odd = new LinkedHashMap<>();
      odd.put(null, value(values, 0));
      return odd;
    }, () -> {
      Map<Object, Object> odd = new LinkedHashMap<>();
      odd.put(value(keys, 2), value(values, 0));
      odd.put(value(keys, 3), value(values, 2));
      return odd;
    });
  }

  private static List<Callable<?>> arrays(Class<?> component, List<Callable<?>> of) {
    return List.of(() -> array(component, value(of, 0)), () -> null, () -> array(component), () -> array(component, value(of, 1)),
        () -> array(component, value(of, 0), value(of, 0)), () -> array(component, value(of, 2)));
  }

  private static Object array(Class<?> component, Object... elements) {
    Object array = Array.newInstance(component, elements.length);
    for (int i = 0; i < elements.length; i++) {
      if (elements[i] != null || !component.isPrimitive()) {
        Array.set(array, i, elements[i]);
      }
    }
    return array;
  }
}
