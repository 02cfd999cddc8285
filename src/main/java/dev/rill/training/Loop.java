package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Epochs, batches and validation, in Keras' order and with its logs.
 *
 * <p>States go on from batch to batch, from epoch to epoch and from call to call, as in Keras. Unlike Keras, a stateful model is
 * never shuffled, validation runs on states of its own, and whatever does not fit is refused before anything changes.
 *
 * <p>An interrupt of the thread ends a run with a {@link RillException} once the batch under way is finished; the interrupt status
 * stays set, weights and states are what that batch has left. Validation at the end of an epoch is not cut short: an epoch whose
 * batches are trained ends whole, with its callbacks, and the run behind it. {@link FitContext#stop()} ends it with its history.
 */
public final class Loop {
  /** Whether training had been ended, in what a checkpoint keeps. */
  private static final String STOPPING = "stopping";

  private final Trainable trainee;
  private final List<Callback> listeners;
  private final List<BackupAndRestore> backups = new ArrayList<>();
  private final FitContext run;
  /** Whether an interrupt waits for the end of a test, */
  private boolean carriesInterrupts;
  /** and whether there has been one. */
  private boolean interrupted;

  private Loop(Trainable trainee, List<Callback> listeners, FitContext run) {
    this.trainee = trainee;
    this.listeners = listeners;
    this.run = run;
    for (Callback listener : listeners) {
      if (listener instanceof BackupAndRestore backup) {
        backups.add(backup);
      }
    }
  }

  /**
   * Trains on samples in tensors.
   *
   * @param trainee a model that is ready for training
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @param options how
   * @return what the epochs have brought
   * @throws RillException if data, options and model do not fit; nothing has changed then
   */
  public static History fit(Trainable trainee, List<Tensor> x, List<Tensor> y, Fit options) {
    Require.given(trainee, "the model to train");
    Require.given(options, "the options of training");
    return fit(trainee, options.toTrain(trainee, x, y), options.toValidate(x, y), options);
  }

  /**
   * Trains on data that bring their own batches.
   *
   * @param trainee a model that is ready for training
   * @param data what to learn
   * @param options how; none of those for arrays: batch size, shuffling, share for validation, weights
   * @return what the epochs have brought
   * @throws RillException if data, options and model do not fit; nothing has changed then
   */
  public static History fit(Trainable trainee, Dataset data, Fit options) {
    Require.given(trainee, "the model to train");
    Require.given(data, "the data");
    Require.given(options, "the options of training").checkForDataset();
    return fit(trainee, data, options.toValidate(), options);
  }

  /**
   * Loss and metrics of data, without an update. States go on from where they are, as in Keras.
   *
   * @param trainee a model that is ready for training
   * @param data what to test on
   * @param callbacks who is told, {@link Progress} for instance
   * @return loss and metrics
   * @throws RillException if data and model do not fit; nothing has changed then
   */
  public static Logs evaluate(Trainable trainee, Dataset data, Callback... callbacks) {
    Require.given(trainee, "the model to test");
    Require.given(data, "the data");
    List<Callback> listeners = List.of(Require.all(callbacks, "the callbacks"));
    Dataset own = ofRun(data, trainee);
    Callback.enter(listeners);
    try {
      check(trainee, own, 0, trainee.stateRows());
      return new Loop(trainee, listeners, new FitContext(trainee, 1, false)).test(own);
    } finally {
      Callback.leave(listeners);
    }
  }

  /** The data as one run reads them, cut into the steps of the model. */
  private static Dataset ofRun(Dataset data, Trainable trainee) {
    if (data == null) {
      return null;
    }
    return (trainee.steps() == 0 ? data : data.ofSteps(trainee.steps())).forRun();
  }

  private static History fit(Trainable trainee, Dataset given, Dataset givenValidation, Fit options) {
    List<Callback> listeners = options.listeners();
    Dataset data = ofRun(given, trainee);
    Dataset validation = ofRun(givenValidation, trainee);
    Callback.enter(listeners);
    try {
      Loop loop = new Loop(trainee, listeners, new FitContext(trainee, options.epochs(), true));
      Checkpoint from = loop.found(options.from());
      int epoch = from == null ? options.initialEpoch() : from.epochs();
      State states = from == null ? null : from.states();
      check(trainee, data, epoch, from == null ? trainee.stateRows() : states == null ? 0 : states.rows());
      if (validation != null) {
        check(trainee, validation, 0, 0);
      }
      return loop.train(data, validation, options, epoch, from);
    } finally {
      Callback.leave(listeners);
    }
  }

  /** Refuses what would fail, or silently go wrong, in the course of an epoch. */
  private static void check(Trainable trainee, Dataset data, int epoch, int stateRows) {
    if (data.batches() < 1) {
      throw new ShapeException("the data have no batch: expected at least one");
    }
    trainee.check(data.batch(epoch, 0));
    if (!trainee.stateful()) {
      return;
    }
    if (data.shuffled()) {
      throw new UnsupportedException("the model is stateful: row i of a batch goes on from row i of the batch before, so its "
          + "samples are never shuffled; leave shuffle(true) out");
    }
    int rows = data.batchRows(0);
    if (stateRows > 0 && rows != stateRows) {
      throw new ShapeException("the model is stateful, so the batch size must stay that of its state: expected batch size "
          + stateRows + ", received batch size " + rows + "; resetStates() frees it");
    }
    for (int index = 1; index < data.batches(); index++) {
      if (data.batchRows(index) != rows) {
        throw new ShapeException("a stateful model runs whole batches only: expected batch size " + rows
            + ", received batch size " + data.batchRows(index) + " for batch " + index + " of " + data.batches()
            + "; choose a batch size that divides the number of samples");
      }
    }
  }

  /** What a backup holds, or else what the user gave. */
  private Checkpoint found(Checkpoint given) {
    for (BackupAndRestore backup : backups) {
      Checkpoint found = backup.found();
      if (found != null) {
        return found;
      }
    }
    return given;
  }

  private History train(Dataset data, Dataset validation, Fit options, int first, Checkpoint from) {
    History history = new History();
    Logs logs = new Logs();
    run.epoch(first);
    run.resumed(from != null);
    tell(listener -> listener.onTrainBegin(run));
    if (from != null) {
      resume(from, history);
    } else {
      backUp(first, history);
    }
    for (int epoch = first; epoch < options.epochs() && !run.stopping(); epoch++) {
      run.epoch(epoch);
      logs = epoch(data);
      if (validation != null && options.validates(epoch)) {
        logs.putAll("val_", validate(validation));
      }
      Logs all = logs;
      tell(listener -> listener.onEpochEnd(run, all));
      history.add(epoch, logs);
      backUp(epoch + 1, history);
      endIfInterrupted(epoch + 1, options.epochs());
    }
    Logs last = logs;
    tell(listener -> listener.onTrainEnd(run, last));
    backups.forEach(BackupAndRestore::end);
    return history;
  }

  /** The model last: what callbacks do to it before they know that training goes on is undone. */
  private void resume(Checkpoint from, History history) {
    List<CallbackState> memories = from.memoriesOf(listeners);
    for (int i = 0; i < memories.size(); i++) {
      if (memories.get(i) != null) {
        listeners.get(i).restore(memories.get(i));
      }
    }
    CallbackState own = from.loop();
    if (own != null) {
      history.restore(own);
      if (own.has(STOPPING)) {
        run.stop();
      }
    }
    trainee.resume(from);
  }

  private void backUp(int epochs, History history) {
    if (!backups.isEmpty()) {
      CallbackState own = history.state();
      Checkpoint checkpoint = trainee.checkpoint(epochs).with(listeners, run.stopping() ? own.put(STOPPING, 1) : own);
      backups.forEach(backup -> backup.write(checkpoint));
    }
  }

  /** Whoever keeps a backup loses nothing by that. */
  private void endIfInterrupted(int done, int epochs) {
    if (!backups.isEmpty() && done < epochs && Thread.currentThread().isInterrupted()) {
      throw new RillException("training was interrupted when epoch " + done + " of " + epochs + " was done and backed up: the same "
          + "call goes on from there");
    }
  }

  private Logs epoch(Dataset data) {
    int batches = data.batches();
    run.batch(0, batches);
    trainee.resetMetrics();
    tell(listener -> listener.onEpochBegin(run));
    Logs logs = null;
    for (int index = 0; index < batches && (index == 0 || !run.stopping()); index++) {
      run.batch(index, batches);
      for (Callback listener : listeners) {
        listener.onTrainBatchBegin(run);
      }
      logs = trainee.trainOnBatch(data.batch(run.epoch(), index));
      for (Callback listener : listeners) {
        listener.onTrainBatchEnd(run, logs);
      }
    }
    return logs.copy();
  }

  /** Leaves the states of training as they are, and an interrupt to what follows. */
  private Logs validate(Dataset data) {
    int batch = run.batch();
    int batches = run.batches();
    State states = trainee.states();
    trainee.resetStates();
    carriesInterrupts = true;
    try {
      return test(data);
    } finally {
      carriesInterrupts = false;
      trainee.states(states);
      run.batch(batch, batches);
      if (interrupted) {
        interrupted = false;
        Thread.currentThread().interrupt();
      }
    }
  }

  private Logs test(Dataset data) {
    int batches = data.batches();
    run.batch(0, batches);
    tell(listener -> listener.onTestBegin(run));
    trainee.resetMetrics();
    Logs logs = null;
    for (int index = 0; index < batches; index++) {
      run.batch(index, batches);
      for (Callback listener : listeners) {
        listener.onTestBatchBegin(run);
      }
      if (carriesInterrupts) {
        interrupted |= Thread.interrupted();
      }
      logs = trainee.testOnBatch(data.batch(0, index));
      for (Callback listener : listeners) {
        listener.onTestBatchEnd(run, logs);
      }
    }
    Logs all = logs.copy();
    tell(listener -> listener.onTestEnd(run, all));
    return all;
  }

  private void tell(Consumer<Callback> what) {
    listeners.forEach(what);
  }
}
