package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.LSTM;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Initial weights: Keras' distributions, and the same numbers for the same seed. */
class InitialWeightsTest {
  private static List<Tensor> lstm(long seed) {
    Sequential model = Sequential.of(Input.shape(5, 7), new LSTM(6));
    model.initialize(seed);
    return model.layer("lstm").weights();
  }

  @Test
  void aSeedMeansTheSameWeights() {
    for (int i = 0; i < 3; i++) {
      Samples.assertBits(lstm(3).get(i).toArray(), lstm(3).get(i).toArray(), "variable " + i);
    }
    assertFalse(Arrays.equals(lstm(3).get(0).toArray(), lstm(4).get(0).toArray()));
  }

  @Test
  void kernelsAreUniformWithinGlorotsLimit() {
    double limit = StrictMath.sqrt(6.0 / (7 + 24));
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (int seed = 0; seed < 50; seed++) {
      for (float w : lstm(seed).get(0).toArray()) {
        assertTrue(Math.abs(w) <= limit);
        sum += w;
        squares += w * w;
        n++;
      }
    }
    assertEquals(0, sum / n, 0.01);
    assertEquals(limit * limit / 3, squares / n, 0.003);
  }

  @Test
  void recurrentKernelsHaveOrthonormalRows() {
    Tensor r = lstm(1).get(1);
    for (int a = 0; a < 6; a++) {
      for (int b = 0; b < 6; b++) {
        double dot = 0;
        for (int c = 0; c < 24; c++) {
          dot += (double) r.get(a, c) * r.get(b, c);
        }
        assertEquals(a == b ? 1 : 0, dot, 1e-6);
      }
    }
  }

  @Test
  void theForgetGateStartsAtOneAndEveryOtherBiasAtZero() {
    float[] expected = new float[24];
    Arrays.fill(expected, 6, 12, 1);
    Samples.assertBits(expected, lstm(1).get(2).toArray(), "bias");
    Sequential plain = Sequential.of(Input.shape(5, 7), new LSTM(6).unitForgetBias(false));
    Samples.assertBits(new float[24], plain.layer("lstm").weights().get(2).toArray(), "bias");
  }
}
