package dev.rill.layers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps behind a model's outputs, in the order in which Keras finds them and in that in which it lists them. */
final class TopologicalOrder {
  private final List<Step> order = new ArrayList<>();
  private final Set<Step> seen = new HashSet<>();
  private final Map<Object, Integer> found = new IdentityHashMap<>();

  /** Depth first, parents in order, a step after its parents; with a stack of its own, as models may be deep. */
  void visit(Step last) {
    Deque<Step> path = new ArrayDeque<>();
    Deque<Iterator<Step>> left = new ArrayDeque<>();
    enter(last, path, left);
    while (!path.isEmpty()) {
      if (left.peek().hasNext()) {
        enter(left.peek().next(), path, left);
      } else {
        left.pop();
        order.add(path.pop());
      }
    }
  }

  private void enter(Step step, Deque<Step> path, Deque<Iterator<Step>> left) {
    if (seen.add(step)) {
      found.putIfAbsent(step.owner(), found.size());
      path.push(step);
      left.push(step.parents().iterator());
    }
  }

  /** The applications of layers, each behind what it reads. Without streams: the first one costs a new process some 20 ms. */
  List<Symbol.Call> calls() {
    return calls(order);
  }

  private static List<Symbol.Call> calls(Iterable<Step> steps) {
    List<Symbol.Call> calls = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Symbol.Call call) {
        calls.add(call);
      }
    }
    return calls;
  }

  /** Which application of its layer each is, in the order in which they were made. */
  Map<Symbol.Call, Integer> applications() {
    List<Symbol.Call> calls = calls();
    calls.sort(new Comparator<>() {
      @Override
      public int compare(Symbol.Call a, Symbol.Call b) {
        return Long.compare(a.made(), b.made());
      }
    });
    Map<Layer, Integer> counts = new IdentityHashMap<>();
    Map<Symbol.Call, Integer> applications = new HashMap<>();
    for (Symbol.Call call : calls) {
      int count = counts.getOrDefault(call.layer(), 0);
      counts.put(call.layer(), count + 1);
      applications.put(call, count);
    }
    return applications;
  }

  /** Layers alone: a sequential model holds no operations. */
  List<Object> inOrder() {
    Map<Layer, Layer> once = new IdentityHashMap<>();
    List<Object> layers = new ArrayList<>();
    for (Symbol.Call call : calls()) {
      if (once.put(call.layer(), call.layer()) == null) {
        layers.add(call.layer());
      }
    }
    return layers;
  }

  /** The distance of each step from the outputs, in the order in which Keras comes to know it. */
  Map<Step, Integer> depths() {
    Map<Step, Integer> depths = new LinkedHashMap<>();
    Map<Object, Integer> ownerDepths = new IdentityHashMap<>();
    for (int i = order.size() - 1; i >= 0; i--) {
      Step step = order.get(i);
      int depth = Math.max(depths.getOrDefault(step, 0), ownerDepths.getOrDefault(step.owner(), 0));
      depths.put(step, depth);
      ownerDepths.put(step.owner(), depth);
      for (Step parent : step.parents()) {
        depths.put(parent, Math.max(depths.getOrDefault(parent, 0), depth + 1));
      }
    }
    return depths;
  }

  /** Layers and operations by decreasing distance from the outputs, as a functional model lists them. */
  List<Object> byDepth(Map<Step, Integer> depths) {
    Map<Object, Integer> ownerDepths = new IdentityHashMap<>();
    for (Map.Entry<Step, Integer> each : depths.entrySet()) {
      Object owner = each.getKey().owner();
      ownerDepths.put(owner, Math.max(ownerDepths.getOrDefault(owner, 0), each.getValue()));
    }
    List<Object> owners = new ArrayList<>(ownerDepths.keySet());
    owners.sort(new Comparator<>() {
      @Override
      public int compare(Object a, Object b) {
        int byDepth = Integer.compare(ownerDepths.get(b), ownerDepths.get(a));
        return byDepth != 0 ? byDepth : Integer.compare(found.get(a), found.get(b));
      }
    });
    return owners;
  }

  /** The applications as Keras carries them out, furthest from the outputs first: it matters to a stateful layer with two of them. */
  static List<Symbol.Call> running(Map<Step, Integer> depths) {
    List<Symbol.Call> calls = calls(depths.keySet());
    calls.sort(new Comparator<>() {
      @Override
      public int compare(Symbol.Call a, Symbol.Call b) {
        return Integer.compare(depths.get(b), depths.get(a));
      }
    });
    return calls;
  }
}
