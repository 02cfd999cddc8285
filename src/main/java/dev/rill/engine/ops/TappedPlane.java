package dev.rill.engine.ops;

import dev.rill.tensor.State;

/**
 * What an op tells a {@link StateTap}.
 *
 * @param plane the layer, the kind, floats of a step
 * @param steps how many of them it makes in each step of the op: more than one if it runs within that step
 */
public record TappedPlane(State.Plane plane, int steps) {}
