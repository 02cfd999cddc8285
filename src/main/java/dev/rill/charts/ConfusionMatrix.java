package dev.rill.charts;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import java.util.List;

/** How often each class is taken for each: a row a target, a column a prediction, cells as dark as their share of the row. */
public final class ConfusionMatrix extends Picture {
  /** More would not be read. */
  private static final int MOST = 60;
  private static final int LEFT = 130;
  private static final int TOP = 96;

  private final String title;
  private final String[] names;
  private final long[][] counts;

  /**
   * Counts.
   *
   * @param title above it
   * @param targets indices of classes, or 1 for the right one of each row
   * @param predictions of as many rows, one number a class, or one number that tells of class 1
   * @param names of the classes, in order; none for their numbers
   * @throws RillException if shapes do not fit, a target is no class, or there are more classes than can be read
   */
  public ConfusionMatrix(String title, Tensor targets, Tensor predictions, String... names) {
    Scores scores = new Scores(targets, predictions);
    if (scores.classes > MOST) {
      throw new RillException("a confusion matrix of " + scores.classes + " classes: expected " + MOST + " at most");
    }
    if (Require.all(names, "the names").length != 0 && names.length != scores.classes) {
      throw new RillException("expected names of " + scores.classes + " classes, got " + names.length);
    }
    this.title = Require.given(title, "the title");
    this.names = new String[scores.classes];
    counts = new long[scores.classes][scores.classes];
    for (int c = 0; c < scores.classes; c++) {
      this.names[c] = names.length == 0 ? String.valueOf(c) : names[c];
    }
    for (int row = 0; row < scores.count; row++) {
      counts[scores.target(row)][scores.predicted(row)]++;
    }
  }

  /**
   * How often a class was taken for another.
   *
   * @param target the right class
   * @param predicted the class that was predicted
   * @return rows
   */
  public long count(int target, int predicted) {
    return counts[Require.index(target, counts.length, "class")][Require.index(predicted, counts.length, "class")];
  }

  @Override
  public String svg() {
    int n = counts.length;
    int cell = Math.max(14, Math.min(64, 560 / n));
    StringBuilder svg = new StringBuilder();
    Plot.text(svg, "title", 20, 28, "start", title);
    Plot.text(svg, "faint", LEFT + n * cell / 2.0, 52, "middle", "predicted");
    Plot.text(svg, "faint", LEFT - 8, TOP - 10, "end", "target");
    for (int target = 0; target < n; target++) {
      long all = 0;
      for (long count : counts[target]) {
        all += count;
      }
      Plot.text(svg, "faint", LEFT - 8, TOP + target * cell + cell / 2.0 + 4, "end", cut(names[target], 15));
      if (cell >= 20) {
        int raised = n > 8 ? target % 2 * 14 : 0;
        Plot.text(svg, "faint", LEFT + target * cell + cell / 2.0, TOP - 10 - raised, "middle", cut(names[target], 9));
      }
      for (int predicted = 0; predicted < n; predicted++) {
        double share = all == 0 ? 0 : (double) counts[target][predicted] / all;
        double x = LEFT + predicted * cell;
        double y = TOP + target * cell;
        svg.append(Plot.format("<g class=\"count\" data-target=\"%d\" data-predicted=\"%d\" data-count=\"%d\"><title>%s taken for %s: "
            + "%d of %d</title>", target, predicted, counts[target][predicted], Page.escape(names[target]),
            Page.escape(names[predicted]), counts[target][predicted], all));
        svg.append(Plot.format("<rect class=\"cell s%d\" fill-opacity=\"%.3f\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\"/>"
            + "<rect class=\"grid\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\"/>", target == predicted ? 0 : 1, share, x, y, cell,
            cell, x, y, cell, cell));
        if (cell >= 28) {
          Plot.text(svg, share > 0.7 ? "dark" : "", x + cell / 2.0, y + cell / 2.0 + 5, "middle",
              String.valueOf(counts[target][predicted]));
        }
        svg.append("</g>\n");
      }
    }
    return Plot.frame(Math.max(420, LEFT + n * cell + 20), TOP + n * cell + 20, title, svg);
  }

  private static String cut(String name, int length) {
    return name.length() > length ? name.substring(0, length - 1) + "…" : name;
  }

  @Override
  public String html() {
    return Page.of(title, List.of(svg()));
  }
}
