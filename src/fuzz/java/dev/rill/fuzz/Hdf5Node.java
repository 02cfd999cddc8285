package dev.rill.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A group or a data set of an HDF5 file, as it is meant: what a fuzzer changes before {@link Hdf5Draft} writes it down. */
final class Hdf5Node {
  enum Type { FLOAT32, FLOAT64, FLOAT16, BFLOAT16, INT64, INT32, UINT8, BOOL }

  /** In the order of names, which the old groups need. */
  final TreeMap<String, Hdf5Node> members = new TreeMap<>();
  /** A text, or a list of texts. */
  final Map<String, Object> attributes = new LinkedHashMap<>();
  /** Null for a group. */
  int[] shape;
  Type type = Type.FLOAT32;
  byte[] data = {};

  static Hdf5Node dataset(Type type, byte[] data, int... shape) {
    Hdf5Node node = new Hdf5Node();
    node.type = type;
    node.shape = shape;
    node.data = data;
    return node;
  }

  static Hdf5Node dataset(float[] values, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return dataset(Type.FLOAT32, bytes.array(), shape);
  }

  /** A tree of groups and data sets that a fuzzer's choices describe. */
  static Hdf5Node random(Choices choices, int depth) {
    Hdf5Node node = new Hdf5Node();
    if (depth == 0 || choices.oneIn(3)) {
      node.shape = new int[choices.below(4)];
      int size = 1;
      for (int i = 0; i < node.shape.length; i++) {
        node.shape[i] = 1 + choices.below(5);
        size *= node.shape[i];
      }
      node.type = choices.of(Type.values());
      node.data = new byte[size * Hdf5Draft.bytes(node.type)];
    } else {
      for (int n = choices.below(12); n > 0; n--) {
        node.members.put(name(choices), random(choices, depth - 1));
      }
    }
    for (int n = choices.below(3); n > 0; n--) {
      node.attributes.put(name(choices), choices.yes() ? name(choices) : texts(choices));
    }
    if (node.type == Type.BFLOAT16) {
      node.attributes.put("dtype", "bfloat16");
    }
    return node;
  }

  static String name(Choices choices) {
    return switch (choices.below(16)) {
      case 13 -> "größe";
      case 14 -> "x".repeat(choices.below(300));
      case 15 -> choices.of("", "/", "a/b", "\n", "..", ".", "0", "\ud83d\ude00");
      default -> "m" + choices.below(40);
    };
  }

  private static List<String> texts(Choices choices) {
    List<String> texts = new ArrayList<>();
    for (int n = choices.below(6); n > 0; n--) {
      texts.add(name(choices));
    }
    return texts;
  }

  /** One change of the tree: a name, an attribute, a shape, a member gone, doubled or exchanged. */
  void mutate(Choices choices) {
    List<Hdf5Node> nodes = new ArrayList<>();
    collect(nodes);
    Hdf5Node node = nodes.get(choices.below(nodes.size()));
    Hdf5Node other = nodes.get(choices.below(nodes.size()));
    List<String> names = new ArrayList<>(node.members.keySet());
    switch (choices.below(8)) {
      case 0 -> node.attributes.keySet().removeAll(List.of(choices.of(node.attributes.keySet().toArray(new String[1])) + ""));
      case 1 -> node.attributes.put(key(node.attributes, choices), choices.yes() ? name(choices) : texts(choices));
      case 2 -> node.attributes.put(key(node.attributes, choices), other.attributes.values().stream().findFirst().orElse(""));
      case 3 -> {
        if (!names.isEmpty()) {
          node.members.remove(names.get(choices.below(names.size())));
        }
      }
      case 4 -> {
        // Twice in the file, never below itself.
        if (node.shape == null && other.shape != null) {
          node.members.put(names.isEmpty() ? name(choices) : names.get(choices.below(names.size())), other);
        }
      }
      case 5 -> {
        if (!names.isEmpty()) {
          node.members.put(name(choices), node.members.remove(names.get(choices.below(names.size()))));
        }
      }
      case 6 -> {
        if (node.shape != null && node.shape.length > 0) {
          node.shape = node.shape.clone();
          node.shape[choices.below(node.shape.length)] = (int) choices.edge();
        }
      }
      default -> {
        if (node.shape != null) {
          node.type = choices.of(Type.values());
        }
      }
    }
  }

  /** Another tree; the data are shared, as nobody changes them. */
  Hdf5Node copy() {
    Hdf5Node copy = new Hdf5Node();
    copy.attributes.putAll(attributes);
    copy.shape = shape;
    copy.type = type;
    copy.data = data;
    members.forEach((name, member) -> copy.members.put(name, member.copy()));
    return copy;
  }

  private static String key(Map<String, Object> attributes, Choices choices) {
    List<String> keys = new ArrayList<>(attributes.keySet());
    return keys.isEmpty() || choices.oneIn(4) ? name(choices) : keys.get(choices.below(keys.size()));
  }

  private void collect(List<Hdf5Node> nodes) {
    nodes.add(this);
    for (Hdf5Node member : members.values()) {
      member.collect(nodes);
    }
  }
}
