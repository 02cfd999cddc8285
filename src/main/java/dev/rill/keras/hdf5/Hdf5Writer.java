package dev.rill.keras.hdf5;

import dev.rill.io.ByteSink;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an HDF5 file with the parts of the format that Keras and h5py use by default, and {@link Hdf5File} reads:
 * superblock 0, groups of the old style, strings of variable length as attributes, contiguous data sets of float32 and
 * int64. The same content gives the same bytes.
 *
 * <p>All structure comes first, then the numbers, which go from where they are to the file in blocks.
 */
public final class Hdf5Writer {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int END_FIELD = 40;
  private static final int ROOT_FIELD = 64;
  private static final int BLOCK = 1 << 18;
  /** A message that does not change as long as its object is there. */
  private static final int CONSTANT = 1;
  private static final int FILL_VALUE = 0x05;
  private static final int[] FLOAT32 =
      {0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 0x20, 0, 0x17, 8, 0, 0x17, 0x7f, 0, 0, 0, 0, 0, 0, 0};
  private static final int[] INT64 = {0x10, 8, 0, 0, 8, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0};
  /** A string of variable length in UTF-8, made of unsigned bytes; the padding is not a part of it. */
  private static final int[] TEXT =
      {0x19, 1, 1, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0};
  private static final int TEXT_LENGTH = 20;
  /** Space is taken late, and filled only if a value has been set, which is none: what h5py writes. */
  private static final int[] NO_FILL = {2, 2, 2, 1, 0, 0, 0, 0};

  /** A group, or a data set. */
  private static final class Node {
    final Map<byte[], Node> members = new TreeMap<>(new Comparator<byte[]>() {
      @Override
      public int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
      }
    });
    final Map<String, String> attributes = new LinkedHashMap<>();
    Numbers data;

