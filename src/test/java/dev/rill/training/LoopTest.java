package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Epochs over samples in tensors: Keras' order and logs, and what is safer than in Keras. */
class LoopTest {
  private static List<Tensor> x(int samples) {
    return List.of(Tensor.of(Samples.floats(1, 2 * samples, 1), samples, 2, 1));
  }

  private static List<Tensor> y(int samples) {
    return List.of(Tensor.of(Samples.floats(2, samples, 1), samples, 1));
  }

  static History fit(FakeTrainable trainee, int samples, Fit options) {
    return Loop.fit(trainee, x(samples), y(samples), options.verbosity(0));
  }

  private static float trained(boolean stateful, int samples, Fit options) {
    FakeTrainable trainee = new FakeTrainable(stateful);
    fit(trainee, samples, options);
    return trainee.w;
  }

  /** Refused, and nothing has changed. */
  private static void assertRefused(boolean stateful, int samples, Fit options, String reason) {
    FakeTrainable trainee = new FakeTrainable(stateful);
    assertRefused(trainee, () -> fit(trainee, samples, options), reason);
  }

  private static void assertRefused(FakeTrainable trainee, Executable call, String reason) {
    trainee.calls.clear();
    float w = trainee.w;
    String message = assertThrows(RillException.class, call).getMessage();
    assertTrue(message.contains(reason), message);
    assertEquals(List.of(), trainee.calls);
    assertEquals(w, trainee.w);
  }

  @Test
  void epochsAreCutIntoBatchesAndTheLastMayBeShort() {
    FakeTrainable trainee = new FakeTrainable(false);
    History history = fit(trainee, 7, new Fit().batchSize(3).epochs(2));
    assertEquals(List.of("train 3", "train 3", "train 1", "train 3", "train 3", "train 1"), trainee.calls);
    assertEquals(List.of(0, 1), history.epochs());
    assertEquals(List.of("loss", "accuracy"), history.names());
    assertEquals(2, history.get("loss").size());
    assertThrows(RillException.class, () -> history.get("val_loss"));
  }

  @Test
  void aBatchHas32RowsUnlessToldOtherwise() {
    FakeTrainable trainee = new FakeTrainable(false);
    fit(trainee, 33, new Fit());
    assertEquals(List.of("train 32", "train 1"), trainee.calls);
  }

  @Test
  void samplesStayInOrderOnRequestAndInAStatefulModel() {
    for (boolean stateful : new boolean[] {false, true}) {
      FakeTrainable trainee = new FakeTrainable(stateful);
      fit(trainee, 6, stateful ? new Fit().batchSize(6) : new Fit().shuffle(false));
      assertArrayEquals(x(6).get(0).toArray(), trainee.inputs.get(0));
    }
  }

  @Test
  void anOrderIsAFunctionOfSeedAndEpoch() {
    FakeTrainable whole = new FakeTrainable(false);
    fit(whole, 9, new Fit().batchSize(4).epochs(4).seed(5));
    FakeTrainable parts = new FakeTrainable(false);
    fit(parts, 9, new Fit().batchSize(4).epochs(2).seed(5));
    fit(parts, 9, new Fit().batchSize(4).epochs(4).initialEpoch(2).seed(5));
    assertEquals(whole.w, parts.w);
    assertFalse(Arrays.equals(whole.inputs.get(0), whole.inputs.get(3)));
    assertNotEquals(whole.w, trained(false, 9, new Fit().batchSize(4).epochs(4).seed(6)));
    float[] sorted = new float[0];
    for (int batch = 0; batch < 3; batch++) {
      int at = sorted.length;
      sorted = Arrays.copyOf(sorted, at + whole.inputs.get(batch).length);
      System.arraycopy(whole.inputs.get(batch), 0, sorted, at, sorted.length - at);
    }
    Arrays.sort(sorted);
    float[] all = x(9).get(0).toArray();
    Arrays.sort(all);
    assertArrayEquals(all, sorted);
  }

  @Test
  void validationLeavesNoTraceInTraining() {
    for (boolean stateful : new boolean[] {false, true}) {
      Fit plain = new Fit().batchSize(4).epochs(3);
      float expected = trained(stateful, 8, plain);
      assertEquals(expected, trained(stateful, 8, plain.validation(x(4), y(4))));
      assertEquals(expected, trained(stateful, 8, plain.validation(x(6), y(6)).validationBatchSize(2).validationFrequency(2)));
    }
  }

  @Test
  void validationStartsFromZeroEachTime() {
    FakeTrainable trainee = new FakeTrainable(true);
    trainee.learningRate(0);
    List<Double> losses = fit(trainee, 8, new Fit().batchSize(4).epochs(2).validation(x(4), y(4))).get("val_loss");
    assertEquals(losses.get(0), losses.get(1));
  }

