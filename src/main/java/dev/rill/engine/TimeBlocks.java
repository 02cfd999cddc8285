package dev.rill.engine;

import dev.rill.layers.Graph;
import dev.rill.tensor.Shape;

/**
 * How a call's time is cut into blocks, so that scratch memory stays in a core's cache, or is small beside weights that do not,
 * however long a sequence is.
 */
final class TimeBlocks {
  private final Graph graph;
  private final PlanPorts inputs;
  /** Whether a layer gives other steps than it reads. */
  private final boolean makesTime;
  private final boolean streams;
  /** Rows times steps of a block. */
  private final int cells;

  TimeBlocks(Graph graph, PlanPorts inputs, boolean makesTime, boolean streams, int cells) {
    this.graph = graph;
    this.inputs = inputs;
    this.makesTime = makesTime;
    this.streams = streams;
    this.cells = cells;
  }

  /** Time steps of the longest sequence of a call that is bound to a workspace. */
  int longest(PlanMemory ws) {
    if (makesTime) {
      ws.counts().count(ws.boundInputs());
      return ws.counts().longest();
    }
    int longest = 1;
    for (int i = 0; i < inputs.signals.length; i++) {
      longest = Math.max(longest, ws.boundInput(i).steps);
    }
    return longest;
  }

  /** Time steps of a call that are carried out at once. */
  int block(PlanMemory ws, int longest, int rows) {
    return longest > 1 && longest > most(rows) && cuttable(ws, longest) ? most(rows) : longest;
  }

  /** The same of a call whose inputs have so many steps, unless their number is known. */
  int block(int steps, int rows) {
    if (streams) {
      return Math.min(Math.max(steps, 1), most(rows));
    }
    int[] given = new int[inputs.signals.length];
    for (int i = 0; i < given.length; i++) {
      Shape shape = graph.shape(graph.inputs().get(i));
      given[i] = !inputs.sequences[i] ? 1 : shape.axis(1) == Shape.UNKNOWN ? steps : shape.axis(1);
    }
    int[] counts = new int[graph.nodes().size()];
    graph.steps(given, counts, graph.reads());
    int longest = 1;
    for (int count : counts) {
      longest = Math.max(longest, count);
    }
    return longest;
  }

  private int most(int rows) {
    return Math.max(1, cells / Math.max(1, rows));
  }

  /** Whether time can be cut: all sequences must be equally long. */
  private boolean cuttable(PlanMemory ws, int longest) {
    for (int i = 0; i < inputs.signals.length; i++) {
      if (inputs.sequences[i] && ws.boundInput(i).steps != longest) {
        return false;
      }
    }
    return streams;
  }
}
