package dev.rill.layers;

/** The sum of its inputs, from the first to the last. */
public final class Add extends Merge {
  /** Describes one. */
  public Add() {
    this(null);
  }

  private Add(String name) {
    super(name);
  }

  @Override
  public Add named(String name) {
    return new Add(name);
  }
}
