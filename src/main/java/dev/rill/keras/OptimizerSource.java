package dev.rill.keras;

import dev.rill.io.ByteSource;
import dev.rill.io.ZipArchive;
import dev.rill.keras.hdf5.Hdf5File;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the variables of an optimizer are: a file that was loaded, and what it looked like then.
 *
 * @param file absolute
 * @param size bytes
 * @param modified when
 */
record OptimizerSource(Path file, long size, FileTime modified) {
  static OptimizerSource of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return new OptimizerSource(file.toAbsolutePath(), now.size(), now.lastModifiedTime());
  }

  List<KerasVariable> read() throws IOException {
    if (!of(file).equals(this)) {
      throw new RillException(file + " has changed since the model was loaded from it, so the optimizer in it may be another "
          + "model's: load it again, or compile the model");
    }
    String place = file.getFileName().toString();
    if (KerasFile.isHdf5(file)) {
      try (ByteSource source = ByteSource.open(file)) {
        return legacy(Hdf5File.open(source, place).root());
      }
    }
    try (ZipArchive archive = ZipArchive.open(file)) {
      Hdf5Group root = Hdf5File.open(archive.source(KerasFile.WEIGHTS), archive.place(KerasFile.WEIGHTS)).root();
      List<KerasVariable> variables = new ArrayList<>();
      for (int i = 0; root.has("optimizer/vars/" + i); i++) {
        variables.add(KerasVariable.read(root.dataset("optimizer/vars/" + i)));
      }
      return variables;
    }
  }

  private static List<KerasVariable> legacy(Hdf5Group root) throws IOException {
    List<KerasVariable> variables = new ArrayList<>();
    if (root.has("optimizer_weights")) {
      Hdf5Group group = root.group("optimizer_weights");
      for (String name : group.attributes().strings("weight_names")) {
        variables.add(KerasVariable.read(group.dataset(name)));
      }
    }
    return variables;
  }
}
