package dev.rill.engine.ops;

/**
 * The sections of a batch's rows: the gradient of a weight is a sum of each section's own. They follow from rows and steps alone, so
 * that no bit depends on threads, which get whole ones.
 */
public final class RowSections {
  /** (time, row) below which a sum of its own costs more than threads save. */
  private static final int CELLS = 128;

  private int rows;
  private int count;

  /**
   * Cuts a batch: two sections from 8 rows on, four from 32, eight from 128; but no more than leave each 128 (time, row).
   *
   * @param rows of the batch
   * @param steps of its longest input
   */
  public void cut(int rows, int steps) {
    this.rows = rows;
    count = rows < 8 ? 1 : rows < 32 ? 2 : rows < 128 ? 4 : 8;
    while (count > 1 && (long) rows * steps < (long) count * CELLS) {
      count /= 2;
    }
  }

  /** Rows of the batch. */
  public int rows() {
    return rows;
  }

  /** How many sections there are. */
  public int count() {
    return count;
  }

  /** The first row of a section, a multiple of 4; of the one behind the last, how many rows there are. */
  public int first(int section) {
    return section == count ? rows : (int) ((long) rows * section / count) & -4;
  }

  /** The most rows that one has. */
  public int longest() {
    int longest = 0;
    for (int section = 0; section < count; section++) {
      longest = Math.max(longest, first(section + 1) - first(section));
    }
    return longest;
  }
}
