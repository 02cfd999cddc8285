package dev.rill.cli;

import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.layers.Graph;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Inputs and outputs of a model in files: one in an {@code .npy}, several by name in an {@code .npz}, or one table of numbers
 * in a {@code .csv}, whose lines are the time steps of one stream, or the rows of a batch where there is no time.
 */
final class NamedArrays {
  private NamedArrays() {}

  /** What arrays of a model's inputs are called: as the layers. */
  static List<String> inputs(Graph graph) {
    List<String> layers = new ArrayList<>();
    for (Graph.Ref ref : graph.inputs()) {
      layers.add(graph.layerName(ref));
    }
    return distinct(layers);
  }

  /** What arrays of a model's outputs are called: as the outputs. */
  static List<String> outputs(Graph graph) {
    return distinct(graph.outputNames());
  }

  /** One that stands there again gets a number. */
  private static List<String> distinct(List<String> names) {
    Set<String> given = new HashSet<>();
    List<String> distinct = new ArrayList<>();
    for (String each : names) {
      String name = each;
      for (int i = 1; !given.add(name); i++) {
        name = names.contains(each + "_" + i) ? name : each + "_" + i;
      }
      distinct.add(name);
    }
    return distinct;
  }

  /** Refuses what is none of the kinds of file. */
  static void checkKind(String what, Path file) {
    if (!Arguments.isKind(file, ".npy") && !Arguments.isKind(file, ".npz") && !Arguments.isKind(file, ".csv")) {
      throw new UsageException(what + ": expected a .npy, .npz or .csv file, got " + file);
    }
  }

  /** Refuses a file of one array for several. */
  static void checkRoom(String what, Path file, List<String> names) {
    if (!Arguments.isKind(file, ".npz") && names.size() > 1) {
      throw new UsageException("the model has " + names.size() + " " + what + "s: expected a .npz file with the arrays "
          + names + ", got " + file);
    }
  }

  /** Reads one tensor for each input; a single one may be called otherwise. */
  static List<Tensor> readInputs(String what, Path file, Graph graph) throws IOException {
    checkKind(what, file);
    checkRoom("input", file, inputs(graph));
    return read(file, inputs(graph), graph, graph.inputs());
  }

  /** Reads one tensor for each output; a single one may be called otherwise. */
  static List<Tensor> readOutputs(String what, Path file, Graph graph) throws IOException {
    checkKind(what, file);
    checkRoom("output", file, outputs(graph));
    return read(file, outputs(graph), graph, graph.outputs());
  }

  private static List<Tensor> read(Path file, List<String> names, Graph graph, List<Graph.Ref> refs) throws IOException {
    if (Arguments.isKind(file, ".csv")) {
      Tensor lines = read(file, names).get(0);
      boolean stream = graph.shape(refs.get(0)).rank() == 3;
      return stream ? List.of(Tensor.of(lines.toArray(), 1, lines.shape().axis(0), lines.shape().axis(1))) : List.of(lines);
    }
    return read(file, names);
  }

  /** Reads an array, a table of lines, or the arrays of an {@code .npz} by name; a single one may be called otherwise. */
  static List<Tensor> read(Path file, List<String> names) throws IOException {
    if (Arguments.isKind(file, ".npy")) {
      return List.of(Npy.read(file).tensor());
    }
    if (Arguments.isKind(file, ".csv")) {
      CsvTable table = CsvTable.read(file);
      return List.of(Tensor.of(table.values(), table.lines(), table.columns().size()));
    }
    try (Npz npz = Npz.open(file)) {
      boolean sole = names.size() == 1 && npz.names().size() == 1;
      if (!sole && !Set.copyOf(names).equals(Set.copyOf(npz.names()))) {
        throw new FormatException(file + ": expected the arrays " + names + ", found " + npz.names());
      }
      List<Tensor> tensors = new ArrayList<>();
      for (String name : sole ? npz.names() : names) {
        tensors.add(npz.array(name).tensor());
      }
      return tensors;
    }
  }

  /** Writes the file whole or not at all. */
  static void write(Path file, List<String> names, List<Tensor> tensors) throws IOException {
    if (Arguments.isKind(file, ".csv")) {
      CsvTable.of(names.get(0), tensors.get(0)).write(file);
      return;
    }
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      arrays.put(names.get(i), NpyArray.of(tensors.get(i)));
    }
    if (Arguments.isKind(file, ".npy")) {
      Npy.write(file, arrays.get(names.get(0)));
    } else {
      Npz.write(file, arrays);
    }
  }
}
