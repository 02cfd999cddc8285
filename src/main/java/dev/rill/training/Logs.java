package dev.rill.training;

import dev.rill.tensor.PlainText;
import dev.rill.tensor.RillException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named figures in order: the loss, metrics, what callbacks add. Mutable, so that a model can hand out the same object for every
 * batch without allocating; {@link #copy()} keeps one.
 */
public final class Logs {
  private String[] names = new String[4];
  private double[] values = new double[4];
  private int size;

  /** Creates logs without a figure. */
  public Logs() {}

  /**
   * Sets a figure; a new name goes behind all others.
   *
   * @param name such as {@code loss}
   * @param value its value
   * @return this
   */
  public Logs put(String name, double value) {
    int at = find(name);
    if (at < 0) {
      if (size == names.length) {
        names = Arrays.copyOf(names, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      at = size++;
      names[at] = name;
    }
    values[at] = value;
    return this;
  }

  /**
   * One figure.
   *
   * @param name its name
   * @return its value
   * @throws RillException if there is none of this name
   */
  public double get(String name) {
    int at = find(name);
    if (at < 0) {
      throw new RillException("the logs hold no " + name + "; they hold " + names());
    }
    return values[at];
  }

  /**
   * Whether there is a figure.
   *
   * @param name its name
   * @return true if it has a value
   */
  public boolean has(String name) {
    return find(name) >= 0;
  }

  private int find(String name) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The names in order.
   *
   * @return a copy
   */
  public List<String> names() {
    return List.of(Arrays.copyOf(names, size));
  }

  /**
   * Names and values in order.
   *
   * @return a copy
   */
  public Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      map.put(names[i], values[i]);
    }
    return map;
  }

  /**
   * These figures as they are now.
   *
   * @return logs of their own memory
   */
  public Logs copy() {
    return new Logs().putAll("", this);
  }

  /** Sets every figure of others, under their names with something in front. */
  Logs putAll(String prefix, Logs others) {
    for (int i = 0; i < others.size; i++) {
      put(prefix + others.names[i], others.values[i]);
    }
    return this;
  }

  /** Returns names and values: {@code {loss=0.25, accuracy=0.5}}. */
  @Override
  public String toString() {
    return PlainText.shown(toMap().toString());
  }
}
