package dev.rill.cli;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.Objectives;
import dev.rill.training.RMSprop;
import dev.rill.training.TrainingThreads;
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
 * @param training the compiled model if what is measured is its training, else null
 */
record Workload(String name, Network network, Graph graph, int rows, int steps, Model training) {
  /** A model of one layer that gives its output at every step, of random weights. */
  static Workload layer(String name, int inputs, int units, int rows, int steps, Precision precision) {
    return of(name, Sequential.of(Input.shape(Shape.UNKNOWN, inputs), cell(name, units, true)), rows, steps, precision);
  }

  private static Layer cell(String name, int units, boolean sequences) {
    return switch (name) {
      case "lstm" -> new LSTM(units).returnSequences(sequences);
      case "gru" -> new GRU(units).returnSequences(sequences);
      case "simplernn" -> new SimpleRNN(units).returnSequences(sequences);
      default -> throw new UsageException("--layer: expected lstm, gru or simplernn, got " + name);
    };
  }

  /** A model of a file. */
  static Workload model(Path file, int rows, int steps, Precision precision) throws IOException {
    return of(PlainText.shown(String.valueOf(file.getFileName())), Model.load(file), rows, steps, precision);
  }

  private static Workload of(String name, Model model, int rows, int steps, Precision precision) {
    return new Workload(name, model.freeze(precision), model.graph(), rows, steps, null);
  }

  /** One layer and a softmax of as many outputs as there are inputs on its last step, with RMSprop. */
  static Workload training(String name, int inputs, int units, int rows, int steps, TrainingThreads threads) {
    Model model = Sequential.of(Input.shape(steps, inputs), cell(name, units, false), new Dense(inputs).activation("softmax"));
    model.initialize(1);
    model.compile(new RMSprop(), Objectives.of(new CategoricalCrossentropy()), threads);
    return new Workload(name, model.freeze(), model.graph(), rows, steps, model);
  }

  /** Features of the first input. */
  int inputs() {
    return network.inputFeatures(0);
  }

  /** Units of the first recurrent layer, or features of the first output if there is none. */
  int units() {
    return network.planes().isEmpty() ? network.outputFeatures(0) : network.planes().get(0).units();
  }

  /** What a call runs through: {@code 64 -> LSTM 128 -> Dense 10}, the last axis of what each layer gives. */
  String layers() {
    StringBuilder layers = new StringBuilder();
    for (Graph.Node node : graph.nodes()) {
      Layer layer = node.layer();
      layers.append(layers.isEmpty() ? "" : " -> ").append(layer.isInput() ? "" : layer.getClass().getSimpleName() + " ")
          .append(node.outputs().get(0).axis(-1));
    }
    return layers.toString();
  }

  double flops() {
    // Backward takes two products for each of forward's.
    return Flops.of(graph, rows, steps) * (training == null ? 1 : 3);
  }

  /** A session, or the training, on data of its own. */
  Calls calls() {
    return training == null ? new Stepping(this) : new Updating(this);
  }

  /** One call after the other. */
  abstract static class Calls {
    /** Makes some: the loop is in here, so that short calls are timed and not the way to them. */
    abstract void make(int count);

    static Tensor[] tensors(Workload work, List<Graph.Ref> refs) {
      Tensor[] tensors = new Tensor[refs.size()];
      for (int i = 0; i < tensors.length; i++) {
        Shape shape = work.graph.shape(refs.get(i)).with(0, work.rows);
        boolean sequence = shape.rank() == 3 || work.graph.ids(refs.get(i));
        tensors[i] = Tensor.zeros((sequence ? shape.with(1, work.steps) : shape).toArray());
      }
      return tensors;
    }

    static void fill(Tensor[] x) {
      SplittableRandom random = new SplittableRandom(1);
      for (Tensor tensor : x) {
        for (int i = 0; i < tensor.size(); i++) {
          tensor.array()[i] = (float) (2 * random.nextDouble() - 1);
        }
      }
    }
  }

  /** Updates of one model. */
  private static final class Updating extends Calls {
    private final Model model;
    private final Batch batch;

    Updating(Workload work) {
      model = work.training;
      Tensor[] in = tensors(work, work.graph.inputs());
      Tensor[] out = tensors(work, work.graph.outputs());
      fill(in);
      for (int row = 0; row < work.rows; row++) {
        out[0].set(row, row % out[0].shape().axis(-1), 1);
      }
      batch = Batch.of(List.of(in), List.of(out));
    }

    @Override
    void make(int count) {
      for (int i = 0; i < count; i++) {
        model.trainOnBatch(batch);
      }
    }
  }

  /** Calls of one session; nothing is allocated. */
  private static final class Stepping extends Calls {
    private final Session session;
    private final int steps;
    private final Tensor[] x;
    private final Tensor[] y;
    private final float[] in;
    private final float[] out;

    Stepping(Workload work) {
      session = work.network.session(work.rows);
      steps = work.steps;
      x = tensors(work, work.graph.inputs());
      y = tensors(work, work.graph.outputs());
      boolean single = x.length == 1 && y.length == 1;
      in = single ? x[0].array() : null;
      out = single ? y[0].array() : null;
      fill(x);
    }

    @Override
    void make(int count) {
      if (in == null) {
        for (int i = 0; i < count; i++) {
          session.step(x, y);
        }
      } else if (steps == 1) {
        for (int i = 0; i < count; i++) {
          session.step(in, out);
        }
      } else {
        for (int i = 0; i < count; i++) {
          session.run(steps, in, out);
        }
      }
    }
  }
}
