package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.variables.Weights;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers against 20 updates of Keras 3.15.1 on TensorFlow 2.21, from exact weights with exact gradients. */
class OptimizerTest {
  private static final List<Weights.Slice> TWO = List.of(slice(6, 0), slice(3, 6));

  private static Weights.Slice slice(int size, int at) {
    return new Weights.Slice("layer", "kernel", Shape.of(size), at);
  }

  static Stream<Arguments> recorded() {
    return Stream.of(
        Arguments.of(new SGD(0.1), new float[] {
            -0.9499999f, -0.72499996f, -0.5f, -0.275f, -0.050000004f, 0.175f, 0.40000007f, 0.9f, 0.85f}),
        Arguments.of(new SGD(0.1, 0.9, false), new float[] {
            -0.82391876f, -0.04727924f, -1.4006289f, 0.109696165f, -0.12540026f, -0.31148708f, 0.26862285f, 1.3250394f,
            0.020247072f}),
        Arguments.of(new SGD(0.1, 0.9, true), new float[] {
            -0.79152685f, -0.09255137f, -1.3105661f, 0.04872652f, -0.16286026f, -0.33033836f, 0.19176057f, 1.4175354f,
            -0.031777628f}),
        Arguments.of(new SGD(0.1).weightDecay(0.02), new float[] {
            -0.9117739f, -0.69856334f, -0.476152f, -0.26724595f, -0.0491736f, 0.16730309f, 0.38106236f, 0.8687423f,
            0.8145363f}),
        Arguments.of(new RMSprop(0.01), new float[] {
            -0.98219603f, -0.7291577f, -0.51237994f, -0.21430546f, -0.01435369f, 0.25499216f, 0.48047683f, 0.78706336f,
            0.96257645f}),
        Arguments.of(new RMSprop(0.01, 0.8, 0, 1e-7, true), new float[] {
            -0.9825347f, -0.73058677f, -0.5078908f, -0.21925838f, -0.010517081f, 0.25561735f, 0.48398775f, 0.785011f,
            0.9684426f}),
        Arguments.of(new RMSprop(0.01, 0.9, 0.7, 1e-3, false), new float[] {
            -0.95979977f, -0.6590062f, -0.5794973f, -0.12140513f, -0.027441192f, 0.26370662f, 0.46023455f, 0.8482146f,
            0.8870624f}),
        Arguments.of(new RMSprop(0.01, 0.95, 0.5, 1e-7, true).weightDecay(0.01), new float[] {
            -0.96020865f, -0.6718491f, -0.56683874f, -0.13253453f, -0.029353302f, 0.26195297f, 0.45725018f, 0.8395593f,
            0.89289635f}),
        Arguments.of(new Adam(0.01), new float[] {
            -0.9849677f, -0.726622f, -0.53465086f, -0.22326815f, -0.015630087f, 0.24124809f, 0.48673218f, 0.7687455f,
            0.9649392f}),
        Arguments.of(new Adam(0.01, 0.8, 0.95, 1e-4, false), new float[] {
            -0.98905987f, -0.730825f, -0.5268505f, -0.22900225f, -0.0114140995f, 0.24302828f, 0.48769376f, 0.7680787f,
            0.96981823f}),
        Arguments.of(new Adam(0.02, 0.9, 0.7, 1e-7, true), new float[] {
            -0.96980983f, -0.7081303f, -0.56757605f, -0.1990074f, -0.030686013f, 0.23536013f, 0.47386009f, 0.7857499f,
            0.935432f}),
        Arguments.of(new AdamW(0.01, 0.004), new float[] {
            -0.9841796f, -0.72603565f, -0.5342288f, -0.22308758f, -0.015617785f, 0.24105099f, 0.486341f, 0.76813555f,
            0.96416f}),
        Arguments.of(new AdamW(0.01, 0.05, 0.7, 0.999, 1e-7, true), new float[] {
            -0.9821195f, -0.7263118f, -0.51540613f, -0.23100337f, -0.008128688f, 0.24165265f, 0.48311085f, 0.76087624f,
            0.96296966f}),
        Arguments.of(new Nadam(0.01), new float[] {
            -0.9935158f, -0.7383145f, -0.51073295f, -0.23616973f, -0.0058871675f, 0.24809514f, 0.49109197f, 0.7661175f,
            0.98009014f}),
        Arguments.of(new Nadam(0.01, 0.8, 0.95, 1e-3), new float[] {
            -0.9940744f, -0.73863316f, -0.5083487f, -0.23771916f, -0.0048097316f, 0.24790971f, 0.49022964f, 0.768402f,
            0.97950685f}),
        Arguments.of(new Adagrad(0.1), new float[] {
            -0.9516915f, -0.6832945f, -0.5556279f, -0.16832839f, -0.04385712f, 0.2508803f, 0.44914263f, 0.8431973f,
            0.89431703f}),
        Arguments.of(new Adagrad(0.1, 0.5, 1e-2), new float[] {
            -0.95850486f, -0.69504553f, -0.5465955f, -0.20331764f, -0.03487843f, 0.231546f, 0.45929086f, 0.8274885f,
            0.9133633f}),
        Arguments.of(new Adam(0.01).clipValue(0.3), new float[] {
            -0.993402f, -0.7291746f, -0.5362512f, -0.22134961f, -0.015537864f, 0.25237304f, 0.48970106f, 0.7725693f,
            0.96918845f}),
        Arguments.of(new SGD(0.1).clipNorm(1.3), new float[] {
            -0.9563516f, -0.7945838f, -0.45851836f, -0.30415687f, 0.03190855f, 0.19367638f, 0.36521032f, 0.8950594f,
            0.92925465f}),
        Arguments.of(new SGD(0.1).globalClipNorm(1.7), new float[] {
            -0.98638594f, -0.73275936f, -0.5159321f, -0.26871625f, -0.037397705f, 0.1996355f, 0.44113657f, 0.86079395f,
            0.9115905f}),
        Arguments.of(new Adam().schedule(Schedule.exponential(0.05, 4, 0.5, false)), new float[] {
            -0.9266005f, -0.68658453f, -0.6211773f, -0.13775943f, -0.07716424f, 0.24866478f, 0.4459626f, 0.80570126f,
            0.89589435f}));
  }

