package dev.rill.cli;

import dev.rill.Model;
import dev.rill.Network;
import dev.rill.io.AtomicFile;
import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a model on arrays of numpy. */
final class PredictCommand implements Command {
  private static final Usage USAGE = new Usage("predict",
      "MODEL IN -o OUT [--batch N] [--threads N] [--state-in F [--other-weights]] [--state-out F]",
      "runs a model on arrays of numpy or a table",
      List.of(new Option("-o", "OUT", "file for the output, .npy, .npz or .csv, as IN is"),
          new Option("--batch", "N", "rows that a thread runs at once, 32 if not given; the result does not depend on it"),
          new Option("--threads", "N", "threads that share the rows, 1 if not given; the result does not depend on it"),
          new Option("--state-in", "F", "begin each row at this state instead of zero"),
          new Option("--other-weights", null, "take --state-in even if it was made with other weights"),
          new Option("--state-out", "F", "write the state that each row ends with, for --state-in")),
      """
      Each row of IN is a stream of its own, whatever batch and stateful flags MODEL names; time may have any length
      where the model can be streamed. Several inputs or outputs are members of an .npz, named by layer (an output that
      is a layer's second is LAYER_1, and so on). Integers must be exact as float32; float64 is rounded, as Keras does.

      A .csv file is a table of numbers, with or without a line of names above: its lines are the time steps of one
      stream, its columns the features. Where the model's input has no time, its lines are rows.
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
    Path stateIn = arguments.path("--state-in");
    Path stateOut = arguments.path("--state-out");
    int batch = arguments.count("--batch", 32);
    if (stateIn == null && arguments.has("--other-weights")) {
      throw new UsageException("--other-weights is about --state-in, which is missing");
    }
    int threads = arguments.count("--threads", 1);
    if (threads > 1 && (stateIn != null || stateOut != null)) {
      throw new UsageException("--threads: streams that go on from a state, or leave one, run on one thread");
    }
    if (out == null) {
      throw new UsageException("-o is missing: expected -o OUT.npy, -o OUT.npz or -o OUT.csv");
    }
    NamedArrays.checkKind("IN", in);
    NamedArrays.checkKind("-o", out);
    checkTargets(operands, out, stateOut);
    checkFolder(out);
    if (stateOut != null) {
      checkFolder(stateOut);
    }

    Model model = Model.load(operands.get(0));
    console.announceKernels();
    List<String> outputs = NamedArrays.outputs(model.graph());
    NamedArrays.checkRoom("output", out, outputs);
    List<Tensor> x = NamedArrays.readInputs("IN", in, model.graph());
    Prediction prediction = new Prediction(model, x, batch);
    if (stateIn == null && stateOut == null) {
      NamedArrays.write(out, outputs, prediction.run(DaemonThreads.of(threads)));
      return SUCCESS;
    }
    Network network = model.freeze();
    State start = stateIn == null ? null : read(stateIn);
    if (start != null) {
      check(start, stateIn, network, arguments.has("--other-weights"));
    }
    List<State> ends = new ArrayList<>();
    NamedArrays.write(out, outputs, prediction.run(network, start, ends));
    // Last: where this state replaces the one it came from, a run that failed can be made again.
    if (stateOut != null) {
      write(stateOut, State.join(ends));
    }
    return SUCCESS;
  }

  private static void checkTargets(List<Path> operands, Path out, Path stateOut) {
    Path model = operands.get(0);
    if (isSame(out, model) || isSame(stateOut, model)) {
      throw new UsageException("the model " + model + " would be overwritten");
    }
    if (isSame(stateOut, out) || isSame(stateOut, operands.get(1))) {
      throw new UsageException("--state-out " + stateOut + " is also an array file of this call");
    }
  }

  /** Whether two paths are one file, be it by a link. */
  private static boolean isSame(Path one, Path other) {
    if (one == null) {
      return false;
    }
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      // One of them is still to be made.
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
  }

  /** Found out before anything is computed. */
  private static void checkFolder(Path target) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new FileSystemException("there is no folder " + folder + " for " + target.getFileName());
    }
  }

  private static void check(State start, Path file, Network network, boolean otherWeights) {
    try {
      start.checkStructure(network.planes());
    } catch (StateException e) {
      throw new StateException(file + ": " + e.getMessage());
    }
    if (start.weightsFingerprint() != network.weightsFingerprint() && !otherWeights) {
      throw new StateException(file + ": the state was made with other weights than the model has; it fits: add --other-weights "
          + "if that is meant");
    }
  }

  private static State read(Path file) throws IOException {
    try {
      return State.fromBytes(ByteSource.readAll(file));
    } catch (FormatException e) {
      throw new FormatException(file + ": " + e.getMessage());
    }
  }

  private static void write(Path file, State state) throws IOException {
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(state.toBytes()));
      target.commit();
    }
  }
}