  @Test
  void statesGoOnFromEpochToEpochAndFromCallToCall() {
    float expected = trained(true, 8, new Fit().batchSize(4).epochs(4));
    FakeTrainable trainee = new FakeTrainable(true);
    fit(trainee, 8, new Fit().batchSize(4).epochs(1));
    fit(trainee, 8, new Fit().batchSize(4).epochs(3));
    assertEquals(expected, trainee.w);
    assertNotEquals(expected, trained(true, 8, new Fit().batchSize(4).epochs(4).callbacks(ResetStates.everyEpoch())));
  }

  @Test
  void theLastSamplesAreForValidation() {
    FakeTrainable trainee = new FakeTrainable(false);
    fit(trainee, 10, new Fit().batchSize(7).validationSplit(0.3).shuffle(false));
    assertEquals(List.of("train 7", "reset", "test 3"), trainee.calls);
    assertArrayEquals(x(10).get(0).rows(7, 10).toArray(), trainee.inputs.get(1));
    assertRefused(false, 3, new Fit().validationSplit(0.1).validationSplit(0.9), "one part has none");
  }

  @Test
  void validationRunsInTheEpochsItIsAskedFor() {
    Fit five = new Fit().epochs(5).validation(x(4), y(4));
    assertEquals(2, fit(new FakeTrainable(false), 4, five.validationFrequency(2)).get("val_loss").size());
    assertEquals(3, fit(new FakeTrainable(false), 4, five.validationEpochs(List.of(1, 4, 5))).get("val_loss").size());
  }

  @Test
  void aStatefulModelIsNeverShuffled() {
    assertRefused(true, 8, new Fit().batchSize(4).shuffle(true), "never shuffled");
  }

  @Test
  void batchesThatAStateCannotFollowAreRefusedBeforeAnythingChanges() {
    assertRefused(true, 9, new Fit().batchSize(4), "expected batch size 4, received batch size 1");
    assertRefused(true, 8, new Fit().batchSize(4).validation(x(5), y(5)), "received batch size 1");
    FakeTrainable trainee = new FakeTrainable(true);
    fit(trainee, 8, new Fit().batchSize(4));
    assertRefused(trainee, () -> fit(trainee, 8, new Fit().batchSize(2)), "resetStates() frees it");
    trainee.resetStates();
    fit(trainee, 8, new Fit().batchSize(2));
  }