  private static float[] start() {
    float[] w = new float[9];
    for (int j = 0; j < 9; j++) {
      w[j] = (j - 4) / 4f;
    }
    return w;
  }

  private static float[] gradient(int t) {
    float[] g = new float[9];
    for (int j = 0; j < 9; j++) {
      g[j] = ((t * 7 + j * 5) % 11 - 5) / 4f;
    }
    return g;
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void twentyUpdatesAreThoseOfKeras(Optimizer optimizer, float[] expected) {
    float[] w = start();
    OptimizerState state = optimizer.state(9);
    for (int t = 0; t < 20; t++) {
      update(optimizer, state, w, gradient(t), TWO);
    }
    assertArrayEquals(expected, w, 1e-6f);
    assertEquals(20, state.iterations());
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void whatIsNotTrainableStays(Optimizer optimizer, float[] ignored) {
    float[] w = start();
    OptimizerState state = optimizer.state(9);
    update(optimizer, state, w, gradient(1), List.of(slice(2, 1), slice(3, 6)));
    float[] before = start();
    for (int j : new int[] {0, 3, 4, 5}) {
      assertEquals(before[j], w[j]);
      assertTrue(before[1] != w[1] && before[6] != w[6]);
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void aNaNGradientIsNotHidden(Optimizer optimizer, float[] ignored) {
    float[] w = start();
    float[] g = gradient(0);
    g[1] = Float.NaN;
    update(optimizer, optimizer.state(9), w, g, TWO);
    assertTrue(Float.isNaN(w[1]));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void updatesAllocateNothing(Optimizer optimizer, float[] ignored) {
    float[] w = start();
    float[] g = gradient(0);
    OptimizerState state = optimizer.state(9);
    Allocation.assertNone(() -> update(optimizer, state, w, g, TWO));
  }

  @Test
  void anInfiniteGlobalNormMakesEveryWeightNaN() {
    float[] w = start();
    float[] g = gradient(0);
    g[1] = Float.POSITIVE_INFINITY;
    Optimizer optimizer = new SGD(0.1).globalClipNorm(1);
    update(optimizer, optimizer.state(9), w, g, TWO);
    for (float value : w) {
      assertTrue(Float.isNaN(value));
    }
  }

  @Test
  void zeroGradientsStayZeroWhenClipped() {
    for (Optimizer optimizer : List.of(new SGD(0.1).globalClipNorm(1), new SGD(0.1).clipNorm(1), new SGD(0.1).clipValue(1))) {
      float[] w = start();
      update(optimizer, optimizer.state(9), w, new float[9], TWO);
      assertArrayEquals(start(), w);
    }
  }

  @Test
  void atMostOneWayToClip() {
    Optimizer clipping = new Adam().clipNorm(1);
    RillException e = assertThrows(RillException.class, () -> clipping.globalClipNorm(2));
    assertTrue(e.getMessage().contains("at most one"), e.getMessage());
    assertEquals(2, clipping.clipNorm(0).globalClipNorm(2).globalClipNorm());
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThrows(RillException.class, () -> new SGD(-0.1));
    assertThrows(RillException.class, () -> new SGD(Double.NaN));
    assertThrows(RillException.class, () -> new SGD(0.1, 1.5, false));
    assertThrows(RillException.class, () -> new Adam(0.1, 1.1, 0.9, 1e-7, false));
    assertThrows(RillException.class, () -> new SGD().clipValue(-1));
    assertThrows(RillException.class, () -> new SGD().weightDecay(-1));
    assertThrows(RillException.class, () -> new SGD().state(1).learningRate(-1));
  }

  @Test
  void theRateIsAFloatAndCanBeSetUnlessAScheduleGivesIt() {
    OptimizerState state = new Adam().state(1);
    assertEquals(0.0010000000474974513, state.learningRate());
    state.learningRate(0.1);
    assertEquals(0.1f, state.learningRate());
    OptimizerState scheduled = new Adam().schedule(Schedule.constant(0.5)).state(1);
    assertEquals(0.5, scheduled.learningRate());
    assertThrows(RillException.class, () -> scheduled.learningRate(0.1));
  }

  @Test
  void namesAndDefaultsAreThoseOfKeras() {
    assertEquals("rm_sprop", Optimizer.named("rmsprop").kerasName());
    assertEquals("sgd", Optimizer.named("SGD").kerasName());
    assertEquals("adagrad", Optimizer.named("adagrad").kerasName());
    Optimizer adamW = Optimizer.named("adamw");
    assertEquals("adam_w", adamW.kerasName());
    assertEquals("AdamW", adamW.className());
    assertEquals(0.004, adamW.weightDecay());
    assertEquals(0.01, Optimizer.named("sgd").learningRate());
    assertEquals(0.001, Optimizer.named("nadam").learningRate());
    assertEquals(List.of("velocity", "momentum", "average_gradient"), new RMSprop(0.1, 0.9, 0.5, 1e-7, true).slots());
    assertEquals(List.of("momentum", "velocity", "velocity_hat"), new Adam(0.1, 0.9, 0.9, 1e-7, true).slots());
    assertEquals(List.of(), new SGD().slots());
  }

  /** One update of all weights, as training makes it. */
  private static void update(Optimizer optimizer, OptimizerState state, float[] w, float[] g, List<Weights.Slice> trainable) {
    float rate = optimizer.begin(state, g, trainable);
    optimizer.apply(state, rate, w, g, trainable, 0, w.length);
    state.advance();
  }
}
