package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules against rates that Keras 3.15.1 computed, which it does in float32. */
class ScheduleTest {
  private static final int[] AT = {0, 1, 5, 6, 7, 12, 13, 18, 30, 31, 60};

  static Stream<Arguments> recorded() {
    return Stream.of(
        Arguments.of(Schedule.exponential(0.1, 7, 0.9, false), new float[] {
            0.1f, 0.09850612f, 0.09275046f, 0.09136488f, 0.089999996f, 0.08347541f, 0.08222839f, 0.076267205f, 0.06366437f,
            0.0627133f, 0.040531516f}),
        Arguments.of(Schedule.exponential(0.1, 7, 0.9, true), new float[] {
            0.1f, 0.1f, 0.1f, 0.1f, 0.089999996f, 0.089999996f, 0.089999996f, 0.08099999f, 0.06560999f, 0.06560999f,
            0.043046713f}),
        Arguments.of(Schedule.inverseTime(0.1, 7, 0.5, false), new float[] {
            0.1f, 0.09333334f, 0.07368421f, 0.07f, 0.06666667f, 0.053846154f, 0.05185185f, 0.043750003f, 0.03181818f,
            0.031111112f, 0.01891892f}),
        Arguments.of(Schedule.inverseTime(0.1, 7, 0.5, true), new float[] {
            0.1f, 0.1f, 0.1f, 0.1f, 0.06666667f, 0.06666667f, 0.06666667f, 0.05f, 0.033333335f, 0.033333335f, 0.02f}),
        Arguments.of(Schedule.polynomial(0.1, 30, 0.01, 2, false), new float[] {
            0.1f, 0.09409999f, 0.0725f, 0.067600004f, 0.0629f, 0.042400002f, 0.038900003f, 0.0244f, 0.01f, 0.01f, 0.01f}),
        Arguments.of(Schedule.polynomial(0.1, 10, 0.01, 0.5, true), new float[] {
            0.1f, 0.0953815f, 0.07363961f, 0.066921f, 0.059295036f, 0.066921f, 0.06324472f, 0.0384605f, 0.01f, 0.05269075f,
            0.01f}),
        Arguments.of(Schedule.piecewise(new long[] {5, 12}, new double[] {0.1, 0.05, 0.01}), new float[] {
            0.1f, 0.1f, 0.1f, 0.05f, 0.05f, 0.05f, 0.01f, 0.01f, 0.01f, 0.01f, 0.01f}),
        Arguments.of(Schedule.cosine(0.1, 30, 0.1, null, 0), new float[] {
            0.1f, 0.099753484f, 0.09397115f, 0.091405764f, 0.08844151f, 0.06890576f, 0.06435602f, 0.041094225f,
            0.010000001f, 0.010000001f, 0.010000001f}),
        Arguments.of(Schedule.cosine(0.01, 30, 0.1, 0.2, 7), new float[] {
            0.01f, 0.037142858f, 0.1457143f, 0.17285715f, 0.2f, 0.1879423f, 0.18281153f, 0.14660631f, 0.043116968f,
            0.037188467f, 0.020000001f}),
        Arguments.of(Schedule.cosine(0.01, 30, 0.1, 0.2, 0), new float[] {
            0.2f, 0.19950697f, 0.1879423f, 0.18281153f, 0.17688303f, 0.13781153f, 0.12871204f, 0.08218845f, 0.020000001f,
            0.020000001f, 0.020000001f}),
        Arguments.of(Schedule.cosine(0.01, 30, 0.1, null, 7), new float[] {
            0.01f, 0.009975348f, 0.009397115f, 0.009140576f, 0.008844151f, 0.0068905763f, 0.006435602f, 0.0041094227f,
            0.001f, 0.001f, 0.001f}),
        Arguments.of(new CosineDecayRestarts(0.1, 6), new float[] {
            0.1f, 0.093301274f, 0.006698731f, 0.1f, 0.09829629f, 0.049999997f, 0.037059035f, 0.1f, 0.049999997f,
            0.0434737f, 0.06913417f}),
        Arguments.of(Schedule.cosineRestarts(0.1, 6, 1, 0.8, 0.05), new float[] {
            0.1f, 0.09363621f, 0.011363794f, 0.081f, 0.075908974f, 0.0658f, 0.061727174f, 0.053640004f, 0.036129605f,
            0.03404432f, 0.01520055f}),
        Arguments.of(Schedule.cosineRestarts(0.1, 6, 1.5, 0.5, 0.1), new float[] {
            0.1f, 0.09397115f, 0.016028857f, 0.055000003f, 0.053643085f, 0.021249998f, 0.015263996f, 0.029867997f,
            0.021098379f, 0.020832198f, 0.013926475f}));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void ratesAreThoseOfKeras(Schedule schedule, float[] expected) {
    for (int i = 0; i < AT.length; i++) {
      assertEquals(expected[i], schedule.at(AT[i]), 1e-7, "update " + AT[i]);
    }
  }

  @Test
  void decaysThatRestartDoSoExactlyAfterTheirLength() {
    Schedule schedule = new CosineDecayRestarts(1, 10);
    for (long start = 0, length = 10; start < 1_000_000; start += length, length *= 2) {
      assertEquals(1, schedule.at(start), "a restart at " + start);
      assertEquals(0.5, schedule.at(start + length / 2), 1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void ratesAllocateNothing(Schedule schedule, float[] ignored) {
    double[] sum = new double[1];
    long[] iteration = new long[1];
    Allocation.assertNone(() -> sum[0] += schedule.at(iteration[0]++ % 100));
    assertTrue(sum[0] > 0);
  }

  @Test
  void numbersThatGiveNoScheduleAreRefused() {
    assertThrows(RillException.class, () -> Schedule.exponential(0.1, 0, 0.9, false));
    assertThrows(RillException.class, () -> Schedule.cosine(0.1, -1, 0, null, 0));
    assertThrows(RillException.class, () -> Schedule.cosineRestarts(0.1, 5, 0.5, 1, 0));
    assertThrows(RillException.class, () -> Schedule.piecewise(new long[] {3}, new double[] {1}));
    assertThrows(RillException.class, () -> Schedule.piecewise(new long[] {3, 3}, new double[] {1, 2, 3}));
  }
}
