package dev.rill.events;

import jdk.jfr.FlightRecorder;

/** The only class outside this package's recorded ones that names the recorder's; linked first where its absence is expected. */
final class FlightRecorderAccess {
  private FlightRecorderAccess() {}

  static boolean isInitialized() {
    return FlightRecorder.isInitialized();
  }

  static Events create() {
    return new RecordedEvents();
  }
}
