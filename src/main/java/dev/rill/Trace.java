package dev.rill;

import dev.rill.engine.Recording;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model has done over time: its inputs, the states of every recurrent layer after each step, its outputs, and on request the
 * gates. Immutable. Parts of a layer that is made of others are layers of their own, such as
 * {@code bidirectional/forward_lstm}. What is within a {@code TimeDistributed} starts anew at each step of the sequence: all the steps
 * that it makes there follow those that it made at the step before.
 */
public final class Trace {
  /**
   * One of these over time.
   *
   * @param layer the layer's name
   * @param kind {@code x} of an input, {@code y} of an output, {@code h} or {@code c} of a state; {@code input}, {@code forget},
   *     {@code candidate} and {@code output} of an LSTM's gates, {@code update}, {@code reset} and {@code candidate} of a GRU's. In a
   *     step that a mask takes back, states are those before it and gates what they would have been
   * @param values of shape (rows, steps, units), as many steps as the layer has; a layer that goes backwards has the
   *     state after a step at the time of that step
   */
  public record Track(String layer, String kind, Tensor values) {
    /** Refuses what is missing. */
    public Track {
      Require.given(layer, "the layer");
      Require.given(kind, "the kind");
      Require.given(values, "the values");
    }

    /** {@return whether it is an input or an output rather than a part of a recurrent layer} */
    public boolean port() {
      return kind.equals(Recording.INPUT) || kind.equals(Recording.OUTPUT);
    }
  }

  private final List<Track> tracks;

  private Trace(List<Track> tracks) {
    this.tracks = tracks;
  }

  /**
   * Runs one batch and says what happened on the way, to the same bits as {@link Model#predictOnBatch(List)}; states of stateful
   * layers advance. Needs memory for all of it at once.
   *
   * @param model what runs
   * @param x one tensor an input
   * @param gates whether gates are wanted beside states
   * @return inputs, the states of every recurrent layer after each step, outputs
   * @throws dev.rill.tensor.ShapeException if shapes do not fit, or the batch is not as large as a stateful model's state
   */
  public static Trace of(Model model, List<Tensor> x, boolean gates) {
    return Require.given(model, "the model").forward.trace(x, gates);
  }

  /** Copies some rows, which have as many steps each. */
  static Trace of(Recording recording, int from, int rows) {
    List<Track> tracks = new ArrayList<>();
    List<State.Plane> planes = recording.planes();
    for (int p = 0; p < planes.size(); p++) {
      tracks.add(new Track(planes.get(p).layer(), planes.get(p).kind(), recording.values(p, from, rows)));
    }
    return new Trace(List.copyOf(tracks));
  }

  /**
   * Everything that was recorded.
   *
   * @return inputs, then recurrent layers in running order, each its states before its gates, then outputs
   */
  public List<Track> tracks() {
    return tracks;
  }

  /**
   * One track.
   *
   * @param layer the layer's name
   * @param kind such as {@code h}
   * @return its values, (rows, steps, units); of a layer that is applied more than once those of the first time
   * @throws RillException if there is none
   */
  public Tensor get(String layer, String kind) {
    List<String> known = new ArrayList<>();
    for (Track track : tracks) {
      if (track.layer().equals(layer) && track.kind().equals(kind)) {
        return track.values();
      }
      known.add(track.layer() + " " + track.kind());
    }
    throw new RillException("nothing was recorded of layer " + layer + ", " + kind + "; there are " + known);
  }

  /**
   * Number of rows.
   *
   * @return as in every track
   */
  public int rows() {
    return tracks.get(0).values().shape().axis(0);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("trace of " + rows() + " rows:");
    for (Track track : tracks) {
      text.append(' ').append(track.layer()).append(' ').append(track.kind()).append(track.values().shape());
    }
    return PlainText.shown(text.toString());
  }
}
