package dev.rill.fuzz;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes of states, of a network or of planes of their own, numbers replaced and check sums right; then what states do. */
public final class StateFuzzer {
  private static final Network NETWORK = network();

  private StateFuzzer() {}

  private static Network network() {
    LSTM first = new LSTM(3).named("a").returnSequences(true);
    return Sequential.of(Input.shape(Shape.UNKNOWN, 2), first, new GRU(2).named("b")).freeze();
  }

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    List<State.Plane> planes = new ArrayList<>(NETWORK.planes());
    for (int n = choices.below(4); n > 0; n--) {
      State.Plane plane = new State.Plane(Hdf5Node.name(choices), choices.of("h", "c"), 1 + choices.below(5));
      planes.add(choices.below(planes.size()), plane);
    }
    for (int n = choices.below(5); n > 0 && !planes.isEmpty(); n--) {
      planes.remove(choices.below(planes.size()));
    }
    int rows = planes.isEmpty() ? 0 : choices.below(5);
    Draft draft = draft(planes, rows, choices.oneIn(8) ? 0 : NETWORK.weightsFingerprint(), choices);
    byte[] bytes = draft.finish(choices);
    Bounds.hold(bytes.length, () -> {
      State state = State.fromBytes(bytes);
      Bounds.require(Arrays.equals(bytes, state.toBytes()) || !draft.right(), "other bytes when written again");
      Bounds.hold(bytes.length, () -> use(state, choices));
      Bounds.hold(bytes.length, () -> run(state));
    });
  }

  private static void use(State state, Choices choices) {
    State twice = state.append(state);
    int[] rows = new int[choices.below(4)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = choices.below(9) - 1;
    }
    State some = twice.gather(rows);
    Bounds.require(some.rows() == rows.length, "gathered " + some.rows() + " rows of " + rows.length);
    State again = twice.scatter(some, rows);
    Bounds.require(again.rows() == twice.rows(), "scattering changed the number of rows");
    Bounds.require(State.join(List.of(state, some)).rows() == state.rows() + some.rows(), "joining changed the number of rows");
  }

  private static void run(State state) {
    var session = NETWORK.session(state);
    Bounds.require(Arrays.equals(session.state().toBytes(), renamed(state).toBytes()), "a session gives out another state than it took");
    session.step(new float[2 * state.rows()], new float[2 * state.rows()]);
  }

  /** A state that fits the network, its planes called as the network calls them: a state fits whatever its layers are called. */
  private static State renamed(State state) {
    float[][] values = new float[state.planes().size()][];
    for (int p = 0; p < values.length; p++) {
      values[p] = state.values(p);
    }
    return State.of(NETWORK.planes(), state.rows(), state.weightsFingerprint(), values);
  }

  private static Draft draft(List<State.Plane> planes, int rows, int weights, Choices choices) {
    Draft body = new Draft();
    for (State.Plane plane : planes) {
      for (String text : List.of(plane.layer(), plane.kind())) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        body.number(4, utf8.length).bytes(utf8);
      }
      body.number(4, plane.units());
    }
    for (State.Plane plane : planes) {
      for (float value : choices.reals(rows * plane.units())) {
        body.number(4, Float.floatToIntBits(value));
      }
    }
    Draft draft = new Draft().text("RILLSTAT").number(4, 1).number(4, rows).number(4, planes.size());
    return draft.number(4, State.structureFingerprint(planes)).number(4, weights).append(body).seal(Draft.Sum.CRC32C, 0);
  }
}
