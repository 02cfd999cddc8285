package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that a model has at each of its outputs: one and the same for all, one after the other, or by the names of the
 * outputs. Which, is seen when the outputs are known.
 */
record PerOutput<T>(T all, List<T> each, Map<String, T> named) {
  private static final String WHAT = "what there is for each output";

  static <T> PerOutput<T> all(T value) {
    return new PerOutput<>(value, null, null);
  }

  /** Elements may be null. */
  static <T> PerOutput<T> each(List<T> values) {
    return new PerOutput<>(null, Collections.unmodifiableList(new ArrayList<>(Require.given(values, WHAT))), null);
  }

  /** Values may be null. */
  static <T> PerOutput<T> named(Map<String, T> values) {
    for (String output : Require.given(values, WHAT).keySet()) {
      Require.given(output, "the name of an output");
    }
    return new PerOutput<>(null, null, Collections.unmodifiableMap(new TreeMap<>(values)));
  }

  /**
   * What each output has.
   *
   * @param what in the plural, for messages
   * @param outputs their names
   * @param absent for outputs that the names leave out; null if all must be named
   */
  List<T> at(String what, List<String> outputs, T absent) {
    if (each != null) {
      if (each.size() != outputs.size()) {
        throw new RillException("the model has " + outputs.size() + " outputs, " + outputs + ": expected " + what
            + " for each of them, got " + each.size());
      }
      return each;
    }
    List<T> found = new ArrayList<>();
    for (String output : outputs) {
      if (named != null && !named.containsKey(output) && absent == null) {
        throw new RillException("output " + output + " is missing: expected " + what + " by the names " + outputs + ", got "
            + named.keySet());
      }
      found.add(named == null ? all : named.getOrDefault(output, absent));
    }
    if (named != null && (!outputs.containsAll(named.keySet()) || outputs.stream().distinct().count() < outputs.size())) {
      throw new RillException("expected " + what + " by the names of the outputs, each of another name, " + outputs + ", got "
          + named.keySet() + ": give a list, one an output");
    }
    return found;
  }
}
