package dev.rill.training;

/** Which of two values of a figure is the better one. */
public enum Mode {
  /** As the figure's name says: less of a loss, more of an accuracy. */
  AUTO,
  /** The smaller. */
  MIN,
  /** The larger. */
  MAX
}
