package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JSON object: named members in their order.
 *
 * <p>An object knows where it stands in its document ({@link #place()}) as soon as it has been reached from the
 * root through {@link #object(String)} and {@link #array(String)}; every accessor that finds something else than
 * it was asked for throws a {@link FormatException} that names the place. A default stands in for a member that is
 * absent, never for one that is null: Keras writes null on purpose ({@code "activation": null}); see {@link #isNull}.
 */
public final class JsonObject implements JsonValue {
  /** No members. */
  public static final JsonObject EMPTY = new JsonObject(Map.of(), "$");

  private final Map<String, JsonValue> members;
  private final String place;

  /** The map becomes the object's own. */
  JsonObject(Map<String, JsonValue> members, String place) {
    this.members = members;
    this.place = place;
  }

  /**
   * This object with one more member, or another value for one that it has; costs a copy of the members.
   *
   * @param name of the member
   * @param value of the member
   * @return a new object
   */
  public JsonObject with(String name, JsonValue value) {
    Map<String, JsonValue> more = new LinkedHashMap<>(members);
    more.put(Require.given(name, "the name of a JSON member"), Require.given(value, "the value of a JSON member"));
    return new JsonObject(more, place);
  }

  /**
   * This object with a member that is a string.
   *
   * @param name of the member
   * @param value its characters
   * @return a new object
   */
  public JsonObject with(String name, String value) {
    return with(name, new JsonString(value));
  }

  /**
   * This object with a member that is an integer.
   *
   * @param name of the member
   * @param value its number
   * @return a new object
   */
  public JsonObject with(String name, int value) {
    return with(name, JsonNumber.of(value));
  }

  /**
   * This object with a member that is a floating-point number.
   *
   * @param name of the member
   * @param value its number
   * @return a new object
   */
  public JsonObject with(String name, double value) {
    return with(name, JsonNumber.of(value));
  }

  /**
   * This object with a member that is true or false.
   *
   * @param name of the member
   * @param value its truth value
   * @return a new object
   */
  public JsonObject with(String name, boolean value) {
    return with(name, new JsonBool(value));
  }

  /**
   * This object with members that are null, Python's None.
   *
   * @param names of the members
   * @return a new object
   */
  public JsonObject withNull(String... names) {
    Map<String, JsonValue> more = new LinkedHashMap<>(members);
    for (String name : Require.all(names, "the names of JSON members")) {
      more.put(name, new JsonNull());
    }
    return new JsonObject(more, place);
  }

  /**
   * This object without a member; costs a copy of the members.
   *
   * @param name of the member
   * @return a new object
   */
  public JsonObject without(String name) {
    Map<String, JsonValue> fewer = new LinkedHashMap<>(members);
    fewer.remove(name);
    return new JsonObject(fewer, place);
  }

  /**
   * The same members at another place.
   *
   * @param where what messages shall call this object
   * @return a view that shares the members
   */
  JsonObject at(String where) {
    return new JsonObject(members, where);
  }

  /**
   * Where this object stands, such as {@code config.json: $.config.layers[2].config}.
   *
   * @return the document's name and the path
   */
  public String place() {
    return place;
  }

  /**
   * Where a member stands.
   *
   * @param name of a member, present or not
   * @return the document's name and the path
   */
  public String place(String name) {
    return place + '.' + name;
  }

  /**
   * The names of the members in their order.
   *
   * @return an unmodifiable view
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  /**
   * The members that a reader does not know, so that it can refuse them.
   *
   * @param known the names that it knows
   * @return all other names, in their order
   */
  public List<String> namesOtherThan(String... known) {
    List<String> names = Arrays.asList(Require.given(known, "the known names"));
    List<String> others = new ArrayList<>();
    for (String name : members.keySet()) {
      if (!names.contains(name)) {
        others.add(name);
      }
    }
    return others;
  }

  /**
   * Whether there is such a member, null included.
   *
   * @param name of the member
   * @return true if it is present
   */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /**
   * Whether a member is null or absent.
   *
   * @param name of the member
   * @return true if there is no value
   */
  public boolean isNull(String name) {
    JsonValue value = members.get(name);
    return value == null || value instanceof JsonNull;
  }

  /**
   * A member of any kind.
   *
   * @param name of the member
   * @return its value; an object or array knows its place
   * @throws FormatException if it is absent
   */
  public JsonValue get(String name) {
    JsonValue value = members.get(name);
    if (value == null) {
      throw new FormatException(place(name) + ": expected a member of this name, found only " + shown());
    }
    if (value instanceof JsonObject object) {
      return object.at(place(name));
    }
    return value instanceof JsonArray array ? array.at(place(name)) : value;
  }

  /**
   * A member that is an object.
   *
   * @param name of the member
   * @return the object
   * @throws FormatException if it is absent or something else
   */
  public JsonObject object(String name) {
    return JsonTypes.object(get(name), place(name));
  }

  /**
   * A member that is an array.
   *
   * @param name of the member
   * @return the array
   * @throws FormatException if it is absent or something else
   */
  public JsonArray array(String name) {
    return JsonTypes.array(get(name), place(name));
  }

  /**
   * A member that is a string.
   *
   * @param name of the member
   * @return its characters
   * @throws FormatException if it is absent or something else
   */
  public String string(String name) {
    return JsonTypes.string(get(name), place(name));
  }

  /**
   * A member that is a string, if it is there.
   *
   * @param name of the member
   * @param absent the value if there is no such member
   * @return its characters
   * @throws FormatException if it is something else, null included
   */
  public String string(String name, String absent) {
    return has(name) ? string(name) : absent;
  }

  /**
   * A member that is written as an integer.
   *
   * @param name of the member
   * @return the integer
   * @throws FormatException if it is absent, something else, or beyond 32 bits
   */
  public int integer(String name) {
    return JsonTypes.integer(get(name), place(name));
  }

  /**
   * A member that is written as an integer, if it is there.
   *
   * @param name of the member
   * @param absent the value if there is no such member
   * @return the integer
   * @throws FormatException if it is something else, null included, or beyond 32 bits
   */
  public int integer(String name, int absent) {
    return has(name) ? integer(name) : absent;
  }

  /**
   * A member that is written as an integer.
   *
   * @param name of the member
   * @return the integer
   * @throws FormatException if it is absent, something else, or beyond 64 bits
   */
  public long longInteger(String name) {
    return JsonTypes.longInteger(get(name), place(name));
  }

  /**
   * A member that is a number.
   *
   * @param name of the member
   * @return the nearest double
   * @throws FormatException if it is absent or something else
   */
  public double number(String name) {
    return JsonTypes.number(get(name), place(name));
  }

  /**
   * A member that is a number, if it is there.
   *
   * @param name of the member
   * @param absent the value if there is no such member
   * @return the nearest double
   * @throws FormatException if it is something else, null included
   */
  public double number(String name, double absent) {
    return has(name) ? number(name) : absent;
  }

  /**
   * A member that is true or false.
   *
   * @param name of the member
   * @return its truth value
   * @throws FormatException if it is absent or something else
   */
  public boolean bool(String name) {
    return JsonTypes.bool(get(name), place(name));
  }

  /**
   * A member that is true or false, if it is there.
   *
   * @param name of the member
   * @param absent the value if there is no such member
   * @return its truth value
   * @throws FormatException if it is something else, null included
   */
  public boolean bool(String name, boolean absent) {
    return has(name) ? bool(name) : absent;
  }

  @Override
  public String describe() {
    return "an object";
  }

  Map<String, JsonValue> members() {
    return members;
  }

  private String shown() {
    if (members.isEmpty()) {
      return "an empty object";
    }
    StringBuilder text = new StringBuilder();
    for (String name : members.keySet()) {
      if (text.length() > 200) {
        return text.append(", ...").toString();
      }
      text.append(text.length() == 0 ? "" : ", ").append(name.length() <= 40 ? name : name.substring(0, 40) + "...");
    }
    return text.toString();
  }

  /** Returns its members' names and where it stands. */
  @Override
  public String toString() {
    return "object of " + names() + " at " + place;
  }
}
