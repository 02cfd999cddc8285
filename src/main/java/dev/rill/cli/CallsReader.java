package dev.rill.cli;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.tensor.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;

/** {@code calls.json} to calls, strictly: a field that is missing, or not known where it stands, is an error. */
final class CallsReader {
  private final List<RecordedCall> calls = new ArrayList<>();
  private final Set<String> arrays = new LinkedHashSet<>();

  private CallsReader() {}

  static CallsReader read(JsonObject root) {
    fields(root, Set.of("format", "keras", "backend", "calls"), Set.of());
    if (root.integer("format") != 1) {
      throw new FormatException(root.place("format") + ": expected format 1, found " + root.integer("format"));
    }
    root.string("keras");
    root.string("backend");
    CallsReader reader = new CallsReader();
    JsonArray list = root.array("calls");
    for (int i = 0; i < list.size(); i++) {
      reader.calls.add(reader.call(list.object(i)));
    }
    return reader;
  }

  List<RecordedCall> calls() {
    return calls;
  }

  /** The names of all arrays in the order in which they are first mentioned. */
  Set<String> arrays() {
    return arrays;
  }

  private RecordedCall call(JsonObject call) {
    RecordedCall.Kind kind = RecordedCall.Kind.named(call.string("call"));
    if (kind == null) {
      throw new FormatException(call.place("call") + ": a call " + call.get("call").describe()
          + " is not known; expected one of " + List.of(RecordedCall.Kind.values()));
    }
    Set<String> optional = new TreeSet<>(kind.optional());
    optional.addAll(Set.of("call", "expect"));
    fields(call, kind.required(), optional);
    if (call.has("shuffle") && call.bool("shuffle")) {
      throw new FormatException(call.place("shuffle") + ": expected false, as shuffled rows cannot be replayed");
    }
    return new RecordedCall(kind, call.has("x") ? names(call.array("x")) : List.of(),
        call.has("y") ? names(call.array("y")) : List.of(),
        call.has("sample_weight") ? name(call.string("sample_weight")) : null,
        positive(call, "batch_size"), positive(call, "epochs"), call.string("layer", null),
        expectation(call.has("expect") ? call.object("expect") : JsonObject.EMPTY));
  }

  private static int positive(JsonObject call, String field) {
    int value = call.integer(field, 1);
    if (value < 1) {
      throw new FormatException(call.place(field) + ": expected at least 1, found " + value);
    }
    return value;
  }

  private RecordedCall.Expectation expectation(JsonObject expect) {
    fields(expect, Set.of(), Set.of("outputs", "logs", "history", "states", "weights"));
    Map<String, Double> logs = null;
    if (expect.has("logs")) {
      logs = new LinkedHashMap<>();
      JsonObject recorded = expect.object("logs");
      for (String name : recorded.names()) {
        logs.put(name, recorded.number(name));
      }
    }
    return new RecordedCall.Expectation(expect.has("outputs") ? names(expect.array("outputs")) : null, logs,
        lists(expect, "history", array -> list(array, array::number)), lists(expect, "states", this::names),
        lists(expect, "weights", this::names));
  }

  private static <T> Map<String, List<T>> lists(JsonObject expect, String field,
      Function<JsonArray, List<T>> element) {
    if (!expect.has(field)) {
      return null;
    }
    JsonObject recorded = expect.object(field);
    Map<String, List<T>> lists = new LinkedHashMap<>();
    for (String name : recorded.names()) {
      lists.put(name, element.apply(recorded.array(name)));
    }
    return lists;
  }

  private List<String> names(JsonArray array) {
    return list(array, i -> name(array.string(i)));
  }

  private static <T> List<T> list(JsonArray array, IntFunction<T> element) {
    List<T> list = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      list.add(element.apply(i));
    }
    return list;
  }

  private String name(String array) {
    arrays.add(array);
    return array;
  }

  private static void fields(JsonObject object, Set<String> required, Set<String> optional) {
    Set<String> known = new TreeSet<>(required);
    known.addAll(optional);
    List<String> unknown = object.namesOtherThan(known.toArray(new String[0]));
    if (!unknown.isEmpty()) {
      throw new FormatException(object.place(unknown.get(0)) + ": a field that is not known here; expected only "
          + known);
    }
    for (String field : required) {
      if (!object.has(field)) {
        throw new FormatException(object.place(field) + ": expected this field, found " + object.names());
      }
    }
  }
}
