package dev.rill.kafka;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Small networks and inputs, the same in every process. */
final class Samples {
  static final int IN = 3;
  static final int OUT = 2;

  private Samples() {}

  static Network network(long seed) {
    return network(seed, 6);
  }

  static Network network(long seed, int units) {
    return model(seed, new LSTM(units).returnSequences(true), new SimpleRNN(5).returnSequences(true));
  }

  static Network lastStepOnly(long seed) {
    return model(seed, new LSTM(6).returnSequences(true), new SimpleRNN(5));
  }

  /** The second layer turns its state and never forgets: what a stream has read wrongly once stays wrong for ever. */
  private static Network model(long seed, LSTM first, SimpleRNN second) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), first, second.activation("linear"), new Dense(OUT));
    model.initialize(seed);
    return model.freeze();
  }

  /** Inputs of a key's steps, [steps][in], of bits that depend on key and step alone. */
  static float[] x(String key, int from, int steps) {
    float[] x = new float[steps * IN];
    for (int i = 0; i < x.length; i++) {
      int mixed = (key.hashCode() * 31 + from * IN + i) * 0x9E3779B9;
      x[i] = (mixed >> 8) * 0x1p-23f;
    }
    return x;
  }

  /** What a session of its own gives. */
  static float[] alone(Session session, float[] x) {
    float[] y = new float[x.length / IN * OUT];
    session.run(x.length / IN, x, y);
    return y;
  }

  /** Arrays of floats, which nobody changes once they are there. */
  static Serde<float[]> floats() {
    return Serdes.serdeFrom((topic, floats) -> floats == null ? null : bytes(floats), (topic, bytes) -> bytes == null ? null : floats(bytes));
  }

  static byte[] bytes(float... floats) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * floats.length);
    bytes.asFloatBuffer().put(floats);
    return bytes.array();
  }

  static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(floats);
    return floats;
  }

  static boolean sameBits(float[] a, float[] b) {
    return Arrays.equals(bytes(a), bytes(b));
  }
}