  @Test
  void shapesThatDoNotFitAreRefusedBeforeAnythingChanges() {
    FakeTrainable trainee = new FakeTrainable(false);
    List<Tensor> flat = List.of(Tensor.zeros(4, 2));
    assertRefused(trainee, () -> Loop.fit(trainee, flat, y(4), new Fit()), "expected (batch, time, 1)");
    assertRefused(trainee, () -> Loop.fit(trainee, x(4), y(4), new Fit().validation(flat, y(4))), "expected (batch, time, 1)");
    assertRefused(trainee, () -> Loop.fit(trainee, x(4), y(5), new Fit()), "expected 4 rows");
    assertRefused(trainee, () -> fit(trainee, 4, new Fit().sampleWeights(Tensor.zeros(3))), "expected 4 rows");
    assertRefused(trainee, () -> Loop.fit(trainee, x(0), y(0), new Fit()), "no rows");
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() {
    assertThrows(RillException.class, () -> new Fit().classWeights(Map.of(0, 2.)).sampleWeights(Tensor.zeros(3)));
    assertThrows(RillException.class, () -> new Fit().validation(x(3), y(3)).validationSplit(0.5));
    FakeTrainable trainee = new FakeTrainable(false);
    ArrayData data = ArrayData.of(x(4), y(4));
    for (Fit options : List.of(new Fit().batchSize(2), new Fit().shuffle(true), new Fit().validationSplit(0.5),
        new Fit().classWeights(Map.of(0, 2.)), new Fit().sampleWeights(Tensor.zeros(4)))) {
      assertRefused(trainee, () -> Loop.fit(trainee, data, options), "no arrays");
    }
  }

  @Test
  void weightsGoWithTheirSamples() {
    FakeTrainable trainee = new FakeTrainable(false);
    Tensor weights = Tensor.of(x(6).get(0).steps(0, 1).toArray(), 6);
    fit(trainee, 6, new Fit().batchSize(4).sampleWeights(weights).validation(x(4), y(4)));
    for (int batch = 0; batch < 2; batch++) {
      for (int r = 0; r < trainee.sampleWeights.get(batch).length; r++) {
        assertEquals(trainee.inputs.get(batch)[2 * r], trainee.sampleWeights.get(batch)[r]);
      }
    }
    assertNull(trainee.sampleWeights.get(2));
  }

  @Test
  void classesBecomeWeightsOfSamplesOrSteps() {
    Map<Integer, Double> weights = Map.of(0, 2., 2, 0.5);
    assertArrayEquals(new float[] {2, 1, 0.5f}, ClassWeights.of(weights, Tensor.of(new float[] {0, 1, 2}, 3), 1).toArray());
    Tensor oneHot = ClassWeights.of(weights, Tensor.of(new float[] {0, 0, 1, 1, 0, 0}, 2, 3), 3);
    assertArrayEquals(new float[] {0.5f, 2}, oneHot.toArray());
    Tensor steps = ClassWeights.of(weights, Tensor.of(new float[] {0, 1, 2, 2}, 2, 2), 1);
    assertArrayEquals(new int[] {2, 2}, steps.shape().toArray());
    assertArrayEquals(new float[] {2, 1, 0.5f, 0.5f}, steps.toArray());
    Tensor oneHotSteps = ClassWeights.of(weights, Tensor.of(new float[] {1, 0, 0, 1}, 1, 2, 2), 2);
    assertArrayEquals(new float[] {2, 1}, oneHotSteps.toArray());
    FakeTrainable trainee = new FakeTrainable(false);
    Loop.fit(trainee, x(3), List.of(Tensor.of(new float[] {2, 0, 1}, 3, 1)),
        new Fit().shuffle(false).classWeights(weights).verbosity(0));
    assertArrayEquals(new float[] {0.5f, 2, 1}, trainee.sampleWeights.get(0));
  }

  @Test
  void callbacksAreToldInKerasOrder() {
    List<String> told = new ArrayList<>();
    Callback callback = new Callback() {
      @Override
      public void onTrainBegin(FitContext run) {
        told.add("train");
      }

      @Override
      public void onTrainEnd(FitContext run, Logs logs) {
        told.add("/train " + logs.names());
      }

      @Override
      public void onEpochBegin(FitContext run) {
        told.add("epoch " + run.epoch() + " of " + run.epochs());
      }

      @Override
      public void onEpochEnd(FitContext run, Logs logs) {
        told.add("/epoch " + logs.put("mine", 1).names());
      }

      @Override
      public void onTrainBatchBegin(FitContext run) {
        told.add("batch " + run.batch() + " of " + run.batches());
      }

      @Override
      public void onTrainBatchEnd(FitContext run, Logs logs) {
        told.add("/batch " + logs.names());
      }

      @Override
      public void onTestBegin(FitContext run) {
        told.add("test");
      }

      @Override
      public void onTestEnd(FitContext run, Logs logs) {
        told.add("/test " + logs.names());
      }

      @Override
      public void onTestBatchBegin(FitContext run) {
        told.add("test batch " + run.batch() + " of " + run.batches());
      }

      @Override
      public void onTestBatchEnd(FitContext run, Logs logs) {
        told.add("/test batch");
      }
    };
    History history = fit(new FakeTrainable(false), 4,
        new Fit().batchSize(2).epochs(8).initialEpoch(7).validation(x(2), y(2)).callbacks(callback));
    assertEquals(List.of("train", "epoch 7 of 8", "batch 0 of 2", "/batch [loss, accuracy]", "batch 1 of 2",
        "/batch [loss, accuracy]", "test", "test batch 0 of 1", "/test batch", "/test [loss, accuracy]",
        "/epoch [loss, accuracy, val_loss, val_accuracy, mine]", "/train [loss, accuracy, val_loss, val_accuracy, mine]"), told);
    assertEquals(List.of(1.), history.get("mine"));
    told.clear();
    fit(new FakeTrainable(false), 4, new Fit().epochs(0).callbacks(callback));
    assertEquals(List.of("train", "/train []"), told);
  }

  @Test
  void aStopEndsTheEpochAfterItsBatch() {
    FakeTrainable trainee = new FakeTrainable(false);
    History history = fit(trainee, 6, new Fit().batchSize(2).epochs(5).validation(x(2), y(2)).callbacks(
        new LambdaCallback().atTrainBatchEnd((run, logs) -> {
          if (run.epoch() == 1 && run.batch() == 1) {
            run.stop();
          }
        })));
    assertEquals(List.of("train 2", "train 2", "train 2", "reset", "test 2", "train 2", "train 2", "reset", "test 2"),
        trainee.calls);
    assertEquals(List.of(0, 1), history.epochs());
  }

  @Test
  void evaluationGoesOnFromTheStateAsInKeras() {
    FakeTrainable trainee = new FakeTrainable(true);
    ArrayData data = ArrayData.of(x(4), y(4)).batchSize(2);
    double first = Loop.evaluate(trainee, data).get("loss");
    assertNotEquals(first, Loop.evaluate(trainee, data).get("loss"));
    trainee.resetStates();
    assertEquals(first, Loop.evaluate(trainee, data).get("loss"));
    assertRefused(trainee, () -> Loop.evaluate(trainee, data.batchSize(4)), "received batch size 4");
  }

  @Test
  void theLossOfAnEpochCountsBatchesByTheirRows() {
    FakeTrainable whole = new FakeTrainable(false);
    FakeTrainable parts = new FakeTrainable(false);
    ArrayData data = ArrayData.of(x(7), y(7));
    assertEquals(Loop.evaluate(whole, data).get("loss"), Loop.evaluate(parts, data.batchSize(3)).get("loss"), 1e-6);
  }
}
