package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.FormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The applications of a functional model's layers, each made as soon as what it reads has been made. Whatever order the layers
 * stand in, each application is read once and each of its inputs is waited for once.
 */
final class Applications {
  private final Map<String, List<List<Symbol>>> made;
  private final MaskReader masks;
  private final Deque<Pending> ready = new ArrayDeque<>();
  /** Who waits for which application of a layer, by the layer's name. */
  private final Map<String, Map<Integer, List<Pending>>> waiting = new HashMap<>();
  private final Repetitions repetitions = new Repetitions();
  private int unfinished;

  /** A layer, and the application of it that comes next. */
  private static final class Pending {
    final String name;
    final Layer layer;
    final Layer behind;
    final JsonArray calls;
    int next;
    CallReader call;
    final List<Symbol> symbols = new ArrayList<>();

    Pending(String name, Layer layer, Layer behind, JsonArray calls) {
      this.name = name;
      this.layer = layer;
      this.behind = behind;
      this.calls = calls;
    }
  }

  /**
   * Starts with what the input layers give.
   *
   * @param made outputs of each application of each layer, by the layer's name in the file
   */
  Applications(Map<String, List<List<Symbol>>> made, MaskReader masks) {
    this.made = made;
    this.masks = masks;
  }

  /**
   * Adds a layer with its applications.
   *
   * @param behind what each of them is handed on to; null for nothing
   */
  void add(String name, Layer layer, Layer behind, JsonObject entry) {
    JsonArray calls = entry.array("inbound_nodes");
    repetitions.add(layer, calls.size(), entry.place("inbound_nodes"));
    ready.add(new Pending(name, layer, behind, calls));
    unfinished++;
  }

  /** Makes all applications of the layers that have been added. */
  void make(String place) {
    while (!ready.isEmpty()) {
      advance(ready.remove());
    }
    if (unfinished > 0) {
      throw new FormatException(place + ": " + unfinished + " layers read from each other or from nothing, among them "
          + waiting.values().iterator().next().values().iterator().next().get(0).name);
    }
  }

  /** Makes as many of a layer's applications as can be made; a layer that has to wait is heard of again when it need not. */
  private void advance(Pending pending) {
    for (; pending.next < pending.calls.size(); pending.next++) {
      if (pending.call == null) {
        pending.call = CallReader.read(pending.calls, pending.next);
      }
      List<CallReader.Source> sources = pending.call.sources();
      while (pending.symbols.size() < sources.size()) {
        CallReader.Source source = sources.get(pending.symbols.size());
        masks.refuse(source);
        if (!source.in(made)) {
          waiting.computeIfAbsent(source.layer(), layer -> new HashMap<>())
              .computeIfAbsent(source.node(), node -> new ArrayList<>()).add(pending);
          return;
        }
        pending.symbols.add(source.find(made));
      }
      int inputs = pending.layer.readsList() ? pending.symbols.size() : 1;
      List<Symbol> outputs = pending.layer.call(pending.symbols.subList(0, inputs),
          pending.symbols.subList(inputs, pending.symbols.size()), masks.applied(pending.call, pending.symbols.subList(0, inputs)));
      made.get(pending.name).add(pending.behind == null ? outputs : pending.behind.call(outputs, List.of(), true));
      pending.call = null;
      pending.symbols.clear();
      wake(pending.name, made.get(pending.name).size() - 1);
    }
    unfinished--;
  }

  private void wake(String layer, int application) {
    Map<Integer, List<Pending>> waiters = waiting.get(layer);
    List<Pending> now = waiters == null ? null : waiters.remove(application);
    if (now != null) {
      ready.addAll(now);
      if (waiters.isEmpty()) {
        waiting.remove(layer);
      }
    }
  }
}
