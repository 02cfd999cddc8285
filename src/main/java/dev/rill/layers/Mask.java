package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which steps of a sequence count, as the structure of a model knows it: those at which one of some tests holds. What the tests
 * give is known only when the model runs.
 */
public final class Mask {
  /** When a step counts. */
  public sealed interface Test {}

  /**
   * If one of its features is not a certain value.
   *
   * @param source ids, or the features of a sequence
   * @param value what a step that does not count is filled with
   */
  public record Differs(Symbol source, float value) implements Test {}

  /**
   * If it counts in that of several sequences, one behind the other, in which it lies.
   *
   * @param parts for each sequence its tests, of which one must hold; empty where every step counts
   */
  public record Behind(List<Set<Test>> parts) implements Test {
    /** Keeps what was given. */
    public Behind {
      parts = List.copyOf(Require.all(parts, "the tests of the sequences"));
    }
  }

  /** More tests than any model has; masks of many concatenations would fill the memory. */
  private static final int MAX_TESTS = 100;
  private final Set<Test> tests;
  private final Operation operation;

  private Mask(Set<Test> tests, Operation operation) {
    this.tests = Set.copyOf(tests);
    this.operation = operation;
  }

  /** Steps at which a symbol is not a value. */
  static Mask where(Symbol source, double value) {
    return new Mask(Set.of(new Differs(source, (float) value)), Operation.notEqual(source, value));
  }

  /** Steps that count in one of several sequences; all do in one that has no mask. Null if none has one. */
  static Mask any(List<Symbol> inputs, int axis) {
    return joined(either(tests(inputs)), inputs, axis);
  }

  /** Steps that count in the one of several sequences that they lie in, one behind the other. Null if none has a mask. */
  static Mask behind(List<Symbol> inputs, int axis) {
    return joined(behind(tests(inputs)), inputs, axis);
  }

  /** Of each input its tests; none where every step counts. */
  private static List<Set<Test>> tests(List<Symbol> inputs) {
    List<Set<Test>> all = new ArrayList<>();
    for (Symbol input : inputs) {
      all.add(input.mask() == null ? Set.of() : input.mask().tests);
    }
    return all;
  }

  /**
   * The tests of steps that count in one of several masks.
   *
   * @param masks of each its tests, as {@link #tests()} gives them
   * @return tests of which one must hold; empty if every step counts
   */
  public static Set<Test> either(List<Set<Test>> masks) {
    return Require.all(masks, "the tests of the masks").contains(Set.of()) ? Set.of() : union(masks);
  }

  /**
   * The tests of steps that count in the one of several masks that they lie in, one behind the other.
   *
   * @param masks of each its tests, as {@link #tests()} gives them
   * @return tests of which one must hold; empty if every step counts
   */
  public static Set<Test> behind(List<Set<Test>> masks) {
    return union(Require.all(masks, "the tests of the masks")).isEmpty() ? Set.of() : Set.of(new Behind(masks));
  }

  private static Set<Test> union(List<Set<Test>> masks) {
    Set<Test> union = new HashSet<>();
    for (Set<Test> tests : masks) {
      union.addAll(tests);
    }
    return union;
  }

  private static Mask joined(Set<Test> tests, List<Symbol> inputs, int axis) {
    boolean masked = false;
    for (Symbol input : inputs) {
      masked |= input.mask() != null;
    }
    int size = size(tests);
    if (size > MAX_TESTS) {
      throw new UnsupportedException("a mask joined of " + size + " others; at most " + MAX_TESTS + " are supported");
    }
    return masked ? new Mask(tests, Operation.join(inputs, axis)) : null;
  }

  private static int size(Set<Test> tests) {
    int size = 0;
    for (Test test : tests) {
      size++;
      for (Set<Test> part : test instanceof Behind behind ? behind.parts : List.<Set<Test>>of()) {
        size += size(part);
      }
    }
    return size;
  }

  /** Steps that count in one of several inputs of one shape; null if one of them has no mask. */
  static Mask or(List<Symbol> inputs) {
    Mask first = inputs.get(0).mask();
    Operation joined = first == null ? null : first.operation;
    for (int i = 0; i < inputs.size(); i++) {
      Mask own = inputs.get(i).mask();
      if (own == null) {
        return null;
      }
      joined = i == 0 ? joined : Operation.or(joined, own.operation);
    }
    return inputs.size() == 1 ? first : new Mask(either(tests(inputs)), joined);
  }

  /** The same mask without what computes it in Keras. */
  Mask unlisted() {
    return new Mask(tests, null);
  }

  /**
   * The tests.
   *
   * @return a step counts if one of them holds; empty if every step counts
   */
  public Set<Test> tests() {
    return tests;
  }

  /** Whether every step counts. */
  public boolean every() {
    return tests.isEmpty();
  }

  /**
   * What computes it in Keras.
   *
   * @return the last operation, or null where it is computed within a layer that is made of others
   */
  public Operation operation() {
    return operation;
  }

  /** Returns what it tests. */
  @Override
  public String toString() {
    return "mask of " + tests;
  }
}
