package dev.rill.flink;

import java.util.List;
import java.util.stream.LongStream;

/** A record of the tests, made of its number: some time steps of a key. A POJO of Flink's. */
public final class Event {
  static final int IN = 3;

  public long number;
  public int key;
  public long time;
  /** Inputs, [steps][3]. */
  public float[] x;

  public Event() {}

  /** The same for the same number: keys in no order, 1 to 3 steps. */
  static Event of(long number, int keys) {
    long bits = mix(number);
    return of(number, (int) Math.floorMod(bits, (long) keys), (bits >>> 40) % 5 == 0 ? 3 : 1);
  }

  static Event of(long number, int key, int steps) {
    Event event = new Event();
    event.number = number;
    event.key = key;
    event.time = number;
    event.x = new float[steps * IN];
    for (int i = 0; i < event.x.length; i++) {
      event.x[i] = (mix(number * 31 + i) >> 40) / (float) (1 << 23);
    }
    return event;
  }

  static List<Event> list(long from, long to, int keys) {
    return LongStream.range(from, to).mapToObj(number -> Event.of(number, keys)).toList();
  }

  /** Of one key, a step at each of some times. */
  static List<Event> ofKey(int key, long... times) {
    return LongStream.of(times).mapToObj(time -> Event.of(time, key, 1)).toList();
  }

  int steps() {
    return x.length / IN;
  }

  private static long mix(long n) {
    long z = (n + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
