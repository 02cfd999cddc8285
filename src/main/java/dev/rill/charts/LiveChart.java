package dev.rill.charts;

import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.training.Callback;
import dev.rill.training.FitContext;
import dev.rill.training.Logs;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A figure over the epochs of a training run, drawn with letters as it goes: {@code o} training, {@code x} validation, {@code *}
 * both. On a terminal the chart is drawn over after every epoch; elsewhere once, at the end. Switch the bar off beside it:
 * {@code fit} with a verbosity of 0.
 */
public final class LiveChart extends Callback {
  private static final int ROWS = 12;
  private static final int COLUMNS = 64;
  private static final String INDENT = " ".repeat(9);
  private static final String UP = "\u001b[%dA";
  private static final String CLEAR_LINE = "\u001b[K";

  private final PrintStream out;
  private final boolean live;
  private final String figure;
  private final List<Double> training = new ArrayList<>();
  private final List<Double> validation = new ArrayList<>();
  private int shown;

  /**
   * Draws the loss on a stream.
   *
   * @param out where, such as {@code System.out}
   * @param live whether it is a terminal that knows the usual escape sequences
   */
  public LiveChart(PrintStream out, boolean live) {
    this(out, live, "loss");
  }

  /**
   * Draws a figure on a stream.
   *
   * @param out where, such as {@code System.out}
   * @param live whether it is a terminal that knows the usual escape sequences
   * @param figure such as {@code accuracy}; what logs do not hold is not drawn
   */
  public LiveChart(PrintStream out, boolean live, String figure) {
    this.out = Require.given(out, "the stream");
    this.live = live;
    this.figure = Require.given(figure, "the figure");
  }

  @Override
  public void onTrainBegin(FitContext run) {
    training.clear();
    validation.clear();
    shown = 0;
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    training.add(logs.has(figure) ? logs.get(figure) : Double.NaN);
    validation.add(logs.has("val_" + figure) ? logs.get("val_" + figure) : Double.NaN);
    if (live) {
      draw(run);
    }
  }

  @Override
  public void onTrainEnd(FitContext run, Logs logs) {
    if (!live && !training.isEmpty()) {
      draw(run);
    }
  }

  private void draw(FitContext run) {
    String chart = new TextChart(ROWS, COLUMNS).series('o', array(training)).series('x', array(validation)).text()
        + INDENT + PlainText.shown(figure) + " after epoch " + (run.epoch() + 1) + " of " + run.epochs()
        + "   o training   x validation   * both";
    if (shown > 0) {
      out.print(String.format(UP, shown));
    }
    shown = 0;
    for (String line : chart.split("\n")) {
      out.println(line + (live ? CLEAR_LINE : ""));
      shown++;
    }
    out.flush();
  }

  private static double[] array(List<Double> values) {
    double[] array = new double[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
