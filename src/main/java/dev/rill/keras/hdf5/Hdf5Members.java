package dev.rill.keras.hdf5;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The members of a group as its tables give them: names that are fit to be parts of paths, each once, and where they stand. */
final class Hdf5Members {
  private final Hdf5Bytes file;
  private final String group;
  private final Map<String, Long> headers = new LinkedHashMap<>();

  Hdf5Members(Hdf5Bytes file, String group) {
    this.file = file;
    this.group = group;
  }

  /** Adds a group or a data set, whose header is at an address. */
  void add(String name, long header, Hdf5Cursor entry) {
    if (header == Hdf5Cursor.UNDEFINED) {
      throw entry.bad("the member " + name + " has no header");
    }
    put(name, header, entry);
    file.own(header, group, name);
  }

  /** Adds a soft or external link, which is not followed. */
  void addLink(String name, Hdf5Cursor entry) {
    put(name, Hdf5Cursor.UNDEFINED, entry);
  }

  private void put(String name, long header, Hdf5Cursor entry) {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
      throw entry.bad("a member's name is empty, or contains a slash or a null character");
    }
    if (headers.put(name, header) != null) {
      throw entry.bad("the name " + name + " stands twice in one group");
    }
  }

  /** Name to address of the object header, {@link Hdf5Cursor#UNDEFINED} for a link, in the order of the tables. */
  Map<String, Long> headers() {
    return headers;
  }

  /** Names as messages list them. */
  static String shown(Set<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    StringBuilder text = new StringBuilder("only");
    for (String name : names) {
      if (text.length() > 200) {
        return text.append(" ...").toString();
      }
      text.append(' ').append(name.length() <= 100 ? name : name.substring(0, 100) + "...");
    }
    return text.toString();
  }
}
