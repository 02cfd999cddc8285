package dev.rill.keras.hdf5;

import dev.rill.io.Utf8;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The attributes of a group or data set: strings and lists of strings, of variable or fixed length.
 *
 * <p>A value is read when it is asked for. Attributes of numbers have a name here, but no value.
 */
public final class Hdf5Attributes {
  private static final int MAX_TEXT = 64 << 20;

  private final Hdf5GlobalHeap heap;
  private final String path;
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();

  private record Attribute(Hdf5Cursor type, Hdf5Cursor space, Hdf5Cursor data) {}

  Hdf5Attributes(Hdf5GlobalHeap heap, Hdf5Header header) {
    this.heap = heap;
    this.path = header.path();
    for (Hdf5Cursor message : header.all(Hdf5Header.ATTRIBUTE)) {
      message.version(1, "attribute").skip(1);
      int nameLength = message.u16();
      int typeLength = message.u16();
      int spaceLength = message.u16();
      String name = text(message.part(padded(nameLength)), nameLength, '\0');
      Attribute attribute =
          new Attribute(message.part(padded(typeLength)), message.part(padded(spaceLength)), message);
      if (attributes.put(name, attribute) != null) {
        throw message.bad("the attribute " + name + " stands twice on one object");
      }
    }
  }

  /**
   * The names of the attributes.
   *
   * @return an unmodifiable set, in the order of the file
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(attributes.keySet());
  }

  /**
   * Whether there is such an attribute.
   *
   * @param name of the attribute
   * @return true if it is there
   */
  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  /**
   * An attribute that is one string.
   *
   * @param name of the attribute
   * @return its characters
   * @throws FormatException if it is absent, a list of another length than 1, damaged, or larger than 64 MB or an
   *     eighth of the heap
   * @throws UnsupportedException if it is not a string
   * @throws IOException if reading fails
   */
  public String string(String name) throws IOException {
    Attribute attribute = attribute(name);
    List<String> values = values(attribute);
    if (values.size() != 1) {
      throw attribute.data.bad("expected one string in the attribute " + name + ", found " + values.size());
    }
    return values.get(0);
  }

  /**
   * An attribute that is a list of strings. Keras splits a long list into several attributes with the same name and a
   * number from 0; they are put together here.
   *
   * @param name of the attribute, without a number
   * @return its elements, one for a single string
   * @throws FormatException if it is absent, damaged, or larger than 64 MB or an eighth of the heap
   * @throws UnsupportedException if it is not made of strings
   * @throws IOException if reading fails
   */
  public List<String> strings(String name) throws IOException {
    if (has(name) || !has(name + 0)) {
      return values(attribute(name));
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; has(name + i); i++) {
      values.addAll(values(attribute(name + i)));
    }
    return values;
  }

  private Attribute attribute(String name) {
    Attribute attribute = attributes.get(name);
    if (attribute == null) {
      throw new FormatException(heap.place() + ' ' + path + ": expected an attribute " + name + ", found only "
          + attributes.keySet());
    }
    return attribute;
  }

  private List<String> values(Attribute attribute) throws IOException {
    Hdf5Dataspace space = Hdf5Dataspace.read(attribute.space.copy());
    List<String> values = new ArrayList<>();
    // An empty list has lost its type: h5py writes it as numbers.
    if (space.elements() == 0) {
      return values;
    }
    Hdf5Datatype type = Hdf5Datatype.read(attribute.type.copy());
    Hdf5Cursor data = attribute.data.copy();
    long left = Math.min(MAX_TEXT, Runtime.getRuntime().maxMemory() / 8);
    for (int i = 0; i < space.elements(); i++) {
      String value = switch (type.kind()) {
        case TEXT_PADDED_WITH_NULL -> text(data, type.size(), '\0');
        case TEXT_PADDED_WITH_SPACE -> text(data, type.size(), ' ');
        case TEXT_IN_HEAP -> textInHeap(data, left);
        case NUMBER, OPAQUE -> throw data.unsupported("an attribute that is not a string");
      };
      left -= value.length();
      values.add(value);
    }
    return values;
  }

  private String textInHeap(Hdf5Cursor data, long limit) throws IOException {
    long length = data.u32();
    long collection = data.address();
    int index = (int) data.u32();
    if (length == 0) {
      return "";
    }
    if (length > limit) {
      throw data.bad("a text of " + length
          + " bytes, with which the attribute has more than 64 MB or an eighth of the heap");
    }
    return decode(data, heap.read(collection, index, (int) length, path), (int) length);
  }

  /** A string of a fixed room: what lies before a null character, without the padding. */
  private static String text(Hdf5Cursor data, int room, char padding) {
    byte[] bytes = data.bytes(room);
    int end = 0;
    while (end < room && bytes[end] != 0) {
      end++;
    }
    while (padding == ' ' && end > 0 && bytes[end - 1] == ' ') {
      end--;
    }
    return decode(data, bytes, end);
  }

  private static String decode(Hdf5Cursor data, byte[] bytes, int length) {
    try {
      return Utf8.decode(bytes, 0, length);
    } catch (CharacterCodingException e) {
      throw data.bad("a string is not UTF-8");
    }
  }

  private static int padded(int length) {
    return length + 7 & -8;
  }
}
