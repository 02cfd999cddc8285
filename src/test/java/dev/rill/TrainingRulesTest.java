package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Batch;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.SGD;
import dev.rill.variables.Constraint;
import dev.rill.variables.L1L2;
import dev.rill.variables.OrthogonalRegularizer;
import dev.rill.variables.Regularizer;
import dev.rill.variables.UnsupportedRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training by the rules of layers: regularizers, constraints, frozen layers, against three updates of Keras 3.15.1. */
class TrainingRulesTest {
  private static Sequential compiled(Layer... layers) {
    Sequential model = Sequential.of(Input.shape(2, 2), layers);
    float[] w = model.weights().values();
    for (int k = 0; k < w.length; k++) {
      w[k] = (7 * k % 11 - 5) / 8f;
    }
    model.compile(new SGD(0.5).globalClipNorm(1), new MeanSquaredError());
    return model;
  }

  private static Tensor inputs() {
    float[] x = new float[12];
    for (int i = 0; i < x.length; i++) {
      x[i] = (5 * i % 7 - 3) / 4f;
    }
    return Tensor.of(x, 3, 2, 2);
  }

  @Test
  void threeUpdatesGiveKerasLossesAndWeights() {
    Sequential model = compiled(
        new LSTM(2).kernelRegularizer(new L1L2(0.01, 0.02))
            .recurrentRegularizer(new OrthogonalRegularizer(0.3, OrthogonalRegularizer.Mode.ROWS))
            .recurrentConstraint(Constraint.maxNorm(0.5)).biasConstraint(Constraint.nonNeg()),
        new Dense(2).trainable(false).kernelRegularizer(Regularizer.l2(0.01)),
        new Dense(1).kernelConstraint(Constraint.unitNorm()).biasRegularizer(Regularizer.l2(0.1)));
    Tensor y = Tensor.of(new float[] {0, 0.5f, 1}, 3, 1);

    for (double loss : new double[] {0.577111959, 0.56314069, 0.511039853}) {
      assertEquals(loss, model.trainOnBatch(inputs(), y).get("loss"), 1e-6);
    }
    assertEquals(0.453214556, model.testOnBatch(Batch.of(List.of(inputs()), List.of(y))).get("loss"), 1e-6);
    assertArrayEquals(new float[] {-0.572926223f, 0.219447479f, -0.218023494f, 0.573374689f, 0.0998874232f, -0.33834672f,
        0.467056066f, 0.000487326644f, -0.468201816f, 0.335959703f, -0.109378107f, -0.57421726f, 0.195956811f, -0.25567016f,
        0.546851099f, 0.0997958556f, -0.440371275f, 0.237512648f, -0.0889509767f, -0.445059538f, 0.209983513f, -0.206779286f,
        -0.421486109f, 0.145386308f, -0.143750548f, 0.421931833f, 0.2062594f, -0.209364235f, 0.447465301f, 0.0922333449f,
        -0.235229924f, 0.439814001f, 0, 0.00489707012f, 0.249660641f, 0.00197090348f, 0.628339052f, 0.1267557f, 0.00337719056f,
        0.503795922f, 0, -0.5f, 0.375f, -0.125f, -0.625f, 0.25f, -0.423016638f, 0.906121731f, 0.117425255f},
        model.weights().values(), 1e-6f);
  }

  @Test
  void rulesThatCannotBeFollowedAreRefusedBeforeTheFirstUpdate() {
    Dense dense = new Dense(2).named("head");
    String message = assertThrows(UnsupportedException.class, () ->
        compiled(new LSTM(2), dense.biasRegularizer(new UnsupportedRule("regularizer mine")))).getMessage();
    assertTrue(message.contains("mine"), message);
    message = assertThrows(RillException.class, () ->
        compiled(new LSTM(2), dense.biasRegularizer(Regularizer.named("orthogonal_regularizer")))).getMessage();
    assertTrue(message.contains("head, bias"), message);
    message = assertThrows(UnsupportedException.class, () ->
        compiled(new LSTM(2), dense.activityRegularizer(new UnsupportedRule("regularizer of mine")))).getMessage();
    assertTrue(message.contains("mine"), message);
    message = assertThrows(RillException.class, () -> compiled(
        new LSTM(2).returnSequences(true).activityRegularizer(Regularizer.named("orthogonal_regularizer")), dense)).getMessage();
    assertTrue(message.contains("lstm, output"), message);
  }
}
