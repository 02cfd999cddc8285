package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;

/**
 * What a layer or model may be called: anything that Keras can write and read again, print on one line and find by a path. So a name
 * is not empty and has no slash, no control character and no half of a surrogate pair.
 */
public final class LayerName {
  private LayerName() {}

  /**
   * Refuses a name that Keras could not keep.
   *
   * @param name null for none
   * @return the name
   * @throws RillException if it is empty or has a character that is not allowed
   */
  public static String check(String name) {
    if (name != null && !cleaned(name).equals(name)) {
      throw new RillException("the name " + (name.isEmpty() ? "of a layer or model is empty" : cleaned(name)
          + " has a slash, a control character or half a surrogate pair where a low line stands here")
          + ": Keras does not take such a name, give another one");
    }
    return name;
  }

  /**
   * The nearest name that is allowed.
   *
   * @param name any
   * @return the same with a low line for each character that is not allowed, and for no character at all
   */
  public static String cleaned(String name) {
    if (Require.given(name, "the name").isEmpty()) {
      return "_";
    }
    StringBuilder cleaned = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean pair = Character.isHighSurrogate(c) && i + 1 < name.length() && Character.isLowSurrogate(name.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == '/' || Character.isISOControl(c) || Character.isSurrogate(c)) {
        cleaned.setCharAt(i, '_');
      }
    }
    return cleaned.toString();
  }
}
