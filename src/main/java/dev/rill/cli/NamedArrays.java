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
 * Inputs and outputs of a model in files: one in an {@code .npy}, several by layer name in an {@code .npz}, or one table of numbers
 * in a {@code .csv}, whose lines are the time steps of one stream, or the rows of a batch where there is no time.
 */
final class NamedArrays {
  private NamedArrays() {}

  /** Names of the layers at some points of a graph; one that stands there again gets a number. */
  static List<String> names(Graph graph, List<Graph.Ref> refs) {
    Set<String> taken = new HashSet<>();
    for (Graph.Ref ref : refs) {
      taken.add(graph.layerName(ref));
    }
    Set<String> given = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (Graph.Ref ref : refs) {
      String name = graph.layerName(ref);
      for (int i = 1; !given.add(name); i++) {
        String numbered = graph.layerName(ref) + "_" + i;
        name = taken.contains(numbered) ? name : numbered;
      }
      names.add(name);
    }
    return names;
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

  /** Reads one tensor for each of some points of a graph; a single one may be called otherwise. */
  static List<Tensor> read(String what, Path file, Graph graph, List<Graph.Ref> refs) throws IOException {
    checkKind(what, file);
    List<String> names = names(graph, refs);
    checkRoom(what.equals("IN") ? "input" : "output", file, names);
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
