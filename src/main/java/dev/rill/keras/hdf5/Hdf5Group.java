package dev.rill.keras.hdf5;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A group of an HDF5 file: named groups and data sets, and attributes.
 *
 * <p>The names are read once, with the first question about them. Paths are relative, their parts separated by slashes.
 */
public final class Hdf5Group {
  private final Hdf5Bytes file;
  private final Hdf5GlobalHeap heap;
  private final Hdf5Header header;
  private final Hdf5Attributes attributes;
  private final Map<String, Hdf5Group> opened = new HashMap<>();
  private Map<String, Long> members;

  Hdf5Group(Hdf5Bytes file, Hdf5GlobalHeap heap, Hdf5Header header) {
    this.file = file;
    this.heap = heap;
    this.header = header;
    this.attributes = new Hdf5Attributes(heap, header);
    table();
  }

  /**
   * Where this group stands.
   *
   * @return the absolute path, {@code /} for the root
   */
  public String path() {
    return header.path();
  }

  /**
   * The attributes of this group.
   *
   * @return all of them
   */
  public Hdf5Attributes attributes() {
    return attributes;
  }

  /**
   * The names of the members.
   *
   * @return a new list, in the order of their bytes: 0, 1, 10, 11, 2
   * @throws FormatException if the group is damaged
   * @throws UnsupportedException if there is a link among them
   * @throws IOException if reading fails
   */
  public List<String> names() throws IOException {
    return new ArrayList<>(members().keySet());
  }

  /**
   * Whether there is such a group or data set.
   *
   * @param path of it, from here
   * @return false if it, or a group on the way, is missing
   * @throws FormatException if a group on the way is damaged, or not a group
   * @throws UnsupportedException if there is a link on the way
   * @throws IOException if reading fails
   */
  public boolean has(String path) throws IOException {
    int slash = path.indexOf('/');
    if (slash < 0) {
      return members().containsKey(path);
    }
    String first = path.substring(0, slash);
    return members().containsKey(first) && group(first).has(path.substring(slash + 1));
  }

  /**
   * Whether a member is a group.
   *
   * @param path of it, from here
   * @return false if it is a data set
   * @throws FormatException if it, or a group on the way, is missing or damaged
   * @throws UnsupportedException if it is of a kind that is not read
   * @throws IOException if reading fails
   */
  public boolean isGroup(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash >= 0) {
      return group(path.substring(0, slash)).isGroup(path.substring(slash + 1));
    }
    return opened.containsKey(path) || child(path).has(Hdf5Header.SYMBOL_TABLE);
  }

  /**
   * A group below this one. It is opened once.
   *
   * @param path of it, from here
   * @return the group
   * @throws FormatException if it, or a group on the way, is missing, damaged, or a data set
   * @throws UnsupportedException if it is of a kind that is not read
   * @throws IOException if reading fails
   */
  public Hdf5Group group(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash >= 0) {
      return group(path.substring(0, slash)).group(path.substring(slash + 1));
    }
    Hdf5Group group = opened.get(path);
    if (group == null) {
      group = new Hdf5Group(file, heap, child(path));
      opened.put(path, group);
    }
    return group;
  }

  /**
   * A data set below this group. Its data is not read yet, but known to be there.
   *
   * @param path of it, from here
   * @return the data set
   * @throws FormatException if it, or a group on the way, is missing, damaged, or of the other kind
   * @throws UnsupportedException if its type or storage is not read
   * @throws IOException if reading fails
   */
  public Hdf5Dataset dataset(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash >= 0) {
      return group(path.substring(0, slash)).dataset(path.substring(slash + 1));
    }
    return new Hdf5Dataset(file, heap, child(path));
  }

  private Hdf5Header child(String name) throws IOException {
    Long address = members().get(name);
    if (address == null) {
      throw new FormatException(file.place() + ' ' + path() + ": expected a member " + name + ", found " + shown());
    }
    return Hdf5Header.read(file, address, Hdf5SymbolTable.child(path(), name));
  }

  private Map<String, Long> members() throws IOException {
    if (members == null) {
      members = Hdf5SymbolTable.read(file, table(), path());
    }
    return members;
  }

  private Hdf5Cursor table() {
    return header.only(Hdf5Header.SYMBOL_TABLE, "symbol table, which makes a group");
  }

  private String shown() {
    if (members.isEmpty()) {
      return "an empty group";
    }
    StringBuilder text = new StringBuilder("only");
    for (String name : members.keySet()) {
      if (text.length() > 200) {
        return text.append(" ...").toString();
      }
      text.append(' ').append(name);
    }
    return text.toString();
  }
}
