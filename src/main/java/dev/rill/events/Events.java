package dev.rill.events;

/**
 * Events for the JVM's flight recorder (JFR), under {@code dev.rill}. This class itself tells nobody: it stands for a JVM without
 * JFR, or one that does not record. An object is for one thread at a time, as events are used over and over; keys appear as hashes.
 */
public class Events {
  /** Tells nobody. */
  public static final Events NONE = new Events();

  /** For those who record, and for nobody else: the recorder's classes take a good part of a second to load. */
  Events() {}

  /**
   * Events of this moment: ask again later, as recording may begin at any time. Costs a nanosecond.
   *
   * @return an object that tells the recorder, or {@link #NONE}
   */
  public static Events create() {
    return Presence.PRESENT && FlightRecorderAccess.isInitialized() ? FlightRecorderAccess.create() : NONE;
  }

  /**
   * These events, or those that a recorder wants by now: to be asked for before each use of an object that is kept.
   *
   * @return this, if it tells the recorder
   */
  public Events current() {
    return create();
  }

  private static final class Presence {
    static final boolean PRESENT = isPresent();

    private static boolean isPresent() {
      try {
        FlightRecorderAccess.isInitialized();
        return true;
      } catch (LinkageError e) {
        return false;
      }
    }
  }

  /** A batch begins. */
  public void beginBatch() {}

  /**
   * The batch that was begun has ended.
   *
   * @param shard its number
   * @param rows streams in it
   * @param pending requests that are not done
   * @param oldestWait nanoseconds that the request waited which waited longest
   */
  public void endBatch(int shard, int rows, int pending, long oldestWait) {}

  /**
   * A stream has left.
   *
   * @param cause why: ended, idle or stored
   * @param key hash of its key
   * @param age nanoseconds since it came
   * @param steps since it came
   */
  public void streamEnd(String cause, int key, long age, long steps) {}

  /**
   * A request was refused.
   *
   * @param cause why
   * @param key hash of its key
   */
  public void reject(String cause, int key) {}

  /**
   * A snapshot was written.
   *
   * @param streams in it
   * @param bytes of the file
   * @param incremental whether it goes on from another
   * @param elapsed nanoseconds
   */
  public void snapshot(long streams, long bytes, boolean incremental, long elapsed) {}

  /**
   * Streams were taken in from files.
   *
   * @param streams how many
   * @param files how many
   * @param elapsed nanoseconds
   */
  public void restore(long streams, int files, long elapsed) {}

  /**
   * Other weights have taken over.
   *
   * @param from fingerprint of those before
   * @param to fingerprint of those now
   * @param carry what became of the states
   * @param elapsed nanoseconds, the probe included
   */
  public void swap(int from, int to, String carry, long elapsed) {}

  /**
   * SIMD kernels have taken over, or it is known that they will not.
   *
   * @param kernels what runs now and why
   * @param elapsed nanoseconds since the warm-up began
   */
  public void handOver(String kernels, long elapsed) {}

  /**
   * A model was loaded for serving.
   *
   * @param file its name
   * @param weightBytes memory of its weights
   * @param elapsed nanoseconds
   */
  public void modelLoad(String file, long weightBytes, long elapsed) {}

  /**
   * Figures of a pool, asked for from time to time by {@link #addPeriodic}.
   *
   * @param shard its number
   * @param streams in memory
   * @param maxStreams room for them
   * @param pending requests that are not done
   */
  public void pool(int shard, int streams, int maxStreams, int pending) {}

  /**
   * Has {@link #pool} called as often as the recording says.
   *
   * @param hook calls it
   */
  public void addPeriodic(Runnable hook) {}

  /**
   * Ends that.
   *
   * @param hook what was added
   */
  public void removePeriodic(Runnable hook) {}
}
