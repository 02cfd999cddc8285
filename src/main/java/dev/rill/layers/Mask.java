package dev.rill.layers;

import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which steps of a sequence count, as the structure of a model knows it: those at which one of some tests holds. What the tests
 * give is known only when the model runs.
 */
public final class Mask {
  /**
   * A step counts if one of its features is not a certain value.
   *
   * @param source ids, or the features of a sequence
   * @param value what a step that does not count is filled with
   */
  public record Test(Symbol source, float value) {}

  /** More tests than any model has; masks of many concatenations would fill the memory. */
  private static final int MAX_TESTS = 100;
  /** How far behind a mask the masks stand that it joins: Any, Concatenate, LogicalOr, ExpandDims. */
  static final int BEHIND = 4;

  private final Set<Test> tests;
  /** What the operations read that compute the mask in Keras, and how far behind the layer that heeds it: it sorts layers. */
  private final Map<Symbol, Integer> reads;
  private final List<Mask> parts;

  private Mask(Set<Test> tests, Map<Symbol, Integer> reads, List<Mask> parts) {
    this.tests = Set.copyOf(tests);
    this.reads = Map.copyOf(reads);
    this.parts = List.copyOf(parts);
  }

  /** Steps at which a symbol is not a value: Keras' NotEqual, and Any over features. */
  static Mask where(Symbol source, float value) {
    return new Mask(Set.of(new Test(source, value)), Map.of(source, source.shape().rank() == 3 ? 3 : 2), List.of());
  }

  /** Steps that count in one of several sequences; all do in one that has no mask. Null if none has one. */
  static Mask any(List<Symbol> inputs) {
    Set<Test> tests = new HashSet<>();
    Map<Symbol, Integer> reads = new HashMap<>();
    List<Mask> parts = new ArrayList<>();
    boolean every = false;
    for (Symbol input : inputs) {
      Mask own = input.mask();
      every |= own == null || own.every();
      // Any, Concatenate, LogicalOr, ZerosLike or ExpandDims; OnesLike in place of the last two where there is no mask.
      reads.merge(input, own == null ? 4 : 5, Integer::max);
      if (own != null) {
        tests.addAll(own.tests);
        parts.add(own);
      }
    }
    if (tests.size() > MAX_TESTS) {
      throw new UnsupportedException("a mask joined of " + tests.size() + " others; at most " + MAX_TESTS + " are supported");
    }
    return parts.isEmpty() ? null : new Mask(every ? Set.of() : tests, reads, parts);
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
  boolean every() {
    return tests.isEmpty();
  }

  Map<Symbol, Integer> reads() {
    return reads;
  }

  /** The masks that it joins. */
  List<Mask> parts() {
    return parts;
  }
}
