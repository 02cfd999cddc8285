package dev.rill;

import dev.rill.engine.PlanMemory;

/**
 * Scratch memory for the sessions of one thread on one network, from {@link Network#workspace()}: many sessions of few rows share
 * one, so that each costs its state alone. It is empty before the first call and grows to the largest one. Two sessions of two
 * threads that share one are refused by a {@link dev.rill.tensor.StateException} where they meet.
 */
public final class Workspace {
  final PlanMemory memory;

  Workspace(PlanMemory memory) {
    this.memory = memory;
  }

  /** Returns for how large calls it has room. */
  @Override
  public String toString() {
    return "Workspace with room for " + memory.room();
  }
}
