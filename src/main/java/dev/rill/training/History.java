package dev.rill.training;

import dev.rill.tensor.PlainText;
import dev.rill.tensor.RillException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the epochs of one {@code fit} have brought: a list of values for each figure, those of validation under {@code val_}. That
 * of a run which {@link BackupAndRestore} has taken up holds the epochs before the interruption, too.
 */
public final class History {
  private static final String EPOCHS = "epochs";
  /** In front of a figure's name in what a checkpoint keeps. */
  private static final String FIGURE = "figure ";

  private final List<Integer> epochs = new ArrayList<>();
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  History() {}

  void add(int epoch, Logs logs) {
    epochs.add(epoch);
    logs.toMap().forEach((name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  /** What a checkpoint keeps of it. */
  CallbackState state() {
    CallbackState state = new CallbackState().put(EPOCHS, epochs.stream().mapToDouble(epoch -> epoch).toArray());
    values.forEach((name, own) -> state.put(FIGURE + name, own.stream().mapToDouble(value -> value).toArray()));
    return state;
  }

  /** Becomes what it was. */
  void restore(CallbackState state) {
    for (double epoch : state.numbers(EPOCHS)) {
      epochs.add((int) epoch);
    }
    for (String name : state.values().keySet()) {
      if (name.startsWith(FIGURE)) {
        values.put(name.substring(FIGURE.length()), new ArrayList<>(Arrays.stream(state.numbers(name)).boxed().toList()));
      }
    }
  }

  /**
   * The epochs that ran to their end.
   *
   * @return their numbers, from 0 or the initial epoch
   */
  public List<Integer> epochs() {
    return Collections.unmodifiableList(epochs);
  }

  /**
   * The names of all figures in the order in which they came up.
   *
   * @return such as loss, accuracy, val_loss, val_accuracy
   */
  public List<String> names() {
    return List.copyOf(values.keySet());
  }

  /**
   * The values of one figure.
   *
   * @param name such as {@code val_loss}
   * @return one for each epoch that had it: fewer than epochs if validation ran only in some
   * @throws RillException if no epoch had it
   */
  public List<Double> get(String name) {
    List<Double> own = values.get(name);
    if (own == null) {
      throw new RillException("the history holds no " + name + "; it holds " + values.keySet());
    }
    return Collections.unmodifiableList(own);
  }

  /** Returns names and values. */
  @Override
  public String toString() {
    return PlainText.shown(values.toString());
  }
}
