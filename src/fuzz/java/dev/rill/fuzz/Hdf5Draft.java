package dev.rill.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;

/**
 * Writes HDF5 as h5py does: superblock 0 with groups of the old style, or superblock 2 with the new one; data sets that are
 * contiguous, compact or in chunks with filters; attributes with texts. Independent of the library's own writer, and with every
 * number in reach.
 */
final class Hdf5Draft {
  private static final String SIGNATURE = "HDF\r\n\u001a\n";
  private static final long UNDEFINED = -1;
  private static final int LEAF = 8;
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;

  private final Draft draft = new Draft();
  private final Choices choices;
  private final boolean modern;
  private final IdentityHashMap<Hdf5Node, Long> written = new IdentityHashMap<>();

  private record Message(int type, Draft content) {}

  private Hdf5Draft(Choices choices) {
    this.choices = choices;
    modern = choices.yes();
  }

  static byte[] write(Hdf5Node root, Choices choices) {
    return new Hdf5Draft(choices).file(root).finish(choices);
  }

  static int bytes(Hdf5Node.Type type) {
    return switch (type) {
      case FLOAT32, INT32 -> 4;
      case FLOAT64, INT64 -> 8;
      case FLOAT16, BFLOAT16 -> 2;
      case UINT8, BOOL -> 1;
    };
  }

  private Draft file(Hdf5Node root) {
    draft.number(1, 0x89).text(SIGNATURE);
    if (modern) {
      draft.octets(2, 8, 8, 0).number(8, 0).number(8, UNDEFINED);
    } else {
      draft.octets(0, 0, 0, 0, 0, 8, 8, 0).number(2, 4).number(2, 16).number(4, 0);
      draft.number(8, 0).number(8, UNDEFINED);
    }
    int end = draft.at();
    draft.number(8, 0);
    if (!modern) {
      draft.number(8, UNDEFINED).number(8, 0);
    }
    int header = draft.at();
    draft.number(8, 0);
    if (modern) {
      draft.seal(Draft.Sum.LOOKUP3, 0);
    } else {
      draft.number(4, 0).number(4, 0).zeros(16);
    }
    draft.put(header, 8, object(root));
    draft.put(end, 8, draft.align().at());
    return draft;
  }

  /** Everything below first, so that every address is known when it is written. */
  private long object(Hdf5Node node) {
    Long before = written.get(node);
    if (before != null) {
      return before;
    }
    List<Message> messages = new ArrayList<>();
    if (node.shape != null) {
      dataset(node, messages);
    } else if (modern) {
      messages.add(new Message(0x02, new Draft().octets(0, 0).number(8, UNDEFINED).number(8, UNDEFINED)));
      messages.add(new Message(0x0a, new Draft().octets(0, 0)));
      for (Map.Entry<String, Hdf5Node> member : node.members.entrySet()) {
        messages.add(link(member.getKey(), object(member.getValue())));
      }
    } else {
      messages.add(new Message(0x11, symbolTable(node)));
    }
    for (Map.Entry<String, Object> attribute : node.attributes.entrySet()) {
      messages.add(new Message(0x0c, attribute(attribute.getKey(), attribute.getValue())));
    }
    long header = modern ? newHeader(messages) : oldHeader(messages);
    written.put(node, header);
    return header;
  }

  private Message link(String name, long address) {
    byte[] utf8 = utf8(name);
    Draft link = new Draft().octets(1, 0x18, 0, 1).number(1, utf8.length).bytes(utf8);
    if (utf8.length > 255) {
      link = new Draft().octets(1, 0x19, 0, 1).number(2, utf8.length).bytes(utf8);
    }
    return new Message(0x06, link.number(8, address));
  }

