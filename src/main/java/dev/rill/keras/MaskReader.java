package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.layers.Mask;
import dev.rill.layers.Symbol;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The operations that compute masks in a functional configuration. Keras writes down those that its layers have made: NotEqual
 * for an embedding, Any of NotEqual for Masking, Any of a concatenation for Concatenate. They are recognised and give way to the
 * mask that the layers here have of their own; any other operation is refused.
 */
final class MaskReader {
  private static final Set<String> OPERATIONS =
      Set.of("NotEqual", "Any", "Concatenate", "LogicalOr", "ExpandDims", "ZerosLike", "OnesLike");
  /** As many concatenations may stand one behind the other; more would only be a way to exhaust the stack. */
  private static final int MAX_DEPTH = 100;

  private final Map<String, JsonObject> operations = new HashMap<>();
  private final Map<String, List<List<Symbol>>> made;
  /** By operation, since several concatenations may read one. */
  private final Map<String, Set<Mask.Test>> known = new HashMap<>();

  MaskReader(Map<String, List<List<Symbol>>> made) {
    this.made = made;
  }

  /** Keeps an entry that is an operation for when a layer applies it; false for a layer. */
  boolean take(JsonObject entry) {
    if (LayerReader.isOwn(entry)) {
      return false;
    }
    String type = entry.string("class_name");
    // A layer is called Concatenate, too.
    String module = entry.string("module", type.equals("Concatenate") && !joinsMasks(entry) ? "keras.layers" : "keras.src.ops");
    if (!OPERATIONS.contains(type) || !module.startsWith("keras.src.ops")) {
      return false;
    }
    operations.put(entry.string("name"), entry);
    return true;
  }

  /** Whether a concatenation of which an HDF5 file does not say whose it is reads the results of operations. */
  private boolean joinsMasks(JsonObject entry) {
    if (operations.isEmpty() || !(entry.get("inbound_nodes") instanceof JsonArray calls) || calls.size() != 1) {
      return false;
    }
    for (CallReader.Source source : CallReader.read(calls, 0).sources()) {
      if (!operations.containsKey(source.layer())) {
        return false;
      }
    }
    return true;
  }

  /** Refuses the result of an operation as something that a layer reads. */
  void refuse(CallReader.Source source) {
    if (operations.containsKey(source.layer())) {
      throw new UnsupportedException(source.place() + ": the result of the operation " + source.layer()
          + " is supported as a mask only");
    }
  }

  /** Whether a layer's application applies its input's mask; refuses a mask of other origin. */
  boolean applied(CallReader call, List<Symbol> inputs) {
    boolean handed = false;
    // Masks that nested models make reach the next one without being written.
    boolean unwritten = call.masks().size() > 1;
    for (int i = 0; i < call.masks().size(); i++) {
      CallReader.Source source = call.masks().get(i);
      Mask own = i < inputs.size() ? inputs.get(i).mask() : null;
      unwritten &= own == null || own.operation() == null;
      if (source != null && (own == null || !own.tests().equals(tests(source, MAX_DEPTH)))) {
        throw refused(source.place(), "a mask that is not the one of the layer's input");
      }
      handed |= source != null;
    }
    // Keras hands on the mask of an only tensor by itself.
    return handed || unwritten || call.automatic() || call.sources().size() == 1;
  }

  private static UnsupportedException refused(String place, String what) {
    return new UnsupportedException(place + ": " + what
        + "; supported are the masks of Embedding, Masking and of layers that join them");
  }

  /** What a mask of shape (batch, time) tests; empty if every step counts. */
  private Set<Mask.Test> tests(CallReader.Source source, int depth) {
    Set<Mask.Test> tests = known.get(source.layer());
    if (tests == null) {
      tests = tests(operation(source, depth), depth);
      known.put(source.layer(), tests);
    }
    return tests;
  }

  private Set<Mask.Test> tests(JsonObject entry, int depth) {
    switch (entry.string("class_name")) {
      case "NotEqual":
        return Set.of(test(entry, 2));
      case "Any":
        JsonObject config = entry.object("config");
        JsonObject over = operation(argument(entry, 0), depth);
        if (config.get("axis") instanceof JsonNumber && config.integer("axis") == -1 && !config.bool("keepdims", false)) {
          switch (over.string("class_name")) {
            case "NotEqual":
              return Set.of(test(over, 3));
            case "Concatenate":
              return joined(over, depth - 1);
            default:
              break;
          }
        }
        throw refused(entry.place(), "a mask made by other operations than Keras' own");
      case "LogicalOr":
        return Mask.either(List.of(tests(argument(entry, 0), depth - 1), tests(argument(entry, 1), depth - 1)));
      default:
        throw refused(entry.place(), "a mask made by " + entry.string("class_name"));
    }
  }

  private Mask.Test test(JsonObject entry, int rank) {
    Symbol tested = argument(entry, 0).find(made);
    JsonArray args = arguments(entry);
    if (tested.shape().rank() != rank || args.size() != 2) {
      throw refused(args.place(), "a mask that tests " + tested.shape());
    }
    return new Mask.Differs(tested, (float) args.number(1));
  }

  /** The masks of several inputs, each spread over its input's features and joined like these. */
  private Set<Mask.Test> joined(JsonObject entry, int depth) {
    JsonArray parts = arguments(entry).array(0);
    List<Set<Mask.Test>> all = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      List<CallReader.Source> sources = new ArrayList<>();
      CallReader.collect(parts.get(i), parts.place(i), sources);
      JsonObject part = operation(single(sources, parts.place(i)), depth);
      switch (part.string("class_name")) {
        case "OnesLike":
          all.add(Set.of());
          break;
        case "LogicalOr":
          JsonObject spread = operation(argument(part, 0), depth);
          if (!spread.string("class_name").equals("ExpandDims")
              || !operation(argument(part, 1), depth).string("class_name").equals("ZerosLike")) {
            throw refused(part.place(), "a mask made by other operations than Keras' own");
          }
          all.add(tests(argument(spread, 0), depth));
          break;
        default:
          throw refused(part.place(), "a mask made by " + part.string("class_name"));
      }
    }
    int axis = entry.object("config").integer("axis");
    return axis == 1 || axis == -2 ? Mask.behind(all) : Mask.either(all);
  }

  private JsonObject operation(CallReader.Source source, int depth) {
    JsonObject entry = operations.get(source.layer());
    if (entry == null || depth == 0) {
      throw refused(source.place(), "a mask that comes from " + source.layer());
    }
    return entry;
  }

  private static JsonArray arguments(JsonObject entry) {
    return entry.array("inbound_nodes").object(0).array("args");
  }

  private static CallReader.Source argument(JsonObject entry, int index) {
    JsonArray args = arguments(entry);
    List<CallReader.Source> sources = new ArrayList<>();
    CallReader.collect(args.get(index), args.place(index), sources);
    return single(sources, args.place(index));
  }

  private static CallReader.Source single(List<CallReader.Source> sources, String place) {
    if (sources.size() != 1) {
      throw refused(place, "an operation on " + sources.size() + " tensors");
    }
    return sources.get(0);
  }
}
