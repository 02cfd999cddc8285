package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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
  /** What a text takes in memory beside its characters. */
  private static final int TEXT_OBJECT = 64;
  private static final int HEAP_PART = 8;
  private static final byte[] NOTHING = {};
  private static final int WITH_CREATION_ORDER = 1;
  /** Flags of an attribute whose type or space is that of another object. */
  private static final int SHARED = 3;

  private final Hdf5GlobalHeap heap;
  private final String path;
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();

  private record Attribute(boolean shared, Hdf5Cursor type, Hdf5Cursor space, Hdf5Cursor data) {}

  Hdf5Attributes(Hdf5Bytes file, Hdf5GlobalHeap heap, Hdf5Header header) throws IOException {
    this.heap = heap;
    this.path = header.path();
    for (Hdf5Cursor message : header.all(Hdf5Header.ATTRIBUTE)) {
      add(message);
    }
    if (header.has(Hdf5Header.ATTRIBUTE_INFO)) {
      dense(file, header.only(Hdf5Header.ATTRIBUTE_INFO, "attribute info"));
    }
  }

  /** Many attributes, or large ones, lie in a fractal heap. */
  private void dense(Hdf5Bytes file, Hdf5Cursor info) throws IOException {
    int flags = info.version(0, "attribute info").u8();
    long heapAddress = info.skip((flags & WITH_CREATION_ORDER) != 0 ? Short.BYTES : 0).address();
    long names = info.address();
    if (heapAddress == Hdf5Cursor.UNDEFINED) {
      return;
    }
    Hdf5FractalHeap objects = new Hdf5FractalHeap(file, heapAddress, path);
    Hdf5BTree.each(file, names, Hdf5BTree.ATTRIBUTES_BY_NAME, path, new Hdf5BTree.Records() {
      @Override
      public void take(Hdf5Cursor record) throws IOException {
        add(objects.object(record.part(Long.BYTES)));
      }
    });
  }

  private void add(Hdf5Cursor message) {
    int version = message.u8();
    if (version < 1 || version > 3) {
      throw message.unsupported("version " + version + " of an attribute");
    }
    boolean shared = (message.u8() & SHARED) != 0 && version > 1;
    int nameLength = message.u16();
    int typeLength = message.u16();
    int spaceLength = message.u16();
    message.skip(version == 3 ? 1 : 0);
    // The first version fills up to multiples of eight bytes.
    int padding = version == 1 ? 7 : 0;
    String name = message.text(padded(message.part(nameLength + padding & ~padding), nameLength, '\0'));
    Attribute attribute = new Attribute(shared, message.part(typeLength + padding & ~padding),
        message.part(spaceLength + padding & ~padding), message);
    if (attributes.put(name, attribute) != null) {
      throw message.bad("the attribute " + name + " stands twice on one object");
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
   * @throws FormatException if it is absent, a list of another length than 1, damaged, or larger than 64 MB
   * @throws UnsupportedException if it is not a string
   * @throws RillException if it is larger than an eighth of the heap
   * @throws IOException if reading fails
   */
  public String string(String name) throws IOException {
    return attribute(name).data.text(utf8(name));
  }

  /**
   * An attribute that is one string, perhaps a long one, as its bytes.
   *
   * @param name of the attribute
   * @return what should be UTF-8
   * @throws FormatException if it is absent, a list of another length than 1, damaged, or larger than 64 MB
   * @throws UnsupportedException if it is not a string
   * @throws RillException if it is larger than an eighth of the heap
   * @throws IOException if reading fails
   */
  public byte[] utf8(String name) throws IOException {
    Attribute attribute = attribute(name);
    List<byte[]> values = values(attribute);
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
   * @throws FormatException if it is absent, damaged, or larger than 64 MB
   * @throws UnsupportedException if it is not made of strings
   * @throws RillException if it is larger than an eighth of the heap
   * @throws IOException if reading fails
   */
  public List<String> strings(String name) throws IOException {
    List<String> texts = new ArrayList<>();
    boolean whole = has(name) || !has(name + 0);
    for (int i = 0; whole ? i < 1 : has(name + i); i++) {
      Attribute attribute = attribute(whole ? name : name + i);
      for (byte[] utf8 : values(attribute)) {
        texts.add(attribute.data.text(utf8));
      }
    }
    return texts;
  }

  private Attribute attribute(String name) {
    Attribute attribute = attributes.get(name);
    if (attribute == null) {
      throw new FormatException(heap.place() + ' ' + path + ": expected an attribute " + name + ", found "
          + Hdf5Members.shown(attributes.keySet()));
    }
    return attribute;
  }

  private List<byte[]> values(Attribute attribute) throws IOException {
    if (attribute.shared) {
      throw attribute.data.unsupported("an attribute with a shared message (a named data type)");
    }
    Hdf5Dataspace space = Hdf5Dataspace.read(attribute.space.copy());
    List<byte[]> values = new ArrayList<>();
    // An empty list has lost its type: h5py writes it as numbers.
    if (space.elements() == 0) {
      return values;
    }
    Hdf5Datatype type = Hdf5Datatype.read(attribute.type.copy());
    Hdf5Cursor data = attribute.data.copy();
    long taken = 0;
    for (int i = 0; i < space.elements(); i++) {
      byte[] value = switch (type.kind()) {
        case TEXT_PADDED_WITH_NULL -> padded(data, type.size(), '\0');
        case TEXT_PADDED_WITH_SPACE -> padded(data, type.size(), ' ');
        case TEXT_IN_HEAP -> inHeap(data, taken);
        case NUMBER, OPAQUE -> throw data.unsupported("an attribute that is not a string");
      };
      taken += value.length + TEXT_OBJECT;
      requireRoom(taken, data);
      values.add(value);
    }
    return values;
  }

  private byte[] inHeap(Hdf5Cursor data, long taken) throws IOException {
    long length = data.u32();
    long collection = data.address();
    int index = (int) data.u32();
    requireRoom(taken + length, data);
    return length == 0 ? NOTHING : heap.read(collection, index, (int) length, path);
  }

  private static void requireRoom(long bytes, Hdf5Cursor data) {
    if (bytes > MAX_TEXT) {
      throw data.bad("the texts of this attribute take more than 64 MB");
    }
    if (bytes > Runtime.getRuntime().maxMemory() / HEAP_PART) {
      throw HeapRoom.exhausted(data.place() + ", whose texts take more than an eighth of the heap,");
    }
  }

  /** A string of a fixed room: what lies before a null character, without the padding. */
  private static byte[] padded(Hdf5Cursor data, int room, char padding) {
    byte[] bytes = data.bytes(room);
    int end = 0;
    while (end < room && bytes[end] != 0) {
      end++;
    }
    while (padding == ' ' && end > 0 && bytes[end - 1] == ' ') {
      end--;
    }
    return end == room ? bytes : Arrays.copyOf(bytes, end);
  }
}
