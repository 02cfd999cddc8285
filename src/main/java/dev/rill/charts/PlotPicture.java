package dev.rill.charts;

import java.util.List;

/** Plots, one above the other. */
final class PlotPicture extends Picture {
  private final String title;
  private final List<Plot> plots;

  PlotPicture(String title, List<Plot> plots) {
    this.title = title;
    this.plots = plots;
  }

  @Override
  public String svg() {
    return Plot.svg(plots, title);
  }

  @Override
  public String html() {
    return Page.of(title, plots.stream().map(Plot::svg).toList());
  }
}
