package dev.rill.training;

import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The least model with a state: {@code h' = h / 2 + x}, {@code p = w h'}, squared error at every step, plain descent. Writes down
 * what is asked of it.
 */
final class FakeTrainable implements Trainable {
  final List<String> calls = new ArrayList<>();
  final List<float[]> inputs = new ArrayList<>();
  final List<float[]> sampleWeights = new ArrayList<>();
  float w = 0.25f;
  int targetWidth = 1;
  private final boolean stateful;
  private final Logs logs = new Logs();
  private float rate = 0.01f;
  private float[] h;
  private double total;
  private double seen;

  FakeTrainable(boolean stateful) {
    this.stateful = stateful;
  }

  /** A run of some callbacks over epochs with given validation losses; null is an epoch without. */
  static FakeTrainable epochs(Callback callback, Double... losses) {
    FakeTrainable trainee = new FakeTrainable(false);
    trainee.rate = 0.1f;
    FitContext run = new FitContext(trainee, losses.length, true);
    callback.onTrainBegin(run);
    for (int epoch = 0; epoch < losses.length && !run.stopping(); epoch++) {
      run.epoch(epoch);
      callback.onEpochBegin(run);
      trainee.w = epoch;
      Logs logs = new Logs();
      if (losses[epoch] != null) {
        logs.put("val_loss", losses[epoch]);
      }
      callback.onEpochEnd(run, logs);
      trainee.calls.add("epoch at " + trainee.rate);
    }
    callback.onTrainEnd(run, new Logs());
    return trainee;
  }

  @Override
  public void check(Batch batch) {
    if (batch.x().get(0).shape().rank() != 3) {
      throw new ShapeException("expected (batch, time, 1), got " + batch.x().get(0).shape());
    }
  }

  @Override
  public Logs trainOnBatch(Batch batch) {
    calls.add("train " + batch.rows());
    return run(batch, true);
  }

  @Override
  public Logs testOnBatch(Batch batch) {
    calls.add("test " + batch.rows());
    return run(batch, false);
  }

  private Logs run(Batch batch, boolean training) {
    int rows = batch.rows();
    Tensor x = batch.x().get(0);
    inputs.add(x.toArray());
    sampleWeights.add(batch.weights() == null ? null : batch.weights().get(0).toArray());
    if (h == null || !stateful) {
      h = new float[rows];
    }
    if (h.length != rows) {
      throw new AssertionError("a batch of " + rows + " rows for a state of " + h.length);
    }
    int steps = x.shape().axis(1);
    float[] y = batch.y().get(0).toArray();
    boolean everyStep = y.length == rows * steps;
    float gradient = 0;
    float loss = 0;
    for (int t = 0; t < steps; t++) {
      for (int r = 0; r < rows; r++) {
        h[r] = (batch.resets() != null && batch.resets()[t * rows + r] ? 0 : h[r] / 2) + x.get(r, t, 0);
        if (everyStep || t == steps - 1) {
          float e = w * h[r] - y[everyStep ? r * steps + t : r];
          loss += e * e;
          gradient += 2 * e * h[r];
        }
      }
    }
    if (training) {
      w -= rate * gradient / y.length;
    }
    total += (double) loss / y.length * rows;
    seen += rows;
    return logs.put("loss", total / seen).put("accuracy", 0.5);
  }

  @Override
  public void resetMetrics() {
    total = 0;
    seen = 0;
  }

  @Override
  public boolean stateful() {
    return stateful;
  }

  @Override
  public int stateRows() {
    return stateful && h != null ? h.length : 0;
  }

  @Override
  public void resetStates() {
    calls.add("reset");
    h = null;
  }

  @Override
  public void resetRows(int... rows) {
    Arrays.stream(rows).forEach(row -> h[row] = 0);
  }

  @Override
  public State states() {
    return h == null ? null : State.of(List.of(new State.Plane("fake", "h", 1)), h.length, 0, h);
  }

  @Override
  public void states(State states) {
    h = states == null ? null : states.values(0);
  }

  @Override
  public float[] weights() {
    return new float[] {w};
  }

  @Override
  public void weights(float[] weights) {
    w = weights[0];
  }

  @Override
  public double learningRate() {
    return rate;
  }

  @Override
  public void learningRate(double value) {
    rate = (float) value;
  }

  @Override
  public Mode direction(String metric) {
    return metric.equals("accuracy") ? Mode.MAX : Mode.AUTO;
  }

  @Override
  public int targetWidth(int output) {
    return targetWidth;
  }

  @Override
  public Checkpoint checkpoint(int epochs) {
    return new Checkpoint("fake\n", new Checkpoint.Counters(epochs, 0, rate, 1, 0, 0), weights(),
        new Checkpoint.Slots("none", List.of(), new float[0][]), states());
  }

  @Override
  public void resume(Checkpoint checkpoint) {
    weights(checkpoint.weights());
    states(checkpoint.states());
  }

  @Override
  public void save(Path file) throws IOException {
    calls.add("save");
    Files.writeString(file, "model");
  }

  @Override
  public void saveWeights(Path file) throws IOException {
    calls.add("save weights");
    Files.writeString(file, "weights");
  }
}