  private long newHeader(List<Message> messages) {
    int split = choices.oneIn(4) ? choices.below(messages.size()) : messages.size();
    int continued = 0;
    int length = 0;
    if (split < messages.size()) {
      continued = draft.align().at();
      draft.text("OCHK");
      messages(messages.subList(split, messages.size()));
      draft.seal(Draft.Sum.LOOKUP3, continued);
      length = draft.at() - continued;
    }
    int header = draft.align().at();
    int size = 0;
    for (Message message : messages.subList(0, split)) {
      size += 4 + message.content.at();
    }
    draft.text("OHDR").octets(2, 2).number(4, size + (length > 0 ? 20 : 0));
    messages(messages.subList(0, split));
    if (length > 0) {
      draft.number(1, 0x10).number(2, 16).number(1, 0).number(8, continued).number(8, length);
    }
    draft.seal(Draft.Sum.LOOKUP3, header);
    return header;
  }

  private void messages(List<Message> messages) {
    for (Message message : messages) {
      draft.number(1, message.type).number(2, message.content.at()).number(1, 0).append(message.content);
    }
  }

  private long oldHeader(List<Message> messages) {
    int split = choices.oneIn(4) ? choices.below(messages.size()) : messages.size();
    int continued = draft.align().at();
    oldMessages(messages.subList(split, messages.size()));
    int length = draft.at() - continued;
    int header = draft.align().at();
    draft.octets(1, 0).number(2, messages.size() + (length > 0 ? 1 : 0)).number(4, 1);
    int size = draft.at();
    draft.number(4, 0).zeros(4);
    int from = draft.at();
    oldMessages(messages.subList(0, split));
    if (length > 0) {
      draft.number(2, 0x10).number(2, 16).number(1, 0).zeros(3).number(8, continued).number(8, length);
    }
    draft.put(size, 4, draft.at() - from);
    return header;
  }

  private void oldMessages(List<Message> messages) {
    for (Message message : messages) {
      draft.number(2, message.type).number(2, message.content.align().at()).number(1, 0).zeros(3).append(message.content);
    }
  }

  private Draft symbolTable(Hdf5Node node) {
    List<Long> headers = new ArrayList<>();
    for (Hdf5Node member : node.members.values()) {
      headers.add(object(member));
    }
    Draft names = new Draft().zeros(8);
    List<Integer> offsets = new ArrayList<>();
    for (String name : node.members.keySet()) {
      offsets.add(names.at());
      names.bytes(utf8(name)).zeros(1).align();
    }
    int heap = draft.align().at();
    draft.text("HEAP").number(4, 0).number(8, names.at()).number(8, 1).number(8, heap + 32).append(names);
    List<Integer> leaves = new ArrayList<>();
    for (int from = 0; from < headers.size(); from += LEAF) {
      int to = Math.min(headers.size(), from + LEAF);
      leaves.add(draft.at());
      draft.text("SNOD").octets(1, 0).number(2, to - from);
      for (int i = from; i < to; i++) {
        draft.number(8, offsets.get(i)).number(8, headers.get(i)).number(4, 0).zeros(20);
      }
      draft.zeros((LEAF - (to - from)) * 40);
    }
    int tree = draft.at();
    draft.text("TREE").octets(0, 0).number(2, leaves.size()).number(8, UNDEFINED).number(8, UNDEFINED).number(8, 0);
    for (int i = 0; i < leaves.size(); i++) {
      draft.number(8, leaves.get(i)).number(8, offsets.get(Math.min(offsets.size(), (i + 1) * LEAF) - 1));
    }
    draft.zeros((32 - leaves.size()) * 16);
    return new Draft().number(8, tree).number(8, heap);
  }