    Node member(String path) {
      Node node = this;
      for (String name : path.split("/")) {
        node = node.members.computeIfAbsent(utf8(name), key -> new Node());
      }
      return node;
    }
  }

  /** The numbers of a data set: float32 from some index of an array, or int64. */
  private record Numbers(Shape shape, float[] floats, int at, long[] integers) {
    long bytes() {
      return (long) shape.size() * (integers != null ? Long.BYTES : Float.BYTES);
    }
  }

  /** Numbers whose place in the file is known only when all structure is. */
  private record Pending(Numbers data, int addressField) {}

  private final Node root = new Node();
  private final Hdf5Block block = new Hdf5Block();
  private final Hdf5HeapWriter heap = new Hdf5HeapWriter(block);
  private final Hdf5TableWriter tables = new Hdf5TableWriter(block);
  private final List<Pending> pending = new ArrayList<>();

  /** A file without content. */
  public Hdf5Writer() {}

  /**
   * Gives a group an attribute.
   *
   * @param path of the group, which is made if it is new
   * @param name of the attribute
   * @param value its text
   */
  public void attribute(String path, String name, String value) {
    root.member(path).attributes.put(name, value);
  }

  /**
   * Adds a data set of float32; the numbers are read by {@link #write}.
   *
   * @param path of the data set; groups on the way are made
   * @param shape sizes of its axes
   * @param values not copied
   * @param at index of the first one
   */
  public void dataset(String path, Shape shape, float[] values, int at) {
    root.member(path).data = new Numbers(shape, values, at, null);
  }

  /**
   * Adds a data set of int64.
   *
   * @param path of the data set; groups on the way are made
   * @param shape sizes of its axes
   * @param values not copied
   */
  public void dataset(String path, Shape shape, long[] values) {
    root.member(path).data = new Numbers(shape, null, 0, values);
  }

  /**
   * Writes the file; to be called once.
   *
   * @param sink receives it
   * @throws IOException if writing fails
   */
  public void write(ByteSink sink) throws IOException {
    block.text(SIGNATURE).zeros(5).u8(8, 8, 0).u16(Hdf5TableWriter.LEAF_K).u16(Hdf5TableWriter.INTERNAL_K).u32(0);
    block.u64(0).u64(Hdf5Cursor.UNDEFINED).u64(0).u64(Hdf5Cursor.UNDEFINED);
    // The root's symbol: no name, and what is patched below.
    block.u64(0).u64(0).u32(1).u32(0).zeros(16);
    Hdf5TableWriter.Member top = place(new byte[0], root);
    block.patch(ROOT_FIELD, top.header());
    block.patch(ROOT_FIELD + 16, top.table().tree());
    block.patch(ROOT_FIELD + 24, top.table().heap());
    long end = block.align().at();
    for (Pending each : pending) {
      if (each.data.bytes() > 0) {
        block.patch(each.addressField, end);
        end += each.data.bytes() + 7 & -8;
      }
    }
    block.patch(END_FIELD, end);
    sink.write(block.content());
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (Pending each : pending) {
      write(each.data, buffer, sink);
    }
  }

  /** Writes the structure of an object behind that of everything below it. */
  private Hdf5TableWriter.Member place(byte[] name, Node node) {
    if (node.data != null) {
      return new Hdf5TableWriter.Member(name, dataset(node.data), null);
    }
    List<Hdf5TableWriter.Member> members = new ArrayList<>();
    for (Map.Entry<byte[], Node> member : node.members.entrySet()) {
      members.add(place(member.getKey(), member.getValue()));
    }
    Hdf5TableWriter.Table table = tables.write(members);
    return new Hdf5TableWriter.Member(name, group(table, node.attributes), table);
  }

  private long group(Hdf5TableWriter.Table table, Map<String, String> attributes) {
    List<Hdf5HeapWriter.Place> values = new ArrayList<>();
    int size = 8 + 16;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      values.add(heap.put(utf8(attribute.getValue())));
      size += 8 + attributeSize(utf8(attribute.getKey()));
    }
    long header = header(1 + values.size(), size);
    message(Hdf5Header.SYMBOL_TABLE, 16, 0).u64(table.tree()).u64(table.heap());
    int next = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      byte[] name = utf8(attribute.getKey());
      message(Hdf5Header.ATTRIBUTE, attributeSize(name), 0);
      block.u8(1, 0).u16(name.length + 1).u16(TEXT_LENGTH).u16(8).text(name).zeros(1).align();
      block.u8(TEXT).u8(1, 0, 0, 0, 0, 0, 0, 0);
      Hdf5HeapWriter.Place value = values.get(next++);
      block.u32(utf8(attribute.getValue()).length).u64(value.collection()).u32(value.index());
    }
    return header;
  }

  private static int attributeSize(byte[] name) {
    return 8 + (name.length + 8 & -8) + TEXT.length + 8 + 16;
  }

  private long dataset(Numbers data) {
    int rank = data.shape().rank();
    int[] type = data.integers != null ? INT64 : FLOAT32;
    int space = 8 + 16 * rank;
    long header = header(4, 4 * 8 + space + type.length + NO_FILL.length + 24);
    message(Hdf5Header.DATASPACE, space, 0).u8(1, rank, rank == 0 ? 0 : 1, 0, 0, 0, 0, 0);
    // The sizes, then the largest sizes, which are the same.
    for (int i = 0; i < 2 * rank; i++) {
      block.u64(data.shape().axis(i % rank));
    }
    message(Hdf5Header.DATATYPE, type.length, CONSTANT).u8(type);
    message(FILL_VALUE, NO_FILL.length, CONSTANT).u8(NO_FILL);
    message(Hdf5Header.LAYOUT, 24, 0).u8(3, 1);
    pending.add(new Pending(data, block.at()));
    block.u64(Hdf5Cursor.UNDEFINED).u64(data.bytes()).align();
    return header;
  }

  /** Begins an object's header (version 1) with one reference to it. */
  private long header(int messages, int size) {
    long address = block.align().at();
    block.u8(1, 0).u16(messages).u32(1).u32(size).zeros(4);
    return address;
  }

  private Hdf5Block message(int type, int size, int flags) {
    return block.u16(type).u16(size).u8(flags, 0, 0, 0);
  }

  private static void write(Numbers data, ByteBuffer buffer, ByteSink sink) throws IOException {
    int size = data.shape().size();
    buffer.clear();
    for (int i = 0; i < size; i++) {
      if (!buffer.hasRemaining()) {
        sink.write(buffer.flip());
        buffer.clear();
      }
      if (data.integers != null) {
        buffer.putLong(data.integers[i]);
      } else {
        // Canonical for NaN.
        buffer.putInt(Float.floatToIntBits(data.floats[data.at + i]));
      }
    }
    while ((buffer.position() & 7) != 0) {
      buffer.put((byte) 0);
    }
    sink.write(buffer.flip());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
