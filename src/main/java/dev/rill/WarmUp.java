package dev.rill;

import java.time.Duration;

/** What a warm-up did. */
public record WarmUp() {
  static WarmUp run(Network network, Duration budget) {
    return new WarmUp();
  }
}
