package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** numpy's {@code .npz} files: named arrays in a zip, read one by one as they are asked for. */
public final class Npz implements Closeable {
  private static final String SUFFIX = ".npy";

  private final ZipArchive archive;
  private final List<String> names = new ArrayList<>();

  private Npz(ZipArchive archive) {
    this.archive = Require.given(archive, "the archive");
    for (String member : archive.names()) {
      if (!member.endsWith(SUFFIX)) {
        throw new FormatException(archive.place(member) + ": expected only arrays (members named *.npy)");
      }
      names.add(member.substring(0, member.length() - SUFFIX.length()));
    }
  }

  /**
   * Opens a file.
   *
   * @param file as {@code numpy.savez} or {@code numpy.savez_compressed} writes it
   * @return its arrays, to be closed
   * @throws FormatException if it is damaged or hostile, or contains something else than arrays
   * @throws UnsupportedException if it uses a feature of zip that is not read
   * @throws IOException if reading fails
   */
  public static Npz open(Path file) throws IOException {
    ZipArchive archive = ZipArchive.open(file);
    try {
      return new Npz(archive);
    } catch (RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /**
   * Reads all arrays of a file as tensors, see {@link NpyArray#tensor()}.
   *
   * @param file as {@code numpy.savez} or {@code numpy.savez_compressed} writes it
   * @return tensors by name, in the file's order
   * @throws FormatException if it is damaged or hostile, contains something else than arrays, or an integer is not exactly a float
   * @throws UnsupportedException if it uses a feature of zip or a type of elements that is not read
   * @throws IOException if reading fails
   */
  public static Map<String, Tensor> tensors(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Npz npz = open(file)) {
      for (String name : npz.names()) {
        tensors.put(name, npz.array(name).tensor());
      }
    }
    return tensors;
  }

  /**
   * Opens an archive.
   *
   * @param archive which closing this closes
   * @return its arrays
   * @throws FormatException if it contains something else than arrays
   */
  public static Npz of(ZipArchive archive) {
    return new Npz(archive);
  }

  /**
   * The names of the arrays in their order.
   *
   * @return an unmodifiable list
   */
  public List<String> names() {
    return Collections.unmodifiableList(names);
  }

  /**
   * Whether there is such an array.
   *
   * @param name of the array
   * @return true if it is there
   */
  public boolean has(String name) {
    return archive.has(name + SUFFIX);
  }

  /**
   * Reads an array.
   *
   * @param name of the array
   * @return the array
   * @throws FormatException if there is no such array, or it is damaged or hostile
   * @throws UnsupportedException if its elements are of a type that is not read
   * @throws IOException if reading fails
   */
  public NpyArray array(String name) throws IOException {
    return Npy.read(archive.source(name + SUFFIX), archive.place(name));
  }

  /**
   * Writes a file that numpy loads, beside its target first and then moved into place.
   *
   * @param file where it will be
   * @param arrays by name, written in the map's order
   * @throws IOException if writing fails; the target is as it was then
   */
  public static void write(Path file, Map<String, NpyArray> arrays) throws IOException {
    for (Map.Entry<String, NpyArray> array : Require.given(arrays, "the arrays").entrySet()) {
      Require.given(array.getKey(), "the name of an array");
      Require.given(array.getValue(), "an array of the archive");
    }
    try (ZipWriter target = ZipWriter.create(file)) {
      for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
        target.begin(array.getKey() + SUFFIX);
        target.write(Npy.header(array.getValue()));
        target.write(array.getValue().bytes());
      }
      target.commit();
    }
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }

  /** Returns the names of the arrays. */
  @Override
  public String toString() {
    return "arrays " + names;
  }
}
