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
  /** In front of it for its epochs. */
  private static final String WHEN = "epochs of ";

  private final List<Integer> epochs = new ArrayList<>();
  private final Map<String, List<Double>> values = new LinkedHashMap<>();
  /** For each figure the epochs that had it. */
  private final Map<String, List<Integer>> when = new LinkedHashMap<>();

  History() {}

  void add(int epoch, Logs logs) {
    epochs.add(epoch);
    logs.toMap().forEach((name, value) -> {
      values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      when.computeIfAbsent(name, n -> new ArrayList<>()).add(epoch);
    });
  }

  /** What a checkpoint keeps of it. */
  CallbackState state() {
    CallbackState state = new CallbackState().put(EPOCHS, epochs.stream().mapToDouble(epoch -> epoch).toArray());
    values.forEach((name, own) -> state.put(FIGURE + name, own.stream().mapToDouble(value -> value).toArray()));
    when.forEach((name, own) -> state.put(WHEN + name, own.stream().mapToDouble(epoch -> epoch).toArray()));
    return state;
  }

  /** Becomes what it was. */
  void restore(CallbackState state) {
    for (double epoch : state.numbers(EPOCHS)) {
      epochs.add((int) epoch);
    }
    for (String name : state.values().keySet()) {
      if (name.startsWith(FIGURE)) {
        String figure = name.substring(FIGURE.length());
        values.put(figure, new ArrayList<>(Arrays.stream(state.numbers(name)).boxed().toList()));
        // A checkpoint of an earlier version does not say; then the last epochs are taken to be those.
        List<Integer> own = new ArrayList<>();
        if (state.has(WHEN + figure)) {
          Arrays.stream(state.numbers(WHEN + figure)).forEach(epoch -> own.add((int) epoch));
        } else {
          own.addAll(epochs.subList(Math.max(0, epochs.size() - values.get(figure).size()), epochs.size()));
        }
        when.put(figure, own);
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

  /**
   * The epochs that had one figure.
   *
   * @param name such as {@code val_loss}
   * @return their numbers, as many as {@link #get} has values
   * @throws RillException if no epoch had it
   */
  public List<Integer> epochs(String name) {
    get(name);
    return Collections.unmodifiableList(when.get(name));
  }

  /** Returns names and values. */
  @Override
  public String toString() {
    return PlainText.shown(values.toString());
  }
}
