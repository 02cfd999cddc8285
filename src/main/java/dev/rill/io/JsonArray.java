package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import java.util.List;

/**
 * A JSON array. It knows where it stands in its document as {@link JsonObject} does, and its accessors throw
 * {@link FormatException} with that place when they find something else than they were asked for.
 */
public final class JsonArray implements JsonValue {
  private final List<JsonValue> values;
  private final String place;

  /** The list becomes the array's own. */
  JsonArray(List<JsonValue> values, String place) {
    this.values = values;
    this.place = place;
  }

  /**
   * Makes an array.
   *
   * @param values its elements; copied
   * @return the array
   */
  public static JsonArray of(List<? extends JsonValue> values) {
    return new JsonArray(List.copyOf(Require.all(values, "the elements of a JSON array")), "$");
  }

  JsonArray at(String where) {
    return new JsonArray(values, where);
  }

  /**
   * Where this array stands, such as {@code config.json: $.config.layers}.
   *
   * @return the document's name and the path
   */
  public String place() {
    return place;
  }

  /**
   * Where an element stands.
   *
   * @param index from 0
   * @return the document's name and the path
   */
  public String place(int index) {
    return place + '[' + index + ']';
  }

  /**
   * The number of elements.
   *
   * @return 0 or more
   */
  public int size() {
    return values.size();
  }

  /**
   * Whether an element is null.
   *
   * @param index from 0
   * @return true for null
   * @throws FormatException if there is no such element
   */
  public boolean isNull(int index) {
    return get(index) instanceof JsonNull;
  }

  /**
   * An element of any kind.
   *
   * @param index from 0
   * @return its value; an object or array knows its place
   * @throws FormatException if there is no such element
   */
  public JsonValue get(int index) {
    if (index < 0 || index >= values.size()) {
      throw new FormatException(place(index) + ": expected an element, the array has only " + values.size());
    }
    JsonValue value = values.get(index);
    if (value instanceof JsonObject object) {
      return object.at(place(index));
    }
    return value instanceof JsonArray array ? array.at(place(index)) : value;
  }

  /**
   * An element that is an object.
   *
   * @param index from 0
   * @return the object
   * @throws FormatException if it is absent or something else
   */
  public JsonObject object(int index) {
    return JsonTypes.object(get(index), place(index));
  }

  /**
   * An element that is an array.
   *
   * @param index from 0
   * @return the array
   * @throws FormatException if it is absent or something else
   */
  public JsonArray array(int index) {
    return JsonTypes.array(get(index), place(index));
  }

  /**
   * An element that is a string.
   *
   * @param index from 0
   * @return its characters
   * @throws FormatException if it is absent or something else
   */
  public String string(int index) {
    return JsonTypes.string(get(index), place(index));
  }

  /**
   * An element that is written as an integer.
   *
   * @param index from 0
   * @return the integer
   * @throws FormatException if it is absent, something else, or beyond 32 bits
   */
  public int integer(int index) {
    return JsonTypes.integer(get(index), place(index));
  }

  /**
   * An element that is a number.
   *
   * @param index from 0
   * @return the nearest double
   * @throws FormatException if it is absent or something else
   */
  public double number(int index) {
    return JsonTypes.number(get(index), place(index));
  }

  @Override
  public String describe() {
    return "an array of " + values.size();
  }

  List<JsonValue> values() {
    return values;
  }

  /** Returns how long it is and where it stands. */
  @Override
  public String toString() {
    return describe() + " at " + place;
  }
}
