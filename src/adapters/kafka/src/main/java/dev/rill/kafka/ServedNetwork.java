package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;

/**
 * The network that steps the streams of a topology's tasks in this process, and what becomes of states that other weights wrote. It can
 * be changed while records flow, from any thread: each task takes the next network up at its next record, and a stream is carried over
 * when its next record comes. A process that starts again starts with the network it is made with, unless a topic says otherwise, see
 * {@link NetworkTopic}, and does not begin where it cannot serve what that says. What each task has taken up is kept with its states, and
 * what becomes of a stream follows from that and from the weights that wrote it, see {@link dev.rill.serving.SwapHistory}, whatever
 * process steps it.
 */
public final class ServedNetwork {
  private final int keptInputs;
  private volatile Version version;
  /** Whether a task has begun here, or an announcement been served: from then on there is a network to go on with. */
  private boolean begun;
  /** Why the last announcement cannot be served where nothing has begun; null if it can, or if there is none. */
  private String unserved;

  /** A network and what it does with states of others; another object after each swap. */
  record Version(Network network, Carry carry) {}

  private ServedNetwork(Version version, int keptInputs) {
    this.version = version;
    this.keptInputs = keptInputs;
  }

  /**
   * Begins with a network that refuses states of other weights.
   *
   * @param network of one input and one output, that can be streamed
   * @return what swaps it
   */
  public static ServedNetwork of(Network network) {
    return of(network, Carry.REFUSE, 0);
  }

  /**
   * Begins with a network.
   *
   * @param network of one input and one output, that can be streamed
   * @param carry what becomes of states that are in the store and were written with other weights
   * @param keptInputs how many inputs of each stream are kept with its state, 4 bytes a feature each, for {@link Carry#REPLAY}; 0 for none
   * @return what swaps it
   * @throws dev.rill.tensor.ShapeException if it has several inputs or outputs
   * @throws StateException if it cannot be streamed
   * @throws RillException if states are to be replayed and no inputs are kept
   */
  public static ServedNetwork of(Network network, Carry carry, int keptInputs) {
    ServedNetwork served = new ServedNetwork(new Version(network, carry), Require.atLeast(keptInputs, 0, "inputs to keep"));
    served.streams(served.version);
    served.checkReplay(carry);
    return served;
  }

  /**
   * The network that steps from now on.
   *
   * @return the network
   */
  public Network network() {
    return version.network();
  }

  /**
   * Changes the network.
   *
   * @param next with inputs and outputs of the same width
   * @param carry what becomes of states that were written with other weights; {@link Carry#REFUSE} lets their records fail
   * @throws dev.rill.tensor.ShapeException if inputs or outputs differ
   * @throws StateException if it cannot be streamed, or keeps other states and these are to be kept; nothing has changed then
   * @throws RillException if states are to be replayed and no inputs are kept; nothing has changed then
   */
  public void swap(Network next, Carry carry) {
    swap(next, carry, carry == Carry.KEEP);
  }

  /** The same, whatever ran before: where each process may have seen another network, states alone say whether they can be kept. */
  void announce(Network next, Carry carry) {
    swap(next, carry, false);
  }

  /** A task begins. Not with another network than was announced: it would step streams with weights that were replaced long ago. */
  synchronized void begin() {
    if (unserved != null) {
      throw new StateException(unserved + "; this process has served none yet, and does not begin with the network that it was made "
          + "with: announce one that it can serve, or delete the announcement if that network is meant");
    }
    begun = true;
  }

  /** The last announcement cannot be served. */
  synchronized void announcedInVain(String why) {
    unserved = begun ? null : why;
  }

  /** The last announcement has been deleted. */
  synchronized void announcedNoMore() {
    unserved = null;
  }

  private synchronized void swap(Network next, Carry carry, boolean fits) {
    checkReplay(carry);
    streams(version).swap(next, fits ? Carry.KEEP : Carry.RESET);
    version = new Version(next, carry);
    begun = true;
    unserved = null;
  }

  private void checkReplay(Carry carry) {
    if (Require.given(carry, "what becomes of states of other weights") == Carry.REPLAY && keptInputs == 0) {
      throw new RillException("there are no inputs to replay: keep some, see ServedNetwork.of");
    }
  }

  Version version() {
    return version;
  }

  /** One row, for one thread. */
  StoredStreams streams(Version of) {
    return StoredStreams.of(of.network(), 1).keepInputs(keptInputs);
  }
}
