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
    Set<Test> tests = new HashSet<>();
    boolean masked = false;
    boolean every = false;
    for (Symbol input : inputs) {
      Mask own = input.mask();
      masked |= own != null;
      every |= own == null || own.every();
      if (own != null) {
        tests.addAll(own.tests);
      }
    }
    return masked ? joined(every ? Set.of() : tests, inputs, axis) : null;
  }

  /** Steps that count in the one of several sequences that they lie in, one behind the other. Null if none has a mask. */
  static Mask behind(List<Symbol> inputs, int axis) {
    List<Set<Test>> parts = new ArrayList<>();
    boolean masked = false;
    boolean every = true;
    for (Symbol input : inputs) {
      Mask own = input.mask();
      masked |= own != null;
      every &= own == null || own.every();
      parts.add(own == null ? Set.of() : own.tests);
    }
    return masked ? joined(every ? Set.of() : Set.of(new Behind(parts)), inputs, axis) : null;
  }

  private static Mask joined(Set<Test> tests, List<Symbol> inputs, int axis) {
    int size = size(tests);
    if (size > MAX_TESTS) {
      throw new UnsupportedException("a mask joined of " + size + " others; at most " + MAX_TESTS + " are supported");
    }
    return new Mask(tests, Operation.join(inputs, axis));
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
    Set<Test> tests = new HashSet<>();
    boolean every = false;
    Operation joined = inputs.get(0).mask() == null ? null : inputs.get(0).mask().operation();
    for (int i = 0; i < inputs.size(); i++) {
      Mask own = inputs.get(i).mask();
      if (own == null) {
        return null;
      }
      tests.addAll(own.tests);
      every |= own.every();
      joined = i == 0 ? joined : Operation.or(joined, own.operation());
    }
    return inputs.size() == 1 ? inputs.get(0).mask() : new Mask(every ? Set.of() : tests, joined);
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
