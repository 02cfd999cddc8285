package dev.rill.engine;

import dev.rill.layers.AlphaDropout;
import dev.rill.layers.ELU;
import dev.rill.layers.GaussianDropout;
import dev.rill.layers.GaussianNoise;
import dev.rill.layers.Layer;
import dev.rill.layers.LeakyReLU;
import dev.rill.layers.ReLU;
import dev.rill.layers.Rearranged;
import dev.rill.layers.Rescaling;
import dev.rill.layers.Softmax;
import dev.rill.layers.SpatialDropout1D;
import dev.rill.tensor.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Layers that treat each element by itself, and those that join several inputs element by element, in double precision. */
final class DoubleElementwise {
  private DoubleElementwise() {}

  /**
   * One layer.
   *
   * @param output shape of what it gives
   */
  static DoubleNetwork.Values of(Layer layer, DoubleNetwork.Values x, Shape output) {
    if (layer instanceof Softmax) {
      return softmax(x);
    }
    if (layer instanceof Rearranged rearranged) {
      return rearranged(rearranged, x, output);
    }
    double[] y = x.data().clone();
    DoubleUnaryOperator function = function(layer);
    for (int i = 0; i < y.length; i++) {
      y[i] = function.applyAsDouble(y[i]);
    }
    return x.with(y, x.width());
  }

  private static DoubleUnaryOperator function(Layer layer) {
    if (layer instanceof ReLU relu) {
      double max = relu.max() == null ? Double.POSITIVE_INFINITY : relu.max();
      return x -> x > relu.threshold() ? Math.min(x, max) : relu.slope() * (x - relu.threshold());
    } else if (layer instanceof LeakyReLU relu) {
      return x -> x > 0 ? x : relu.slope() * x;
    } else if (layer instanceof ELU elu) {
      return x -> x > 0 ? x : elu.alpha() * Math.expm1(x);
    } else if (layer instanceof Rescaling rescaling) {
      return x -> x * rescaling.scale() + rescaling.offset();
    } else if (layer instanceof GaussianNoise || layer instanceof GaussianDropout || layer instanceof AlphaDropout
        || layer instanceof SpatialDropout1D) {
      return x -> x;
    }
    throw new IllegalArgumentException("no reference for layer " + layer.label());
  }

  private static DoubleNetwork.Values rearranged(Rearranged layer, DoubleNetwork.Values x, Shape output) {
    int size = x.steps() * x.width();
    int[] order = layer.order(Shape.of(1, x.steps(), x.width()));
    double[] y = new double[x.data().length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x.data()[i / size * size + (order == null ? i % size : order[i % size])];
    }
    int steps = output.rank() > 2 ? output.axis(1) : 1;
    return new DoubleNetwork.Values(y, steps, size / steps, null);
  }

  private static DoubleNetwork.Values softmax(DoubleNetwork.Values x) {
    double[] y = x.data().clone();
    for (int at = 0; at < y.length; at += x.width()) {
      double sum = 0;
      for (int j = at; j < at + x.width(); j++) {
        y[j] = Math.exp(y[j]);
        sum += y[j];
      }
      for (int j = at; j < at + x.width(); j++) {
        y[j] /= sum;
      }
    }
    return x.with(y, x.width());
  }

  /** An input of one step or feature at every one. */
  private static DoubleNetwork.Values repeated(DoubleNetwork.Values x, int rows, int steps, int width) {
    double[] y = new double[rows * steps * width];
    for (int i = 0; i < y.length; i++) {
      int step = x.steps() == 1 ? 0 : i / width % steps;
      y[i] = x.data()[(i / width / steps * x.steps() + step) * x.width() + (x.width() == 1 ? 0 : i % width)];
    }
    return new DoubleNetwork.Values(y, steps, width, x.keep());
  }

  private static double join(Layer layer, double a, double b) {
    return switch (layer.className()) {
      case "Add", "Average" -> a + b;
      case "Subtract" -> a - b;
      case "Multiply" -> a * b;
      case "Maximum" -> Math.max(a, b);
      case "Minimum" -> Math.min(a, b);
      default -> throw new IllegalArgumentException("no reference for layer " + layer.label());
    };
  }

  static DoubleNetwork.Values merged(Layer layer, List<DoubleNetwork.Values> given, int rows) {
    int steps = given.stream().mapToInt(DoubleNetwork.Values::steps).max().getAsInt();
    int width = given.stream().mapToInt(DoubleNetwork.Values::width).max().getAsInt();
    List<DoubleNetwork.Values> inputs = given.stream().map(x -> repeated(x, rows, steps, width)).toList();
    boolean heeds = List.of("Multiply", "Maximum", "Minimum").contains(layer.className());
    boolean masked = true;
    for (DoubleNetwork.Values input : inputs) {
      masked &= input.keep() != null;
    }
    boolean[] keep = masked ? new boolean[rows * steps] : null;
    double[] y = new double[rows * steps * width];
    for (int i = 0; i < y.length; i++) {
      double joined = Double.NaN;
      for (DoubleNetwork.Values input : inputs) {
        boolean counts = input.keep() == null || input.keep()[i / width];
        if (keep != null) {
          keep[i / width] |= counts;
        }
        if (counts || !heeds) {
          joined = Double.isNaN(joined) ? input.data()[i] : join(layer, joined, input.data()[i]);
        }
      }
      y[i] = !Double.isNaN(joined) ? joined : layer.className().equals("Multiply") ? 0 : inputs.get(0).data()[i];
    }
    for (int i = 0; layer.className().equals("Average") && i < y.length; i++) {
      y[i] /= inputs.size();
    }
    return new DoubleNetwork.Values(y, inputs.get(0).steps(), inputs.get(0).width(), keep);
  }
}
