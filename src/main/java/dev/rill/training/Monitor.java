package dev.rill.training;

import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;
import java.util.OptionalDouble;

/**
 * A figure that is watched, and what counts as better. Values are compared as floats, as Keras compares them: a difference that
 * only a double shows is none.
 */
final class Monitor {
  private final String figure;
  private Mode mode = Mode.AUTO;
  private double minDelta;
  private boolean larger;

  Monitor(String figure) {
    this.figure = figure;
  }

  void mode(Mode wanted) {
    mode = wanted;
  }

  void minDelta(double delta) {
    minDelta = Math.abs(delta);
  }

  /** Finds out which values are better. */
  void begin(Trainable trainee, String who) {
    String metric = figure.startsWith("val_") ? figure.substring(4) : figure;
    Mode known = mode != Mode.AUTO ? mode : metric.equals("loss") ? Mode.MIN : trainee.direction(metric);
    if (known == Mode.AUTO) {
      throw new RillException(who + " watches " + figure + ", of which it is not known whether less or more is better: set "
          + "mode(Mode.MIN) or mode(Mode.MAX)");
    }
    larger = known == Mode.MAX;
  }

  /** The figure, if there is one. */
  OptionalDouble value(Logs logs, String who) {
    if (logs.has(figure)) {
      return OptionalDouble.of(logs.get(figure));
    }
    System.getLogger("dev.rill").log(System.Logger.Level.WARNING, PlainText.shown(who + " watches " + figure
        + ", which the logs do not hold; they hold " + logs.names()));
    return OptionalDouble.empty();
  }

  /** What a callback remembers: the figure that it watches and the best value, if there is one. */
  CallbackState state(OptionalDouble best) {
    CallbackState state = new CallbackState().put("figure", figure);
    return best.isPresent() ? state.put("best", best.getAsDouble()) : state;
  }

  /** The best value that a callback remembers of this figure. */
  OptionalDouble best(CallbackState state, String who) {
    if (!figure.equals(Require.given(state, "the state of a callback").text("figure"))) {
      throw new StateException(Checkpoint.brief(who + " watches " + figure + ", in the checkpoint it watches "
          + state.text("figure")) + ": give the callbacks in the order that they had");
    }
    return state.has("best") ? OptionalDouble.of(state.number("best")) : OptionalDouble.empty();
  }

  /** Whether a value is better than another by more than the least difference; anything is better than none. */
  boolean improves(double value, OptionalDouble other) {
    if (other.isEmpty()) {
      return true;
    }
    float reference = (float) other.getAsDouble();
    return larger ? (float) (value - minDelta) > reference : (float) (value + minDelta) < reference;
  }
}