  private Draft attribute(String name, Object value) {
    List<?> values = value instanceof List<?> list ? list : List.of(value);
    byte[] utf8 = utf8(name);
    boolean fixed = choices.oneIn(4);
    int width = 1;
    for (Object text : values) {
      width = Math.max(width, utf8((String) text).length);
    }
    Draft type = fixed ? new Draft().octets(0x13, 0x11, 0, 0).number(4, width)
        : new Draft().octets(0x19, 1, 1, 0).number(4, 16).octets(0x10, 0, 0, 0).number(4, 1).number(2, 0).number(2, 8);
    Draft space = dataspace(value instanceof List<?> ? new int[] {values.size()} : new int[0]);
    Draft message = new Draft();
    boolean third = modern && choices.yes();
    if (third) {
      message.octets(3, 0).number(2, utf8.length + 1).number(2, type.at()).number(2, space.at()).number(1, 1);
      message.bytes(utf8).zeros(1).append(type).append(space);
    } else {
      message.octets(1, 0).number(2, utf8.length + 1).number(2, type.at()).number(2, space.at());
      message.bytes(utf8).zeros(1).align().append(type.align()).append(space.align());
    }
    long collection = fixed ? 0 : heap(values);
    for (int i = 0; i < values.size(); i++) {
      byte[] text = utf8((String) values.get(i));
      if (fixed) {
        message.bytes(text).zeros(width - text.length);
      } else {
        message.number(4, text.length).number(8, collection).number(4, i + 1);
      }
    }
    return message;
  }

  private long heap(List<?> values) {
    int start = draft.align().at();
    draft.text("GCOL").number(4, 1).number(8, 0);
    for (int i = 0; i < values.size(); i++) {
      byte[] text = utf8((String) values.get(i));
      draft.number(2, i + 1).number(2, 0).zeros(4).number(8, text.length).bytes(text).align();
    }
    int rest = Math.max(4096 - (draft.at() - start), 16);
    draft.number(2, 0).number(2, 0).zeros(4).number(8, rest).zeros(rest - 16);
    draft.put(start + 8, 8, draft.at() - start);
    return start;
  }

  private Draft dataspace(int[] shape) {
    Draft space = modern ? new Draft().octets(2, shape.length, 0, shape.length == 0 ? 0 : 1)
        : new Draft().octets(1, shape.length, 0, 0).zeros(4);
    for (int axis : shape) {
      space.number(8, axis);
    }
    return space;
  }

  private static Draft datatype(Hdf5Node.Type type) {
    return switch (type) {
      case FLOAT32 -> ieee(4, 31, 23, 8, 127);
      case FLOAT64 -> ieee(8, 63, 52, 11, 1023);
      case FLOAT16 -> ieee(2, 15, 10, 5, 15);
      case BFLOAT16 -> new Draft().octets(0x15, 0, 0, 0).number(4, 2).zeros(8);
      case INT64 -> new Draft().octets(0x10, 8, 0, 0).number(4, 8).number(2, 0).number(2, 64);
      case INT32 -> new Draft().octets(0x10, 8, 0, 0).number(4, 4).number(2, 0).number(2, 32);
      case UINT8 -> new Draft().octets(0x10, 0, 0, 0).number(4, 1).number(2, 0).number(2, 8);
      case BOOL -> new Draft().octets(0x18, 2, 0, 0).number(4, 1).octets(0x10, 8, 0, 0).number(4, 1).number(2, 0).number(2, 8)
          .text("FALSE\0\0\0TRUE\0\0\0\0").octets(0, 1);
    };
  }

  private static Draft ieee(int size, int sign, int mantissa, int exponent, int bias) {
    return new Draft().octets(0x11, 0x20, sign, 0).number(4, size).number(2, 0).number(2, 8 * size)
        .octets(mantissa, exponent, 0, mantissa).number(4, bias);
  }

  private void dataset(Hdf5Node node, List<Message> messages) {
    messages.add(new Message(0x01, dataspace(node.shape)));
    messages.add(new Message(0x03, datatype(node.type)));
    Draft layout = new Draft().number(1, 3);
    int kind = node.shape.length == 0 ? choices.below(2) : choices.below(3);
    if (kind == 2) {
      layout.number(1, 2).number(1, node.shape.length + 1).number(8, chunks(node, messages));
      for (int i = 0; i < node.shape.length; i++) {
        layout.number(4, chunk(node, i));
      }
      layout.number(4, bytes(node.type));
    } else if (kind == 1 && node.data.length < 1 << 12) {
      layout.number(1, 0).number(2, node.data.length).bytes(node.data);
    } else {
      long address = node.data.length == 0 ? UNDEFINED : draft.align().at();
      draft.bytes(node.data);
      layout.number(1, 1).number(8, address).number(8, node.data.length);
    }
    messages.add(new Message(0x08, layout));
  }

