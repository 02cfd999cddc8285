package dev.rill.serving;

import dev.rill.Session;
import java.util.BitSet;

/** Rows whose states are of weights that were replaced, and that begin anew when they are next used: so a swap takes no time. */
final class StaleRows {
  static final StaleRows NONE = new StaleRows(0, false);

  private final BitSet rows;
  private final boolean replay;

  StaleRows(int count, boolean replay) {
    rows = new BitSet(count);
    rows.set(0, count);
    this.replay = replay;
  }

  boolean has(int row) {
    return rows.get(row);
  }

  void clear(int row) {
    rows.clear(row);
  }

  void renew(int row, Session session, InputHistory history) {
    rows.clear(row);
    session.reset(row);
    if (replay) {
      history.replay(session, row);
    }
  }
}
