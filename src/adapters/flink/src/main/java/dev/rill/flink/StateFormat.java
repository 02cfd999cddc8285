package dev.rill.flink;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Whose states they are.
 *
 * @param structure fingerprint of what a stream keeps
 * @param weights fingerprint of the weights
 * @param planes what a stream keeps, for people
 * @param carry what becomes of states of other weights; no part of what is written
 */
record StateFormat(int structure, int weights, String planes, Carry carry) implements Serializable {
  static StateFormat of(Network network, Carry carry) {
    return new StateFormat(network.structureFingerprint(), network.weightsFingerprint(), network.planes().toString(), carry);
  }

  /** Refuses what would be refused at the first record, before the job runs. */
  void check(StateFormat written) {
    boolean begins = carry == Carry.RESET || carry == Carry.REPLAY;
    if (written.structure != structure && !begins) {
      throw new StateException("the states were written by a network that keeps " + written.planes + ", this one keeps " + planes
          + ": they cannot go on; say carry(Carry.RESET) or REPLAY to begin them anew");
    }
    if (written.weights != weights && carry == Carry.REFUSE) {
      throw new StateException("the states were written with weights " + Integer.toHexString(written.weights) + ", these are "
          + Integer.toHexString(weights) + ": say carry(Carry.KEEP), RESET or REPLAY if that is meant");
    }
  }

  void write(DataOutputView out) throws IOException {
    out.writeInt(structure);
    out.writeInt(weights);
    out.writeUTF(planes);
  }

  /** Nothing that was read says what becomes of states. */
  static StateFormat read(DataInputView in) throws IOException {
    return new StateFormat(in.readInt(), in.readInt(), in.readUTF(), Carry.REFUSE);
  }
}
