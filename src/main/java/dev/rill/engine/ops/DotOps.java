package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.Dot;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;

/**
 * {@link Dot}: each product is one chain of multiply-adds in the order of the axis that is summed over, and is divided by the lengths
 * of its two vectors where that is asked for. A length is {@code max(sqrt(sum(x . x)), 1e-7)}, in double.
 */
public final class DotOps extends LayerOps {
  private static final double LEAST = 1e-7;

  private final Dot layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public DotOps(Dot layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  /**
   * How the numbers of a row are vectors along the axis that is summed over.
   *
   * @param length of a vector; unknown if it is that of the sequence
   * @param stride from an element of a vector to the next
   * @param width numbers of a step
   */
  private record Vectors(int length, int stride, int width) {
    static Vectors of(Shape shape, int axis, int width) {
      int stride = 1;
      for (int a = axis + 1; a < shape.rank(); a++) {
        stride = Math.multiplyExact(stride, shape.axis(a));
      }
      return new Vectors(shape.rank() > 2 && axis == 1 ? Shape.UNKNOWN : shape.axis(axis), stride, width);
    }

    int length(int steps) {
      return length == Shape.UNKNOWN ? steps : length;
    }

    int count(int steps) {
      return Math.multiplyExact(steps, width) / length(steps);
    }

    /** Where an element lies, counted along the row. */
    int place(int vector, int element, int length) {
      return (vector / stride * length + element) * stride + vector % stride;
    }
  }

  private Vectors vectors(int input, Shape shape, int width) {
    return Vectors.of(shape, layer.axis(input, shape), width);
  }

  private void check(int x, int y) {
    if (x != y) {
      throw new ShapeException("layer " + layer.label() + " sums over " + x + " and " + y + " numbers: expected equally many");
    }
  }

  private final class Inference extends InferenceOp {
    private final int other;
    private final Vectors x;
    private final Vectors y;
    private final int outSteps;
    /** Products of a row, or of one of its steps where their number is not known. */
    private final int size;

    Inference(OpContext context) {
      super(context);
      other = context.inputs()[1];
      x = vectors(0, context.shapes().get(0), context.widths()[0]);
      y = vectors(1, context.shapes().get(1), context.widths()[1]);
      outSteps = context.outputSteps();
      size = Math.multiplyExact(known(0, context.shapes().get(0)), known(1, context.shapes().get(1)));
    }

    private int known(int input, Shape shape) {
      int count = 1;
      for (int a = 1; a < shape.rank(); a++) {
        boolean left = a != layer.axis(input, shape) && shape.axis(a) != Shape.UNKNOWN;
        count = left ? Math.multiplyExact(count, shape.axis(a)) : count;
      }
      return count;
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return (long) size * (outSteps == Shape.UNKNOWN ? capacity.cells() : capacity.rows());
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView a = memory.view(input);
      TensorView b = memory.view(other);
      float[] out = (float[]) memory.scratch(index);
      int length = x.length(a.steps);
      check(length, y.length(b.steps));
      int ofX = x.count(a.steps);
      int ofY = y.count(b.steps);
      for (int row = 0, to = 0; row < rows; row++) {
        for (int v = 0; v < ofX; v++) {
          for (int w = 0; w < ofY; w++, to++) {
            out[to] = product(a, b, row, v, w, length);
          }
        }
      }
      int steps = outSteps == Shape.UNKNOWN ? ofX * ofY / size : outSteps;
      memory.view(outputs[0]).set(out, 0, ofX * ofY, ofX * ofY / steps, steps);
    }

    private float product(TensorView a, TensorView b, int row, int v, int w, int length) {
      float sum = 0;
      double squaresX = 0;
      double squaresY = 0;
      for (int i = 0; i < length; i++) {
        float p = a.data[at(a, row, x.place(v, i, length), x.width)];
        float q = b.data[at(b, row, y.place(w, i, length), y.width)];
        sum = Kernels.fma(p, q, sum);
        if (layer.normalize()) {
          squaresX += (double) p * p;
          squaresY += (double) q * q;
        }
      }
      return layer.normalize() ? (float) (sum / length(squaresX) / length(squaresY)) : sum;
    }

    private static int at(TensorView view, int row, int place, int width) {
      return view.at + row * view.stride + place / width * view.stepStride + place % width;
    }
  }

  private static double length(double squares) {
    return Math.max(Math.sqrt(squares), LEAST);
  }

  /**
   * In training, with lengths a and b of the two vectors, or 1, and c for the product: {@code dx = g (y / b - x c / a) / a}, the
   * subtrahend only where x has been divided by its own length.
   */
  private final class Training extends TrainingOp {
    private final GradientView first;
    private final GradientView second;
    private final GradientView out;
    private final Vectors x;
    private final Vectors y;
    private final int stride;
    private TrainingBatch batch;
    private int length;
    private int ofX;
    private int ofY;
    private float[] products = {};

    Training(TrainingOpContext context) {
      first = context.input(0);
      second = context.input(1);
      out = context.output(0);
      x = vectors(0, context.shapes().get(0), first.width);
      y = vectors(1, context.shapes().get(1), second.width);
      stride = KernelChoice.padded(out.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      length = x.length(first.steps);
      check(length, y.length(second.steps));
      ofX = x.count(first.steps);
      ofY = y.count(second.steps);
      int steps = ofX * ofY / out.width;
      products = Buffers.grown(products, Math.multiplyExact(now.rows, steps), stride);
      out.set(products, 0, stride, steps);
    }

    private int cell(int place, int width, int row) {
      return place / width * batch.rows + row;
    }

    private float value(GradientView in, int row, int place) {
      return in.value[in.at + cell(place, in.width, row) * in.stride + place % in.width];
    }

    private float x(int row, int vector, int i) {
      return value(first, row, x.place(vector, i, length));
    }

    private float y(int row, int vector, int i) {
      return value(second, row, y.place(vector, i, length));
    }

    /** The length that a vector is divided by, 1 if it is not. */
    private double divisor(boolean ofFirst, int row, int vector) {
      double squares = 0;
      for (int i = 0; layer.normalize() && i < length; i++) {
        float value = ofFirst ? x(row, vector, i) : y(row, vector, i);
        squares += (double) value * value;
      }
      return layer.normalize() ? length(squares) : 1;
    }

    @Override
    public void forward(Kernels k) {
      for (int row = 0; row < batch.rows; row++) {
        for (int v = 0; v < ofX; v++) {
          double a = divisor(true, row, v);
          for (int w = 0; w < ofY; w++) {
            float sum = 0;
            for (int i = 0; i < length; i++) {
              sum = Kernels.fma(x(row, v, i), y(row, w, i), sum);
            }
            int place = v * ofY + w;
            products[cell(place, out.width, row) * stride + place % out.width] =
                layer.normalize() ? (float) (sum / a / divisor(false, row, w)) : sum;
          }
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int row = 0; row < batch.rows; row++) {
        for (int v = 0; v < ofX; v++) {
          double a = divisor(true, row, v);
          for (int w = 0; w < ofY; w++) {
            int place = v * ofY + w;
            int cell = cell(place, out.width, row);
            double g = out.gradient[cell * out.gradientStride + place % out.width];
            double c = products[cell * stride + place % out.width];
            double b = divisor(false, row, w);
            for (int i = 0; i < length; i++) {
              double p = x(row, v, i);
              double q = y(row, w, i);
              add(first, row, x.place(v, i, length), g * (q / b - share(p, c, a)) / a);
              add(second, row, y.place(w, i, length), g * (p / a - share(q, c, b)) / b);
            }
          }
        }
      }
    }

    /** What a vector's own length takes from its gradient: nothing where it is not divided, or too short to be. */
    private double share(double own, double product, double divisor) {
      return layer.normalize() && divisor > LEAST ? own * product / divisor : 0;
    }

    private void add(GradientView in, int row, int place, double gradient) {
      if (in.wanted) {
        in.gradient[cell(place, in.width, row) * in.gradientStride + place % in.width] += (float) gradient;
      }
    }
  }
}
