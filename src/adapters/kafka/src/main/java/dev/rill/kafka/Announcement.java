package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;

/**
 * Says which network is to be served: where it is, not what it is. As text, which any tool can write to the topic:
 * {@code KEEP 1a2b3c4d /models/forecast-7.keras}.
 *
 * @param carry what becomes of states that other weights wrote
 * @param weights fingerprint of the network's weights, as {@link Network#weightsFingerprint} gives it
 * @param address where the network is; what a {@link NetworkLoader} makes of it
 */
public record Announcement(Carry carry, int weights, String address) {
  /**
   * Announces a network.
   *
   * @param network what is at the address
   * @param carry what becomes of states that other weights wrote
   * @param address where it is
   * @return the announcement
   */
  public static Announcement of(Network network, Carry carry, String address) {
    return new Announcement(Require.given(carry, "what becomes of states of other weights"), network.weightsFingerprint(),
        Require.given(address, "the address"));
  }

  /**
   * Reads an announcement.
   *
   * @param text as {@link #toString} gives it
   * @return the announcement
   * @throws FormatException if it is no such text
   */
  public static Announcement parse(String text) {
    String[] parts = Require.given(text, "the announcement").split(" ", 3);
    try {
      if (parts.length == 3) {
        return new Announcement(Carry.valueOf(parts[0]), Integer.parseUnsignedInt(parts[1], 16), parts[2]);
      }
    } catch (IllegalArgumentException notSuchAText) {
      // Falls through to the one message for all of them.
    }
    throw new FormatException("the announcement '" + text + "': expected REFUSE, KEEP, RESET or REPLAY, the weights' fingerprint in "
        + "hexadecimal, and the address, with a blank between them");
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return carry + " " + String.format("%08x", weights) + " " + address;
  }
}
