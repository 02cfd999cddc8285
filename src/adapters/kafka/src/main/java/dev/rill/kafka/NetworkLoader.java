package dev.rill.kafka;

import dev.rill.Network;
import java.io.IOException;

/** Fetches a network from where an {@link Announcement} says that it is. */
@FunctionalInterface
public interface NetworkLoader {
  /**
   * Loads a network; called on the thread that reads the announcements, while records flow.
   *
   * @param address the announcement's
   * @return the network
   * @throws IOException if it cannot be read
   */
  Network load(String address) throws IOException;
}
