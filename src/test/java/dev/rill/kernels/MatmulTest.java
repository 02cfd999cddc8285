package dev.rill.kernels;

import static dev.rill.kernels.KernelSets.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

/**
 * Products of float32 weights: every output is a sum of chains over blocks of inputs, whatever the kernels, the number of rows, the
 * place of a row, the call in which a part of the sum is computed, or the way a call goes over its panels.
 */
class MatmulTest {
  private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 67};
  private static final int[] LARGE = {127, 128, 129, 255};

  /** One product: weights in Keras' layout, packed, with inputs. */
  private static final class Case {
    final PackedWeights.Form form;
    final int units;
    final int gates;
    final int inputs;
    final int hidden;
    final int rows;
    final float[] kernel;
    final float[] recurrent;
    final float[] bias;
    final float[] x;
    final float[] h;
    final PackedWeights weights;

    Case(PackedWeights.Form form, int units, int inputs, int hidden, int rows, long seed, int every) {
      this.form = form;
      this.units = units;
      this.inputs = inputs;
      this.rows = rows;
      this.hidden = form == PackedWeights.Form.DENSE ? hidden : units;
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
      weights = switch (form) {
        case DENSE -> PackedWeights.dense(WeightFormat.FLOAT32, units, inputs, all, 0, hidden, all, kernel.length, all,
            kernel.length + recurrent.length);
        case LSTM -> PackedWeights.lstm(WeightFormat.FLOAT32, units, inputs, all, 0, kernel.length, kernel.length + recurrent.length);
        case GRU -> PackedWeights.gru(WeightFormat.FLOAT32, units, inputs, all, 0, kernel.length, kernel.length + recurrent.length);
      };
    }

    Rows hRows() {
      return hidden == 0 ? null : rows(h, 0, hidden);
    }

    /** The sum of one output, as the bit contract writes it down; {@code vector} is a vector of the panel. */
    float sum(int row, int vector, int j) {
      int column = vector * units + j;
      int inputColumn = column;
      int stateColumn = column;
      float acc = bias[column % bias.length];
      if (form == PackedWeights.Form.GRU) {
        // n_x, z, r, n_h
        switch (vector) {
          case 0 -> {
            inputColumn = 2 * units + j;
            stateColumn = -1;
            acc = bias[2 * units + j];
          }
          case 3 -> {
            inputColumn = -1;
            stateColumn = 2 * units + j;
            acc = bias[5 * units + j];
          }
          default -> {
            inputColumn = column - units;
            stateColumn = inputColumn;
            acc = bias[inputColumn] + bias[3 * units + inputColumn];
          }
        }
      }
      acc = sum(acc, x, row * inputs, inputs, kernel, inputColumn);
      return sum(acc, h, row * hidden, hidden, recurrent, stateColumn);
    }

    /** Adds one part of a sum, block by block; nothing of a column below 0. */
    private float sum(float start, float[] in, int at, int count, float[] matrix, int column) {
      float sum = start;
      for (int first = 0; first < count && column >= 0; first += Kernels.CHAIN) {
        float chain = 0;
        for (int k = first; k < Math.min(count, first + Kernels.CHAIN); k++) {
          chain = Math.fma(in[at + k], matrix[k * gates * units + column], chain);
        }
        sum += chain;
      }
      return sum;
    }

    /** All true outputs of a row of results, vector by vector, unit by unit. */
    float[] unpacked(float[] z, int row) {
      if (form == PackedWeights.Form.DENSE) {
        float[] out = new float[units];
        System.arraycopy(z, row * weights.outputLength(), out, 0, units);
        return out;
      }
      float[] out = new float[4 * units];
      for (int v = 0; v < 4; v++) {
        weights.unpack(z, row * weights.outputLength(), v, units, out, v * units);
      }
      return out;
    }

    float[] expected(int row) {
      float[] out = new float[form == PackedWeights.Form.DENSE ? units : 4 * units];
      for (int i = 0; i < out.length; i++) {
        out[i] = sum(row, i / units, i % units);
      }
      return out;
    }

    float[] room() {
      return new float[rows * weights.outputLength()];
    }

    @Override
    public String toString() {
      return form + " " + inputs + "+" + hidden + " -> " + units + ", " + rows + " rows";
    }
  }

  private static void checkAll(Case c) {
    float[][] expected = new float[c.rows][];
    for (int row = 0; row < c.rows; row++) {
      expected[row] = c.expected(row);
    }
    for (Kernels k : KernelSets.all()) {
      String what = k.getClass().getSimpleName() + " " + c;
      int columns = c.weights.outputLength();
      float[] z = c.room();
      Rows out = rows(z, 0, columns);
      for (String way : new String[] {"one way", "the other way"}) {
        Arrays.fill(z, Float.NaN);
        k.matmul(c.weights, c.rows, null, rows(c.x, 0, c.inputs), c.hRows(), out);
        for (int row = 0; row < c.rows; row++) {
          Samples.assertBits(expected[row], c.unpacked(z, row), what + ", row " + row + ", " + way);
        }
      }
      // The input's part first, and the state's part later, in place and from elsewhere.
      float[] part = c.room();
      k.matmul(c.weights, c.rows, null, rows(c.x, 0, c.inputs), null, rows(part, 0, columns));
      float[] later = c.room();
      k.matmul(c.weights, c.rows, rows(part, 0, columns), null, c.hRows(), rows(later, 0, columns));
      k.matmul(c.weights, c.rows, rows(part, 0, columns), null, c.hRows(), rows(part, 0, columns));
      for (int row = 0; row < c.rows; row++) {
        Samples.assertBits(expected[row], c.unpacked(later, row), what + ", in two parts, row " + row);
        Samples.assertBits(expected[row], c.unpacked(part, row), what + ", in two parts in place, row " + row);
      }
    }
  }

  @Test
  void everyOutputIsASumOfChains() {
    Random random = new Random(5);
    for (PackedWeights.Form form : PackedWeights.Form.values()) {
      for (int units : SIZES) {
        int inputs = SIZES[random.nextInt(SIZES.length)];
        int hidden = random.nextInt(3) == 0 ? 0 : SIZES[random.nextInt(SIZES.length)];
        checkAll(new Case(form, units, inputs, hidden, 1 + random.nextInt(9), random.nextLong(), Integer.MAX_VALUE));
      }
    }
  }

  @Test
  void everyNumberOfRowsGivesTheSameSums() {
    for (PackedWeights.Form form : PackedWeights.Form.values()) {
      for (int rows = 1; rows <= 34; rows++) {
        checkAll(new Case(form, 21, 5, 7, rows, rows, Integer.MAX_VALUE));
      }
    }
  }

  /** Of one row, two chains of a panel go side by side where two panels are too large for the cache. */
  @Test
  void largePanelsOfTwoChainsGiveTheSameSums() {
    for (PackedWeights.Form form : PackedWeights.Form.values()) {
      for (int inputs : new int[] {49, 63, 64}) {
        checkAll(new Case(form, form == PackedWeights.Form.DENSE ? 200 : 64, inputs, 64, 1, inputs, 1000));
      }
    }
  }

  /** More than are copied at once pass over one group of panels after the other. */
  @Test
  void manyRowsGiveTheSameSums() {
    for (PackedWeights.Form form : PackedWeights.Form.values()) {
      int units = form == PackedWeights.Form.DENSE ? 200 : 40;
      checkAll(new Case(form, units, PackedWeights.BLOCK + 3, 2, 50, units, 1000));
    }
  }

  /** Chains that are full, one that is not, and one that begins anew; as many as are copied at a time, and across both inputs. */
  @Test
  void everyNumberOfBlocksGivesTheSameSums() {
    for (PackedWeights.Form form : PackedWeights.Form.values()) {
      for (int inputs = Kernels.CHAIN - 1; inputs <= Kernels.CHAIN + 1; inputs++) {
        for (int rows : new int[] {1, 2, 7, 9}) {
          checkAll(new Case(form, 3, inputs, 2 * Kernels.CHAIN + 1, rows, inputs, 1000));
        }
      }
      for (int inputs = PackedWeights.BLOCK - 1; inputs <= PackedWeights.BLOCK + 1; inputs++) {
        checkAll(new Case(form, 3, inputs, PackedWeights.BLOCK / 2 + 1, 7, inputs, 1000));
        checkAll(new Case(form, 3, 1, inputs, 8, inputs, 1000));
      }
    }
  }

  @Test
  void specialNumbersTakeTheSameWay() {
    Random random = new Random(6);
    for (int i = 0; i < 60; i++) {
      PackedWeights.Form form = PackedWeights.Form.values()[i % 3];
      checkAll(new Case(form, 1 + random.nextInt(20), 1 + random.nextInt(6), random.nextInt(6), 1 + random.nextInt(6),
          i, 12));
    }
  }

  @Test
  void largeSizesTakeTheSameWay() {
    for (int i = 0; i < LARGE.length; i++) {
      checkAll(new Case(PackedWeights.Form.DENSE, LARGE[i], 129, LARGE[3 - i], 5, i, 1000));
      checkAll(new Case(PackedWeights.Form.LSTM, LARGE[i], 3, 0, 2, i, 1000));
      checkAll(new Case(PackedWeights.Form.GRU, LARGE[i], 3, 0, 2, i, 1000));
    }
  }

  /** A stride of 0 repeats a row and a negative one walks backwards, whatever lies before and behind. */
  @Test
  void rowsLieWhereTheirStridesSay() {
    for (PackedWeights.Form form : PackedWeights.Form.values()) {
      Case c = new Case(form, 19, 3, 4, 7, 11, Integer.MAX_VALUE);
      int columns = c.weights.outputLength();
      int hidden = c.hidden;
      for (Kernels k : KernelSets.all()) {
        float[] backwards = new float[2 + 7 * (columns + 3)];
        k.matmul(c.weights, 7, null, rows(c.x, 6 * c.inputs, -c.inputs), rows(c.h, 6 * hidden, -hidden),
            rows(backwards, 2 + 6 * (columns + 3), -columns - 3));
        float[] repeated = c.room();
        k.matmul(c.weights, 7, null, rows(c.x, 2 * c.inputs, 0), rows(c.h, 2 * hidden, 0), rows(repeated, 0, columns));
        for (int row = 0; row < 7; row++) {
          float[] moved = c.room();
          System.arraycopy(backwards, 2 + row * (columns + 3), moved, 0, columns);
          Samples.assertBits(c.expected(row), c.unpacked(moved, 0), "backwards " + form);
          Samples.assertBits(c.expected(2), c.unpacked(repeated, row), "repeated " + form);
        }
      }
    }
  }

  @Test
  void smallIntegersGiveExactResults() {
    int inputs = 29;
    int outputs = 37;
    float[] kernel = Samples.integers(1, inputs * outputs, 9);
    float[] bias = Samples.integers(2, outputs, 9);
    float[] x = Samples.integers(3, 5 * inputs, 9);
    PackedWeights weights = PackedWeights.dense(WeightFormat.FLOAT32, outputs, inputs, kernel, 0, 0, null, 0, bias, 0);
    for (Kernels k : KernelSets.all()) {
      float[] z = new float[5 * weights.outputLength()];
      k.matmul(weights, 5, null, rows(x, 0, inputs), null, rows(z, 0, weights.outputLength()));
      for (int row = 0; row < 5; row++) {
        for (int j = 0; j < outputs; j++) {
          long sum = (long) bias[j];
          for (int i = 0; i < inputs; i++) {
            sum += (long) x[row * inputs + i] * (long) kernel[i * outputs + j];
          }
          assertEquals(sum, z[row * weights.outputLength() + j]);
        }
      }
    }
  }

  /** Against a library in double: n roundings of relative size 2^-24 on sums no larger than the sum of magnitudes. */
  @Test
  void errorAgainstDoublePrecisionIsBoundedByTheSizes() {
    int inputs = 255;
    int outputs = 67;
    int rows = 6;
    float[] kernel = Samples.floats(1, inputs * outputs, 1);
    float[] x = Samples.floats(2, rows * inputs, 1);
    DMatrixRMaj exact = new DMatrixRMaj(rows, outputs);
    DMatrixRMaj magnitude = new DMatrixRMaj(rows, outputs);
    CommonOps_DDRM.mult(matrix(rows, inputs, x, false), matrix(inputs, outputs, kernel, false), exact);
    CommonOps_DDRM.mult(matrix(rows, inputs, x, true), matrix(inputs, outputs, kernel, true), magnitude);
    PackedWeights weights = PackedWeights.dense(WeightFormat.FLOAT32, outputs, inputs, kernel, 0, 0, null, 0, null, 0);
    for (Kernels k : KernelSets.all()) {
      float[] z = new float[rows * weights.outputLength()];
      k.matmul(weights, rows, null, rows(x, 0, inputs), null, rows(z, 0, weights.outputLength()));
      for (int row = 0; row < rows; row++) {
        for (int j = 0; j < outputs; j++) {
          double error = Math.abs(z[row * weights.outputLength() + j] - exact.get(row, j));
          assertTrue(error <= inputs * 0x1p-24 * magnitude.get(row, j), "error " + error + " at " + row + ", " + j);
        }
      }
    }
  }

  private static DMatrixRMaj matrix(int rows, int columns, float[] values, boolean absolute) {
    DMatrixRMaj m = new DMatrixRMaj(rows, columns);
    for (int i = 0; i < values.length; i++) {
      m.data[i] = absolute ? Math.abs(values[i]) : values[i];
    }
    return m;
  }
}
