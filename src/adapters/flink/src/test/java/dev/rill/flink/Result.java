package dev.rill.flink;

import java.util.Arrays;

/** What an event came to. A POJO of Flink's. */
public final class Result {
  public long number;
  public int key;
  public int weights;
  /** Outputs, [steps][2]. */
  public float[] y;

  public Result() {}

  static Result of(Event event, float[] y, int weights) {
    Result result = new Result();
    result.number = event.number;
    result.key = event.key;
    result.weights = weights;
    result.y = Arrays.copyOf(y, event.steps() * Models.OUT);
    return result;
  }

  /** One line: all bits. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder().append(number).append(' ').append(key).append(' ').append(weights);
    for (float value : y) {
      line.append(' ').append(Integer.toHexString(Float.floatToRawIntBits(value)));
    }
    return line.toString();
  }
}
