package dev.rill.fuzz;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** A JSON document that can be changed: made of values, or taken from one that was read. */
final class JsonTree {
  /** A string in quotes, a number, true, false, null, or what is none of them; null for an object or array. */
  private String text;
  /** Null for an array. */
  private List<String> names;
  private final List<JsonTree> members = new ArrayList<>();

  static JsonTree of(JsonValue value) {
    JsonTree tree = new JsonTree();
    if (value instanceof JsonObject object) {
      tree.names = new ArrayList<>(object.names());
      for (String name : tree.names) {
        tree.members.add(of(object.get(name)));
      }
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        tree.members.add(of(array.get(i)));
      }
    } else if (value instanceof JsonString string) {
      tree.text = quoted(string.value());
    } else if (value instanceof JsonNumber number) {
      tree.text = number.text();
    } else {
      tree.text = value.describe();
    }
    return tree;
  }

  /** A document that a fuzzer's choices describe. */
  static JsonTree random(Choices choices, int depth) {
    JsonTree tree = new JsonTree();
    int kind = depth == 0 ? 0 : choices.below(3);
    if (kind == 0) {
      tree.text = scalar(choices);
      return tree;
    }
    tree.names = kind == 1 ? new ArrayList<>() : null;
    for (int n = choices.below(6); n > 0; n--) {
      if (kind == 1) {
        tree.names.add(Hdf5Node.name(choices));
      }
      tree.members.add(random(choices, depth - 1));
    }
    return tree;
  }

  private static String scalar(Choices choices) {
    return switch (choices.below(12)) {
      case 1 -> choices.of("true", "false");
      case 2 -> Long.toString(choices.edge());
      case 3 -> Float.toString(choices.real());
      case 4 -> quoted(Hdf5Node.name(choices));
      case 5 -> choices.of("1e300", "1e999", "-0", "0.1e-400", "1073741825", "9".repeat(400), "00", "1.", "0x1", "+1");
      case 6 -> choices.of("NaN", "Infinity", "-Infinity", "nan", "tru", "");
      case 7 -> "\"\\u" + choices.of("0041", "d83d", "dc00", "0000", "00", "zzzz") + "\"";
      case 8 -> quoted(choices.of("LSTM", "GRU", "SimpleRNN", "Dense", "Embedding", "Masking", "InputLayer", "Functional",
          "Sequential", "Concatenate", "RepeatVector", "TimeDistributed", "Dropout", "tanh", "softmax", "float16", "adam"));
      case 9 -> "[".repeat(choices.below(300));
      case 10 -> Integer.toString(choices.below(8));
      default -> "null";
    };
  }

  /** One change: a value replaced, gone, doubled, exchanged with another, or put into another. */
  void mutate(Choices choices) {
    List<JsonTree> all = new ArrayList<>();
    collect(all);
    JsonTree at = all.get(choices.below(all.size()));
    JsonTree other = all.get(choices.below(all.size()));
    int member = choices.below(at.members.size());
    switch (choices.below(8)) {
      case 0, 1 -> at.become(random(choices, choices.below(2)));
      case 2 -> at.become(other.copy());
      case 3 -> {
        if (!at.members.isEmpty()) {
          at.members.remove(member);
          if (at.names != null) {
            at.names.remove(member);
          }
        }
      }
      case 4 -> {
        if (!at.members.isEmpty() && at.names == null) {
          at.members.add(at.members.get(member).copy());
        }
      }
      case 5 -> {
        if (at.names != null && !at.names.isEmpty()) {
          at.names.set(member, other.names == null || other.names.isEmpty() ? Hdf5Node.name(choices) : other.names.get(0));
        }
      }
      case 6 -> {
        // A scalar for a scalar of its kind: a name of a layer for another, a size for another.
        List<JsonTree> alike = new ArrayList<>(all);
        alike.removeIf(each -> each.text == null || at.text == null || each.text.isEmpty() || at.text.isEmpty()
            || each.text.charAt(0) == '"' != (at.text.charAt(0) == '"'));
        if (!alike.isEmpty()) {
          at.text = alike.get(choices.below(alike.size())).text;
        }
      }
      default -> {
        if (at.text != null) {
          at.text = Long.toString(choices.yes() ? choices.edge() : choices.below(6));
        }
      }
    }
  }

  private void become(JsonTree value) {
    text = value.text;
    names = value.names;
    members.clear();
    members.addAll(value.members);
  }

  JsonTree copy() {
    JsonTree copy = new JsonTree();
    copy.text = text;
    copy.names = names == null ? null : new ArrayList<>(names);
    for (JsonTree member : members) {
      copy.members.add(member.copy());
    }
    return copy;
  }

  private void collect(List<JsonTree> all) {
    all.add(this);
    for (JsonTree member : members) {
      member.collect(all);
    }
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  private void write(StringBuilder out) {
    if (text != null) {
      out.append(text);
      return;
    }
    out.append(names == null ? '[' : '{');
    for (int i = 0; i < members.size(); i++) {
      out.append(i > 0 ? ", " : "");
      if (names != null) {
        out.append(quoted(names.get(i))).append(": ");
      }
      members.get(i).write(out);
    }
    out.append(names == null ? ']' : '}');
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
