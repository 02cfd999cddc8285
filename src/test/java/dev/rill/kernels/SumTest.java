package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.Samples;
import org.junit.jupiter.api.Test;

/** Sums across units: sixteen partials, joined in order. */
class SumTest {
  @Test
  void elementJGoesIntoPartialJMod16AndPartialsAreJoinedInOrder() {
    for (int n = 0; n < 70; n++) {
      float[] a = Samples.floats(n, n + 3, 100);
      float[] partials = new float[16];
      for (int j = 0; j < n; j++) {
        partials[j % 16] += a[2 + j];
      }
      float expected = 0;
      for (float partial : partials) {
        expected += partial;
      }
      assertEquals(expected, Sum.of(a, 2, n));
    }
  }

  @Test
  void sumOfExponentialsEqualsTheSumOfTheExponentials() {
    for (int n = 0; n < 70; n++) {
      float[] a = Samples.floats(n, n, 10);
      float[] e = new float[n];
      for (int j = 0; j < n; j++) {
        e[j] = Elementary.exp(a[j]);
      }
      assertEquals(Sum.of(e, 0, n), Sum.ofExp(a, 0, n));
    }
  }
}
