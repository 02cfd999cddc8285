package dev.rill.kernels;

import static dev.rill.kernels.KernelSets.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Products of bfloat16 and int8 weights: the sums that the scalar sets of kernels write down, whatever the kernels, the number of
 * rows, the place of a row, or the call in which a part of a sum is computed.
 */
class ReducedMatmulTest {
  private static final List<WeightFormat> REDUCED = List.of(WeightFormat.BFLOAT16, WeightFormat.INT8);
  private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 32, 33, 47, 49, 64, 65, 67};

  /** One product whose columns are told apart: a start, a column of the kernel, one of the recurrent kernel; −1 for none. */
  private static final class Case {
    final WeightFormat format;
    final PackedWeights.Form form;
    final int units;
    final int inputs;
    final int hidden;
    final int rows;
    final int gates;
    final float[] kernel;
    final float[] recurrent;
    final float[] bias;
    final float[] x;
    final float[] h;
    final PackedWeights weights;

    Case(WeightFormat format, PackedWeights.Form form, int units, int inputs, int hidden, int rows, long seed, int every) {
      this.format = format;
      this.form = form;
      this.units = units;
      this.inputs = inputs;
      this.hidden = form == PackedWeights.Form.DENSE ? hidden : units;
      this.rows = rows;
      gates = form == PackedWeights.Form.DENSE ? 1 : form == PackedWeights.Form.LSTM ? 4 : 3;
      kernel = Samples.withSpecials(seed, inputs * gates * units, every);
      recurrent = Samples.withSpecials(seed + 1, this.hidden * gates * units, every);
      bias = Samples.withSpecials(seed + 2, gates * units * (form == PackedWeights.Form.GRU ? 2 : 1), every);
      x = Samples.withSpecials(seed + 3, rows * inputs, every);
      h = Samples.withSpecials(seed + 4, rows * Math.max(1, this.hidden), every);
      float[] all = new float[kernel.length + recurrent.length + bias.length];
      System.arraycopy(kernel, 0, all, 0, kernel.length);
      System.arraycopy(recurrent, 0, all, kernel.length, recurrent.length);
      System.arraycopy(bias, 0, all, kernel.length + recurrent.length, bias.length);
      int biasAt = kernel.length + recurrent.length;
      weights = switch (form) {
        case DENSE -> PackedWeights.dense(format, units, inputs, all, 0, hidden, all, kernel.length, all, biasAt);
        case LSTM -> PackedWeights.lstm(format, units, inputs, all, 0, kernel.length, biasAt);
        case GRU -> PackedWeights.gru(format, units, inputs, all, 0, kernel.length, biasAt);
      };
    }

    int vectors() {
      return form == PackedWeights.Form.DENSE ? 1 : 4;
    }

    float start(int vector, int j) {
      if (form != PackedWeights.Form.GRU) {
        return bias[vector * units + j];
      }
      return switch (vector) {
        case 0 -> bias[2 * units + j];
        case 3 -> bias[5 * units + j];
        default -> bias[(vector - 1) * units + j] + bias[(vector + 2) * units + j];
      };
    }

    /** The packed order of a GRU is n_x, z, r, n_h, that of its matrices z, r, n. */
    int kernelColumn(int vector) {
      return form != PackedWeights.Form.GRU ? vector : vector == 0 ? 2 : vector == 3 ? -1 : vector - 1;
    }

    int recurrentColumn(int vector) {
      return form != PackedWeights.Form.GRU ? vector : vector - 1;
    }

    /** One part of one sum. */
    float part(float acc, float[] matrix, int gate, int j, float[] in, int at, int count) {
      if (gate < 0 || count == 0) {
        return acc;
      }
      int column = gate * units + j;
      float largest = 0;
      for (int k = 0; k < count; k++) {
        largest = Int8.magnitude(largest, matrix[k * gates * units + column]);
      }
      float scale = Int8.scale(largest);
      float sum = acc;
      for (int first = 0; first < count; first += Kernels.CHAIN) {
        float chain = 0;
        for (int k = first; k < Math.min(count, first + Kernels.CHAIN); k++) {
          float weight = matrix[k * gates * units + column];
          float kept = format == WeightFormat.INT8 ? Int8.factor(weight, scale) : Bfloat16.widen(Bfloat16.of(weight));
          chain = Math.fma(in[at + k], kept, chain);
        }
        sum = format == WeightFormat.INT8 ? Math.fma(chain, scale, sum) : sum + chain;
      }
      return sum;
    }

    float[] expected(int row) {
      float[] out = new float[vectors() * units];
      for (int vector = 0; vector < vectors(); vector++) {
        for (int j = 0; j < units; j++) {
          float acc = part(start(vector, j), kernel, kernelColumn(vector), j, x, row * inputs, inputs);
          out[vector * units + j] = part(acc, recurrent, recurrentColumn(vector), j, h, row * hidden, hidden);
        }
      }
      return out;
    }

    float[] unpacked(float[] z, int row) {
      float[] out = new float[vectors() * units];
      int at = row * weights.outputLength();
      if (form == PackedWeights.Form.DENSE) {
        System.arraycopy(z, at, out, 0, units);
        return out;
      }
      for (int v = 0; v < 4; v++) {
        weights.unpack(z, at, v, units, out, v * units);
      }
      return out;
    }

    Rows hRows() {
      return hidden == 0 ? null : rows(h, 0, hidden);
    }

    float[] room() {
      return new float[rows * weights.outputLength()];
    }

    @Override
    public String toString() {
      return format + " " + form + " " + inputs + "+" + hidden + " -> " + units + ", " + rows + " rows";
    }
  }

  private static void check(Case c) {
    int columns = c.weights.outputLength();
    for (Kernels k : KernelSets.all(c.format)) {
      String what = k.getClass().getSimpleName() + " " + c;
      float[] whole = c.room();
      k.matmul(c.weights, c.rows, null, rows(c.x, 0, c.inputs), c.hRows(), rows(whole, 0, columns));
      // The input's part first, and the state's part later, in place and from elsewhere.
      float[] part = c.room();
      k.matmul(c.weights, c.rows, null, rows(c.x, 0, c.inputs), null, rows(part, 0, columns));
      float[] later = c.room();
      k.matmul(c.weights, c.rows, rows(part, 0, columns), null, c.hRows(), rows(later, 0, columns));
      Rows inPlace = rows(part, 0, columns);
      k.matmul(c.weights, c.rows, inPlace, null, c.hRows(), inPlace);
      for (int row = 0; row < c.rows; row++) {
        float[] expected = c.expected(row);
        Samples.assertBits(expected, c.unpacked(whole, row), what + ", row " + row);
        Samples.assertBits(expected, c.unpacked(later, row), what + ", in two parts, row " + row);
        Samples.assertBits(expected, c.unpacked(part, row), what + ", in two parts in place, row " + row);
      }
    }
  }

  @Test
  void everyOutputIsTheSumThatTheContractWritesDown() {
    Random random = new Random(5);
    for (WeightFormat format : REDUCED) {
      for (PackedWeights.Form form : PackedWeights.Form.values()) {
        for (int units : SIZES) {
          int inputs = SIZES[random.nextInt(SIZES.length)];
          int hidden = random.nextInt(3) == 0 ? 0 : SIZES[random.nextInt(SIZES.length)];
          check(new Case(format, form, units, inputs, hidden, 1 + random.nextInt(9), random.nextLong(), Integer.MAX_VALUE));
        }
      }
    }
  }

  @Test
  void everyNumberOfRowsAndOfInputsGivesTheSameSums() {
    for (WeightFormat format : REDUCED) {
      for (PackedWeights.Form form : PackedWeights.Form.values()) {
        for (int n = 1; n <= 9; n++) {
          check(new Case(format, form, 21, n, 10 - n, n, n, Integer.MAX_VALUE));
        }
      }
    }
  }

  @Test
  void specialNumbersTakeTheSameWay() {
    Random random = new Random(6);
    for (int i = 0; i < 90; i++) {
      check(new Case(REDUCED.get(i % 2), PackedWeights.Form.values()[i % 3], 1 + random.nextInt(20), 1 + random.nextInt(9),
          random.nextInt(6), 1 + random.nextInt(6), i, 12));
    }
  }

  @Test
  void rowsLieWhereTheirStridesSay() {
    for (WeightFormat format : REDUCED) {
      for (PackedWeights.Form form : PackedWeights.Form.values()) {
        Case c = new Case(format, form, 19, 3, 4, 7, 11, Integer.MAX_VALUE);
        int columns = c.weights.outputLength();
        for (Kernels k : KernelSets.all(format)) {
          float[] backwards = c.room();
          k.matmul(c.weights, 7, null, rows(c.x, 6 * c.inputs, -c.inputs), rows(c.h, 6 * c.hidden, -c.hidden),
              rows(backwards, 6 * columns, -columns));
          float[] repeated = c.room();
          k.matmul(c.weights, 7, null, rows(c.x, 2 * c.inputs, 0), rows(c.h, 2 * c.hidden, 0), rows(repeated, 0, columns));
          for (int row = 0; row < 7; row++) {
            Samples.assertBits(c.expected(row), c.unpacked(backwards, row), "backwards " + c);
            Samples.assertBits(c.expected(2), c.unpacked(repeated, row), "repeated " + c);
          }
        }
      }
    }
  }

  /** In double, with the weights as they were: half a unit in the last of 8 bits, or half a scale, for each. */
  @Test
  void theErrorIsThatOfTheWeights() {
    for (WeightFormat format : REDUCED) {
      Case c = new Case(format, PackedWeights.Form.DENSE, 37, 129, 67, 5, 3, Integer.MAX_VALUE);
      for (Kernels k : KernelSets.all(format)) {
        float[] z = c.room();
        k.matmul(c.weights, c.rows, null, rows(c.x, 0, c.inputs), c.hRows(), rows(z, 0, c.weights.outputLength()));
        for (int row = 0; row < c.rows; row++) {
          for (int j = 0; j < c.units; j++) {
            double exact = c.bias[j];
            double bound = 0;
            for (int i = 0; i < c.inputs + c.hidden; i++) {
              boolean input = i < c.inputs;
              int first = input ? 0 : c.inputs;
              float[] matrix = input ? c.kernel : c.recurrent;
              double v = input ? c.x[row * c.inputs + i] : c.h[row * c.hidden + i - c.inputs];
              double weight = matrix[(i - first) * c.units + j];
              double largest = format == WeightFormat.BFLOAT16 ? 0 : largest(matrix, j, c.units);
              exact += v * weight;
              bound += Math.abs(v) * (format == WeightFormat.BFLOAT16 ? Math.abs(weight) * 0x1p-8 : 0.501 * largest / 127);
            }
            double error = Math.abs(z[row * c.weights.outputLength() + j] - exact);
            assertTrue(error <= bound * 1.001 && error > 0, format + ": error " + error + ", bound " + bound);
          }
        }
      }
    }
  }

  private static double largest(float[] matrix, int column, int stride) {
    double largest = 0;
    for (int i = column; i < matrix.length; i += stride) {
      largest = Math.max(largest, Math.abs(matrix[i]));
    }
    return largest;
  }

  @Test
  void largeWeightsTakeAHalfAndAQuarter() {
    long full = PackedWeights.lstm(WeightFormat.FLOAT32, 128, 128, new float[4 * 128 * 257], 0, 4 * 128 * 128, -1).bytes();
    long half = PackedWeights.lstm(WeightFormat.BFLOAT16, 128, 128, new float[4 * 128 * 257], 0, 4 * 128 * 128, -1).bytes();
    long quarter = PackedWeights.lstm(WeightFormat.INT8, 128, 128, new float[4 * 128 * 257], 0, 4 * 128 * 128, -1).bytes();
    int starts = 4 * 4 * 128;
    assertEquals((full - starts) / 2 + starts, half);
    assertEquals((full - starts) / 4 + 3 * starts, quarter);
  }
}
