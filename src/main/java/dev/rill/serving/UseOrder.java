package dev.rill.serving;

/** Rows from the longest unused to the last used: a doubly linked list in two arrays. */
final class UseOrder {
  static final int NONE = -1;

  /** By row; behind the last row stands the ring's own element, whose next is the longest unused. */
  private final int[] next;
  private final int[] previous;
  private final int ring;

  UseOrder(int rows) {
    next = new int[rows + 1];
    previous = new int[rows + 1];
    ring = rows;
    next[ring] = ring;
    previous[ring] = ring;
  }

  int longestUnused() {
    return next[ring] == ring ? NONE : next[ring];
  }

  /** Adds a row as the last used. */
  void add(int row) {
    previous[row] = previous[ring];
    next[row] = ring;
    next[previous[ring]] = row;
    previous[ring] = row;
  }

  void remove(int row) {
    next[previous[row]] = next[row];
    previous[next[row]] = previous[row];
  }

  void used(int row) {
    if (previous[ring] != row) {
      remove(row);
      add(row);
    }
  }
}
