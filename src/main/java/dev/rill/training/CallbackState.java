package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.StateException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a callback remembers: numbers, weights and texts by name. A {@link Checkpoint} keeps it, so that training that is
 * interrupted goes on as if it had not been.
 *
 * <pre>{@code
 * public CallbackState state() {
 *   return new CallbackState().put("worst", worst);
 * }
 *
 * public void restore(CallbackState state) {
 *   worst = state.number("worst");
 * }
 * }</pre>
 */
public final class CallbackState {
  /** {@code double[]}, {@code float[]} or {@link String}, in the order in which they were put in. */
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Creates a state that holds nothing. */
  public CallbackState() {}

  /**
   * Sets numbers.
   *
   * @param name what they are
   * @param numbers one, or as many as there are; copied
   * @return this
   */
  public CallbackState put(String name, double... numbers) {
    values.put(name, Require.given(numbers, "the numbers").clone());
    return this;
  }

  /**
   * Sets floats, weights for instance.
   *
   * @param name what they are
   * @param floats copied
   * @return this
   */
  public CallbackState put(String name, float[] floats) {
    values.put(name, Require.given(floats, "the floats").clone());
    return this;
  }

  /**
   * Sets a text.
   *
   * @param name what it is
   * @param text any text
   * @return this
   */
  public CallbackState put(String name, String text) {
    values.put(name, text);
    return this;
  }

  /**
   * Whether there is a value.
   *
   * @param name what it is
   * @return true if it was set
   */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * One number.
   *
   * @param name what it is
   * @return its value
   * @throws StateException if there is no such number, or several
   */
  public double number(String name) {
    double[] numbers = get(name, double[].class, "number");
    if (numbers.length != 1) {
      throw new StateException("expected one number " + name + ", found " + numbers.length);
    }
    return numbers[0];
  }

  /**
   * One integer.
   *
   * @param name what it is
   * @return its value
   * @throws StateException if there is no such number, or it is no integer
   */
  public int integer(String name) {
    double number = number(name);
    if (number != (int) number) {
      throw new StateException("expected an integer " + name + ", found " + number);
    }
    return (int) number;
  }

  /**
   * Numbers.
   *
   * @param name what they are
   * @return a copy
   * @throws StateException if there are none of this name
   */
  public double[] numbers(String name) {
    return get(name, double[].class, "numbers").clone();
  }

  /**
   * Floats.
   *
   * @param name what they are
   * @return a copy
   * @throws StateException if there are none of this name
   */
  public float[] floats(String name) {
    return get(name, float[].class, "floats").clone();
  }

  /**
   * A text.
   *
   * @param name what it is
   * @return the text
   * @throws StateException if there is none of this name
   */
  public String text(String name) {
    return get(name, String.class, "text");
  }

  private <T> T get(String name, Class<T> type, String what) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new StateException(Checkpoint.brief("expected the " + what + " " + name + " in what a callback remembers, found "
          + values.keySet()));
    }
    return type.cast(value);
  }

  /** Names and values themselves, in order. */
  Map<String, Object> values() {
    return values;
  }

  /** The same values, which later ones do not change. */
  CallbackState copy() {
    CallbackState copy = new CallbackState();
    copy.values.putAll(values);
    return copy;
  }

  /** Returns the names of what it holds. */
  @Override
  public String toString() {
    return "state of a callback: " + values.keySet();
  }
}
