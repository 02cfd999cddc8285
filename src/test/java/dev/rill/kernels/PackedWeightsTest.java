package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import org.junit.jupiter.api.Test;

/** WeightFormat: every weight has one place, what is left over is zero. */
class PackedWeightsTest {
  @Test
  void everyWeightStandsOnceAndPaddingIsZero() {
    for (int units = 1; units < 40; units++) {
      int inputs = 3;
      float[] weights = new float[inputs * 4 * units + units * 4 * units + 4 * units];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = i + 1;
      }
      int recurrent = inputs * 4 * units;
      PackedWeights p = PackedWeights.lstm(WeightFormat.FLOAT32, units, inputs, weights, 0, recurrent, recurrent + units * 4 * units);
      int[] seen = new int[weights.length + 1];
      int end = p.base + (int) (p.bytes() / 4);
      for (int i = p.base; i < end; i++) {
        seen[(int) p.data[i]]++;
      }
      for (int i = 1; i < seen.length; i++) {
        assertEquals(1, seen[i], "weight " + i + " of " + units + " units");
      }
      int row = 4 * KernelChoice.lanes();
      assertEquals(4L * p.wide * row * (1 + inputs + units), p.bytes());
    }
  }

  @Test
  void rowsOfResultsHaveRoomForEveryOutput() {
    float[] kernel = new float[300];
    for (int outputs = 1; outputs <= 300; outputs++) {
      PackedWeights p = PackedWeights.dense(WeightFormat.FLOAT32, outputs, 1, kernel, 0, 0, null, 0, null, 0);
      assertTrue(p.outputLength() >= outputs);
      assertTrue(p.outputLength() < outputs + 4 * KernelChoice.lanes());
    }
  }

  @Test
  void unpackTakesOneGateOut() {
    for (int units = 1; units < 40; units++) {
      PackedWeights p = PackedWeights.lstm(WeightFormat.FLOAT32, units, 1, new float[4 * units * (units + 1)], 0, 4 * units, -1);
      float[] z = Samples.floats(units, p.outputLength() + 5, 1);
      int lanes = KernelChoice.lanes();
      for (int v = 0; v < 4; v++) {
        float[] out = new float[units + 2];
        p.unpack(z, 5, v, units, out, 1);
        assertEquals(0, out[0]);
        assertEquals(0, out[units + 1]);
        for (int j = 0; j < units; j++) {
          assertEquals(z[5 + j / lanes * 4 * lanes + v * lanes + j % lanes], out[1 + j]);
        }
      }
    }
  }
}
