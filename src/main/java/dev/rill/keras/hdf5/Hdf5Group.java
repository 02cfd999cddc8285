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
  /** More than any model has groups in one another. */
  private static final int MAX_DEPTH = 100;
  private static final int MAX_PATH = 4096;

  private final Hdf5Bytes file;
  private final Hdf5GlobalHeap heap;
  private final Hdf5Header header;
  private final Hdf5Attributes attributes;
  private final Map<String, Hdf5Group> opened = new HashMap<>();
  private Map<String, Long> members;

  Hdf5Group(Hdf5Bytes file, Hdf5GlobalHeap heap, Hdf5Header header) throws IOException {
    this.file = file;
    this.heap = heap;
    this.header = header;
    if (!header.isGroup()) {
      throw new FormatException(file.place() + ' ' + header.path() + ": expected a group, found a data set");
    }
    this.attributes = new Hdf5Attributes(file, heap, header);
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
   * The names of the members, soft and external links included.
   *
   * @return a new list, in the order of the file: in a group of the old style that of their bytes, 0, 1, 10, 11, 2
   * @throws FormatException if the group is damaged
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
   * @throws FormatException if a group on the way is damaged, or not a group, or the path is empty or too long
   * @throws UnsupportedException if a soft or external link is on the way
   * @throws IOException if reading fails
   */
  public boolean has(String path) throws IOException {
    List<String> parts = parts(path);
    Hdf5Group group = this;
    for (String name : parts.subList(0, parts.size() - 1)) {
      if (!group.members().containsKey(name)) {
        return false;
      }
      group = group.member(name);
    }
    return group.members().containsKey(parts.get(parts.size() - 1));
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
    List<String> parts = parts(path);
    String last = parts.get(parts.size() - 1);
    Hdf5Group group = group(parts.subList(0, parts.size() - 1));
    return group.opened.containsKey(last) || group.child(last).isGroup();
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
    return group(parts(path));
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
    List<String> parts = parts(path);
    return new Hdf5Dataset(file, heap, group(parts.subList(0, parts.size() - 1)).child(parts.get(parts.size() - 1)));
  }

  /** The names in a path, at least one; as in HDF5, several slashes are one, and a dot is nothing. */
  private List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.length() <= MAX_PATH ? path.split("/") : new String[0]) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.isEmpty() || parts.size() > MAX_DEPTH) {
      throw new FormatException(file.place() + ' ' + path() + ": expected a path of 1 to " + MAX_DEPTH + " names and at most "
          + MAX_PATH + " characters, got one of " + path.length() + " characters");
    }
    return parts;
  }

  private Hdf5Group group(List<String> parts) throws IOException {
    Hdf5Group group = this;
    for (String name : parts) {
      group = group.member(name);
    }
    return group;
  }

  private Hdf5Group member(String name) throws IOException {
    Hdf5Group group = opened.get(name);
    if (group == null) {
      group = new Hdf5Group(file, heap, child(name));
      opened.put(name, group);
    }
    return group;
  }

  private Hdf5Header child(String name) throws IOException {
    Long address = members().get(name);
    if (address == null) {
      throw new FormatException(file.place() + ' ' + path() + ": expected a member " + name + ", found "
          + Hdf5Members.shown(members().keySet()));
    }
    String path = Hdf5Bytes.child(path(), name);
    if (address == Hdf5Cursor.UNDEFINED) {
      throw new UnsupportedException(file.place() + ' ' + path + " is a soft or external link, which is not followed: copy what "
          + "it leads to into its place");
    }
    return Hdf5Header.read(file, address, path);
  }

  private Map<String, Long> members() throws IOException {
    if (members == null) {
      Hdf5Members found = new Hdf5Members(file, path());
      if (header.has(Hdf5Header.SYMBOL_TABLE)) {
        Hdf5SymbolTable.read(file, header.only(Hdf5Header.SYMBOL_TABLE, "symbol table"), path(), found);
      }
      Hdf5Links.read(file, header, found);
      members = found.headers();
    }
    return members;
  }
}
