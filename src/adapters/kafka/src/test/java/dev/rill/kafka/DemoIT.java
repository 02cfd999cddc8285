package dev.rill.kafka;

import org.junit.jupiter.api.Test;

/** The command {@code demo} does what it says. */
class DemoIT {
  @Test
  void nothingIsLostWhenWhatComputesIsKilled() throws Exception {
    Demo.main(new String[0]);
  }
}