  /** Sizes of a chunk: the first axis is cut in two, the others are not. */
  private static int chunk(Hdf5Node node, int axis) {
    return axis == 0 ? (node.shape[0] + 1) / 2 : node.shape[axis];
  }

  private long chunks(Hdf5Node node, List<Message> messages) {
    int filters = choices.below(8);
    int element = bytes(node.type);
    int rank = node.shape.length;
    // None at all where a changed shape is not that of the data.
    int length = node.shape[0] > 0 ? node.data.length / node.shape[0] * chunk(node, 0) : 0;
    List<byte[]> pieces = new ArrayList<>();
    for (int from = 0; from < node.data.length && length > 0; from += length) {
      byte[] piece = new byte[length];
      System.arraycopy(node.data, from, piece, 0, Math.min(length, node.data.length - from));
      pieces.add(filtered(piece, element, filters));
    }
    long[] addresses = new long[pieces.size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = draft.align().at();
      draft.bytes(pieces.get(i));
    }
    if (filters != 0) {
      messages.add(new Message(0x0b, pipeline(filters, element)));
    }
    int tree = draft.align().at();
    draft.text("TREE").octets(1, 0).number(2, addresses.length).number(8, UNDEFINED).number(8, UNDEFINED);
    for (int i = 0; i <= addresses.length; i++) {
      draft.number(4, i < addresses.length ? pieces.get(i).length : 0).number(4, 0);
      for (int axis = 0; axis <= rank; axis++) {
        draft.number(8, axis == 0 ? (long) i * chunk(node, 0) : 0);
      }
      if (i < addresses.length) {
        draft.number(8, addresses[i]);
      }
    }
    return tree;
  }

  private Draft pipeline(int filters, int element) {
    Draft pipeline = new Draft().octets(1, Integer.bitCount(filters)).zeros(6);
    if ((filters & 1) != 0) {
      pipeline.number(2, SHUFFLE).number(2, 0).number(2, 1).number(2, 1).number(4, element).zeros(4);
    }
    if ((filters & 2) != 0) {
      pipeline.number(2, DEFLATE).number(2, 0).number(2, 1).number(2, 1).number(4, 4).zeros(4);
    }
    if ((filters & 4) != 0) {
      pipeline.number(2, FLETCHER32).number(2, 0).number(2, 0).number(2, 0);
    }
    return pipeline;
  }

  private static byte[] filtered(byte[] piece, int element, int filters) {
    byte[] bytes = piece;
    if ((filters & 1) != 0) {
      bytes = new byte[piece.length];
      int count = piece.length / element;
      for (int i = 0; i < count * element; i++) {
        bytes[i % element * count + i / element] = piece[i];
      }
    }
    if ((filters & 2) != 0) {
      Deflater deflater = new Deflater(1);
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] block = new byte[256];
      while (!deflater.finished()) {
        packed.write(block, 0, deflater.deflate(block));
      }
      deflater.end();
      bytes = packed.toByteArray();
    }
    if ((filters & 4) != 0) {
      Draft summed = new Draft().bytes(bytes).number(4, fletcher32(bytes));
      bytes = summed.content();
    }
    return bytes;
  }

  /** Of big-endian words, as HDF5 has it. */
  private static int fletcher32(byte[] bytes) {
    long a = 0;
    long b = 0;
    for (int i = 0; i < bytes.length; i += 2) {
      a += (bytes[i] & 0xff) << 8 | (i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0);
      a %= 65535;
      b = (b + a) % 65535;
    }
    return (int) (b << 16 | a);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
