package dev.rill.cli;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is measured: calls of some rows and steps on one network.
 *
 * @param name of the layer or the model's file
 * @param network shared by all threads
 * @param graph its structure
 * @param rows in a call
 * @param steps in a call
 */
record Workload(String name, Network network, Graph graph, int rows, int steps) {
  /** A model of one layer that gives its output at every step, of random weights. */
  static Workload layer(String name, int inputs, int units, int rows, int steps) {
    Layer layer = switch (name) {
      case "lstm" -> new LSTM(units).returnSequences(true);
      case "gru" -> new GRU(units).returnSequences(true);
      case "simplernn" -> new SimpleRNN(units).returnSequences(true);
      default -> throw new UsageException("--layer: expected lstm, gru or simplernn, got " + name);
    };
    return of(name, Sequential.of(Input.shape(Shape.UNKNOWN, inputs), layer), rows, steps);
  }

  /** A model of a file. */
  static Workload model(Path file, int rows, int steps) throws IOException {
    return of(file.getFileName().toString(), Model.load(file), rows, steps);
  }

  private static Workload of(String name, Model model, int rows, int steps) {
    return new Workload(name, model.freeze(), model.graph(), rows, steps);
  }

  /** Features of the first input. */
  int inputs() {
    return network.inputFeatures(0);
  }

  /** Units of the first recurrent layer, or features of the first output if there is none. */
  int units() {
    return graph.layers().stream().filter(layer -> layer instanceof Recurrent<?>).findFirst()
        .map(layer -> ((Recurrent<?>) layer).units()).orElse(network.outputFeatures(0));
  }

  double flops() {
    return Flops.of(graph, rows, steps);
  }

  /** A session of its own on data of its own. */
  Calls calls() {
    return new Calls(this);
  }

  /** One call after the other on one session; nothing is allocated. */
  static final class Calls {
    private final Session session;
    private final int steps;
    private final Tensor[] x;
    private final Tensor[] y;
    private final float[] in;
    private final float[] out;

    private Calls(Workload work) {
      session = work.network.session(work.rows);
      steps = work.steps;
      x = tensors(work, work.graph.inputs());
      y = tensors(work, work.graph.outputs());
      boolean single = x.length == 1 && y.length == 1;
      in = single ? x[0].array() : null;
      out = single ? y[0].array() : null;
      SplittableRandom random = new SplittableRandom(1);
      for (Tensor tensor : x) {
        for (int i = 0; i < tensor.size(); i++) {
          tensor.array()[i] = (float) (2 * random.nextDouble() - 1);
        }
      }
    }

    private static Tensor[] tensors(Workload work, List<Graph.Ref> refs) {
      Tensor[] tensors = new Tensor[refs.size()];
      for (int i = 0; i < tensors.length; i++) {
        Shape shape = work.graph.shape(refs.get(i)).with(0, work.rows);
        tensors[i] = Tensor.zeros((shape.rank() == 3 ? shape.with(1, work.steps) : shape).toArray());
      }
      return tensors;
    }

    void next() {
      if (in == null) {
        session.step(x, y);
      } else if (steps == 1) {
        session.step(in, out);
      } else {
        session.run(steps, in, out);
      }
    }
  }
}
