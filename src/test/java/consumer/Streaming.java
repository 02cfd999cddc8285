package consumer;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;

/** A program outside Rill that uses it as a module: prints which kernels run. */
public final class Streaming {
  private Streaming() {}

  public static void main(String... args) {
    Network network = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new LSTM(3)).freeze();
    Session session = network.session(1);
    session.step(new float[] {1, 2}, new float[3]);
    System.out.println(Network.class.getModule().isNamed() + " " + network.describe());
  }
}
