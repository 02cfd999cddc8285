package dev.rill.cli;

import dev.rill.Model;
import dev.rill.charts.TrainingCurves;
import dev.rill.io.ByteSource;
import dev.rill.io.Json;
import dev.rill.layers.Graph;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Callback;
import dev.rill.training.CsvLog;
import dev.rill.training.EarlyStopping;
import dev.rill.training.Fit;
import dev.rill.training.GradientNorms;
import dev.rill.training.History;
import dev.rill.training.ResetStates;
import dev.rill.training.StreamData;
import dev.rill.training.TensorBoard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trains a model on tables or arrays and writes it for Keras. */
final class TrainCommand implements Command {
  private static final Usage USAGE = new Usage("train", "MODEL DATA... -o OUT.keras [OPTION...]",
      "trains a model on tables or arrays and saves it for Keras",
      List.of(new Option("-o", "OUT", "file for the trained model, .keras"),
          new Option("--target", "COLUMNS", "what to learn, names of columns with commas between them; the last one if not given"),
          new Option("--ahead", "N", "learn the targets N lines later, 1 if not given"),
          new Option("--steps", "T", "time steps in a window, 32 if not given"),
          new Option("--stride", "S", "lines from window to window, 1 if not given"),
          new Option("--streams", null, "stateful: each DATA is a stream whose state goes on from window to window"),
          new Option("--batch", "B", "windows in a batch, 32 if not given"),
          new Option("--epochs", "N", "how often to go through the data, 10 if not given"),
          new Option("--validate", "SHARE", "the last share of each table or of the rows is not learned but watched"),
          new Option("--patience", "N", "stop when the loss has not fallen for N epochs, and keep the best weights"),
          new Option("--log", "FILE", "write a line an epoch, as .csv"),
          new Option("--curves", "OUT", "draw the figures over the epochs, .svg or .html"),
          new Option("--chart", null, "draw the loss in the terminal while training, in place of a line an epoch"),
          new Option("--norms", null, "log norms of each layer's gradient and update; warn where gradients vanish or explode"),
          new Option("--tensorboard", "FOLDER", "write event files for TensorBoard, with histograms"),
          new Option("--seed", "N", "what weights and order are a function of, 1 if not given")),
      """
      MODEL is a .keras or .h5 file that was compiled, of one input and one output, or a description in .json:
      {"layers": [{"lstm": 32}, {"dropout": 0.2}, {"dense": 1}], "optimizer": "adam", "learning_rate": 0.003,
      "loss": "mse", "metrics": ["mae"]} with lstm, gru, simple_rnn, dense (with "activation") and dropout.

      DATA is one or more .csv tables whose lines are time steps, or one .npz with the arrays x and y as Keras' fit takes
      them. All columns of a table are inputs, as they stand: scale them first. Each window begins with a state of zero
      and learns its last target; with --streams every step learns its own.

      Progress goes to standard error, the figures of the last epoch to standard output.
      """);

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    List<Path> operands = arguments.operandPaths(2, Integer.MAX_VALUE);
    Path out = arguments.path("-o");
    if (out == null || !Arguments.isKind(out, ".keras")) {
      throw new UsageException("-o: expected a .keras file, got " + (out == null ? "nothing" : out));
    }
    double share = arguments.number("--validate", 0);
    if (share >= 1) {
      throw new UsageException("--validate: expected a share below 1, got " + arguments.text("--validate"));
    }
    List<Callback> callbacks = new ArrayList<>();
    String watched = share > 0 ? "val_loss" : "loss";
    EarlyStopping stopping = null;
    if (arguments.has("--patience")) {
      stopping = new EarlyStopping(watched).patience(arguments.count("--patience", 1)).restoreBestWeights(true);
      callbacks.add(stopping);
    }
    if (arguments.has("--norms")) {
      // In front of those that write what it adds.
      callbacks.add(new GradientNorms().warnings(console::error));
    }
    if (arguments.has("--tensorboard")) {
      callbacks.add(new TensorBoard(arguments.path("--tensorboard")).histogramFreq(1));
    }
    if (arguments.has("--log")) {
      callbacks.add(new CsvLog(arguments.path("--log")));
    }
    Path curves = arguments.has("--curves") ? arguments.picture("--curves") : null;
    boolean streams = arguments.has("--streams");
    if (streams) {
      callbacks.add(ResetStates.everyEpoch());
    }
    Fit fit = new Fit().epochs(arguments.count("--epochs", 10)).callbacks(callbacks.toArray(new Callback[0]))
        .progress(arguments.has("--chart") ? console.chart() : console.training());
    List<Path> data = operands.subList(1, operands.size());
    boolean tables = true;
    for (Path file : data) {
      tables &= !Arguments.isKind(file, ".npz");
      if (!Arguments.isKind(file, ".csv") && !Arguments.isKind(file, ".npz")) {
        throw new UsageException("DATA: expected tables in .csv files, or one .npz file with the arrays x and y, got " + file);
      }
    }
    Trained trained = tables ? tables(operands.get(0), data, arguments, fit, share)
        : arrays(operands.get(0), data, arguments, fit, share);
    trained.model.save(out);
    if (curves != null) {
      new TrainingCurves(data.get(0).getFileName().toString()).run(out.getFileName().toString(), trained.history).write(curves);
    }
    console.out().println(figures(trained.history, stopping) + "; saved as " + PlainText.shown(out.toString()));
    return SUCCESS;
  }

  /** What training has given. */
  private record Trained(Model model, History history) {}

  private static Trained arrays(Path file, List<Path> data, Arguments arguments, Fit fit, double share) throws IOException {
    for (String option : new String[] {"--target", "--ahead", "--steps", "--stride", "--streams"}) {
      if (arguments.has(option)) {
        throw new UsageException(option + " goes with tables, not with " + data.get(0));
      }
    }
    if (data.size() > 1) {
      throw new UsageException("expected one .npz file with the arrays x and y, got " + data.size() + " files");
    }
    Model given = Arguments.isKind(file, ".json") ? null : loaded(file);
    List<Tensor> arrays = NamedArrays.read(data.get(0), List.of("x", "y"));
    Tensor x = arrays.get(0);
    if (given == null && x.shape().rank() != 3) {
      throw new ShapeException("x: expected shape (rows, time, features), got " + x.shape());
    }
    Model model = given != null ? given
        : described(file, 0, x.shape().axis(2), arrays.get(1).shape().rank() == 3, arguments.count("--seed", 1));
    Fit rows = fit.batchSize(arguments.count("--batch", 32));
    rows = model.stateful() ? rows : rows.seed(arguments.count("--seed", 1));
    return new Trained(model, model.fit(x, arrays.get(1), share > 0 ? rows.validationSplit(share) : rows));
  }

  private static Trained tables(Path file, List<Path> data, Arguments arguments, Fit fit, double share) throws IOException {
    int steps = arguments.count("--steps", 32);
    int seed = arguments.count("--seed", 1);
    List<TableStream> learned = new ArrayList<>();
    List<TableStream> watched = new ArrayList<>();
    for (Path table : data) {
      TableStream stream = TableStream.of(table, arguments.text("--target"), arguments.count("--ahead", 1));
      if (!learned.isEmpty() && stream.features() != learned.get(0).features()) {
        throw new ShapeException(table + " has " + stream.features() + " columns, " + data.get(0) + " has " + learned.get(0).features());
      }
      int at = (int) Math.floor(stream.lines() * (1 - share));
      learned.add(stream.part(0, at));
      if (share > 0) {
        watched.add(stream.part(at, stream.lines()));
      }
    }
    int features = learned.get(0).features();
    if (arguments.has("--streams")) {
      if (arguments.has("--stride") || arguments.has("--batch")) {
        throw new UsageException("--streams: windows follow each other, and a batch has a row for each table; leave out --stride and --batch");
      }
      Model model = model(file, data.size(), features, true, seed);
      Fit all = share > 0 ? fit.validation(streams(watched, steps)) : fit;
      return new Trained(model, model.fit(streams(learned, steps), all));
    }
    int stride = arguments.count("--stride", 1);
    Model model = model(file, 0, features, false, seed);
    Fit all = fit.batchSize(arguments.count("--batch", 32)).seed(seed);
    if (share > 0) {
      Tensor[] some = TableStream.windows(watched, steps, stride);
      all = all.validation(List.of(some[0]), List.of(some[1]));
    }
    Tensor[] windows = TableStream.windows(learned, steps, stride);
    return new Trained(model, model.fit(windows[0], windows[1], all));
  }

  private static StreamData streams(List<TableStream> tables, int steps) {
    List<Tensor> x = new ArrayList<>();
    List<Tensor> y = new ArrayList<>();
    for (TableStream table : tables) {
      x.add(table.x());
      y.add(table.y());
    }
    return StreamData.of(x, y).steps(steps);
  }

  private static Model model(Path file, int rows, int features, boolean everyStep, long seed) throws IOException {
    if (Arguments.isKind(file, ".json")) {
      return described(file, rows, features, everyStep, seed);
    }
    Model model = loaded(file);
    Graph.Ref input = model.graph().inputs().get(0);
    if (model.graph().width(input) != features) {
      throw new ShapeException("the model reads " + model.graph().width(input) + " features, the data have " + features);
    }
    if (rows > 0 && !model.stateful()) {
      throw new RillException("--streams: the model is not stateful: its state would not go on");
    }
    return model;
  }

  private static Model described(Path file, int rows, int features, boolean everyStep, long seed) throws IOException {
    ModelDescription description;
    try (ByteSource source = ByteSource.open(file)) {
      description = new ModelDescription(Json.parseObject(source, file.toString()));
    }
    return description.build(rows, features, everyStep, seed);
  }

  private static Model loaded(Path file) throws IOException {
    Model model = Model.load(file);
    int inputs = model.graph().inputs().size();
    int outputs = model.graph().outputs().size();
    if (inputs != 1 || outputs != 1) {
      throw new UsageException("MODEL: expected one input and one output, got " + inputs + " and " + outputs
          + "; several are trained in Java or Kotlin, by Model.fit");
    }
    return model;
  }

  private static String figures(History history, EarlyStopping stopping) {
    int last = history.epochs().size() - 1;
    int shown = stopping != null && stopping.bestEpoch() >= 0 ? Math.min(last, stopping.bestEpoch()) : last;
    StringBuilder text = new StringBuilder("epoch " + (shown + 1) + " of " + (last + 1));
    for (String name : history.names()) {
      text.append(", ").append(PlainText.shown(name)).append(' ').append(String.format(Locale.ROOT, "%.4g", history.get(name).get(shown)));
    }
    return text.toString();
  }
}
