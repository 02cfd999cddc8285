package dev.rill.layers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps behind a model's outputs, in the order in which Keras finds them and in that in which it lists them. */
final class Walk {
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

  /** The applications of layers. */
  List<Symbol.Call> calls() {
    return order.stream().filter(Symbol.Call.class::isInstance).map(Symbol.Call.class::cast).toList();
  }

  /** Which application of its layer each is, in the order in which they were made. */
  Map<Symbol.Call, Integer> applications() {
    List<Symbol.Call> calls = new ArrayList<>(calls());
    calls.sort(Comparator.comparingLong(Symbol.Call::made));
    Map<Layer, Integer> counts = new IdentityHashMap<>();
    Map<Symbol.Call, Integer> applications = new HashMap<>();
    for (Symbol.Call call : calls) {
      applications.put(call, counts.merge(call.layer(), 1, Integer::sum) - 1);
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

  /** By decreasing distance from the outputs, as a functional model lists its layers and operations. */
  List<Object> byDepth() {
    Map<Step, Integer> depths = new HashMap<>();
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
}
