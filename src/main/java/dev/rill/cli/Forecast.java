package dev.rill.cli;

import dev.rill.Session;

/**
 * Forecasts of a series by a model that reads changes and foretells the next one: each step is given what has just
 * happened, and its output says what comes next.
 */
final class Forecast {
  private final DemoData data;
  private final Session session;
  private final float[] x = new float[1];
  private final float[] y = new float[1];
  /** The last value that the session has been shown. */
  private int now;

  /** Goes on behind a value that the session has already seen; 0 for a session that has seen none. */
  Forecast(DemoData data, Session session, int now) {
    this.data = data;
    this.session = session;
    this.now = now;
  }

  /** Shows the session one more value; returns the forecast for the one behind it. */
  double next() {
    double[] values = data.values();
    now++;
    x[0] = (float) ((values[now] - values[now - 1]) / data.scale());
    session.step(x, y);
    return values[now] + data.scale() * y[0];
  }

  /** Shows the session all values before some index, but for the last. */
  void history(int end) {
    while (now < end - 2) {
      next();
    }
  }

  /** Forecasts one step ahead for all values from the one behind the next. */
  double[] rest() {
    double[] forecasts = new double[data.values().length - now - 2];
    for (int i = 0; i < forecasts.length; i++) {
      forecasts[i] = next();
    }
    return forecasts;
  }
}
