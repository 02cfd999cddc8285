package dev.rill.flink;

import dev.rill.Network;
import dev.rill.WarmUp;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * The networks of a task manager: one for each address, shared by all subtasks that use it and dropped with the last of them. Shared by
 * all jobs where {@code rill} lies in Flink's {@code lib} and {@code dev.rill.} is loaded parent first; by the subtasks of one job else.
 */
final class SharedNetworks {
  private static final String HOOK = "rill";
  private static final Map<ModelAddress, Shared> LOADED = new HashMap<>();

  private static final class Shared {
    final Network network;
    int users;

    Shared(Network network) {
      this.network = network;
    }
  }

  private SharedNetworks() {}

  /** The network of an address; each call needs a {@link #release} of its own. */
  static synchronized Network acquire(ModelAddress model, RuntimeContext context) throws IOException {
    context.registerUserCodeClassLoaderReleaseHookIfAbsent(HOOK, SharedNetworks::jobHasLeft);
    Shared shared = LOADED.get(model);
    if (shared == null) {
      shared = new Shared(model.load());
      LOADED.put(model, shared);
    }
    shared.users++;
    return shared.network;
  }

  static synchronized void release(ModelAddress model) {
    Shared shared = LOADED.get(model);
    if (--shared.users == 0) {
      LOADED.remove(model);
    }
  }

  static synchronized int size() {
    return LOADED.size();
  }

  /** A thread that lingers would keep a job's classes. */
  private static synchronized void jobHasLeft() {
    if (LOADED.isEmpty()) {
      WarmUp.stopBackground();
    }
  }
}
