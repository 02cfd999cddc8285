package dev.rill.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rill.Model;
import dev.rill.ModelLayer;
import dev.rill.Network;
import dev.rill.Session;
import dev.rill.WarmUp;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.training.Callback;
import dev.rill.training.FitContext;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every public constructor and method of every exported package, with values that are fine, missing, empty, negative, huge, NaN and
 * of the wrong shape: whatever a caller does wrong is a {@link RillException} with words, takes little memory, and changes nothing.
 * More of them by {@code -Dapi.fuzz=1000}.
 */
class ApiFuzzTest {
  private static final int ROUNDS = Integer.getInteger("api.fuzz", 8);
  private static final long MOST_BYTES = 64 << 20;

  @TempDir
  static Path folder;

  private final Set<String> findings = new TreeSet<>();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long calls;
  private long refusals;

  @Test
  void whateverACallerDoesWrongIsRefusedInTime() throws Exception {
    AwkwardValues values = new AwkwardValues(folder);
    Probe probe = new Probe();
    for (Class<?> type : PublicApi.classes()) {
      for (Executable member : PublicApi.members(type)) {
        fuzz(type, member, values, probe);
      }
    }
    System.out.println(calls + " calls, " + refusals + " refused, " + findings.size() + " findings");
    assertTrue(calls > 10_000, "hardly anything was called: " + calls);
    assertEquals("", String.join("\n", findings));
  }

  /** What this test is good for: methods that take their arguments for granted are found. */
  @Test
  void carelessMethodsAreFound() throws Exception {
    AwkwardValues values = new AwkwardValues(folder);
    for (String name : List.of("last", "room", "silent")) {
      findings.clear();
      for (Executable member : PublicApi.members(Careless.class)) {
        if (member.getName().equals(name)) {
          fuzz(Careless.class, member, values, new Probe());
        }
      }
      assertTrue(findings.size() > 0, name);
    }
  }

  /** As nobody should write them. */
  public static final class Careless {
    private Careless() {}

    /** Fails on null, and on an empty array. */
    public static int last(int[] values) {
      return values[values.length - 1];
    }

    /** Takes whatever it is asked for. */
    public static float[] room(int size) {
      return new float[Math.max(0, Math.min(size, 1 << 25))];
    }

    /** Says nothing. */
    public static void silent(String text) {
      throw new RillException("");
    }
  }

  private void fuzz(Class<?> type, Executable member, AwkwardValues values, Probe probe) throws Exception {
    List<List<Callable<?>>> parameters = new ArrayList<>();
    if (!Modifier.isStatic(member.getModifiers()) && member instanceof Method) {
      parameters.add(values.of(type));
    }
    for (Type parameter : member.getGenericParameterTypes()) {
      parameters.add(values.of(parameter));
    }
    if (parameters.stream().anyMatch(List::isEmpty)) {
      findings.add("cannot be called: " + member);
      return;
    }
    int[] choice = new int[parameters.size()];
    call(type, member, parameters, choice, probe);
    for (int p = 0; p < choice.length; p++) {
      for (int v = 1; v < parameters.get(p).size(); v++) {
        Arrays.fill(choice, 0);
        choice[p] = v;
        call(type, member, parameters, choice, probe);
      }
    }
    Random random = new Random(member.toString().hashCode());
    for (int round = 0; choice.length > 1 && round < ROUNDS; round++) {
      for (int p = 0; p < choice.length; p++) {
        choice[p] = random.nextInt(parameters.get(p).size());
      }
      call(type, member, parameters, choice, probe);
    }
  }

  private void call(Class<?> type, Executable member, List<List<Callable<?>>> parameters, int[] choice, Probe probe)
      throws Exception {
    Object[] all = new Object[choice.length];
    for (int p = 0; p < all.length; p++) {
      all[p] = parameters.get(p).get(choice[p]).call();
    }
    boolean onObject = all.length > member.getParameterCount();
    Object receiver = onObject ? all[0] : null;
    Object[] arguments = onObject ? Arrays.copyOfRange(all, 1, all.length) : all;
    if (onObject && receiver == null || calledByTheLoop(type, member)) {
      return;
    }
    Object before = Probe.content(receiver);
    calls++;
    long allocated = threads.getCurrentThreadAllocatedBytes();
    try {
      if (member instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        ((Method) member).invoke(receiver, arguments);
      }
    } catch (InvocationTargetException e) {
      refusals++;
      judge(member, choice, e.getCause());
      if (!before.equals(Probe.content(receiver))) {
        find(member, choice, "changed before it was refused with " + e.getCause());
      }
      probe.check();
    } catch (IllegalArgumentException e) {
      find(member, choice, "was called wrongly: " + e);
    }
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    // Vectors are objects until they are compiled, which is what a warm-up is there for.
    if (allocated > MOST_BYTES && !(member instanceof Method method && method.getReturnType() == WarmUp.class)) {
      find(member, choice, "took " + (allocated >> 20) + " MB");
    }
  }

  /** What the training loop calls is given what it gives. */
  private static boolean calledByTheLoop(Class<?> type, Executable member) {
    return Callback.class.isAssignableFrom(type) && member.getName().startsWith("on")
        && Arrays.asList(member.getParameterTypes()).contains(FitContext.class);
  }

  private void judge(Executable member, int[] choice, Throwable refusal) {
    boolean declared = Arrays.stream(member.getExceptionTypes()).anyMatch(type -> type.isInstance(refusal));
    boolean ours = refusal instanceof RillException || refusal instanceof UncheckedIOException
        || refusal instanceof IOException && declared || declared;
    if (!ours) {
      StackTraceElement[] stack = refusal.getStackTrace();
      String where = "";
      for (StackTraceElement element : stack) {
        if (element.getClassName().startsWith("dev.rill.")) {
          where = element.toString();
          break;
        }
      }
      find(member, choice, refusal + " at " + where);
    } else if (refusal.getMessage() == null || refusal.getMessage().length() < 8) {
      find(member, choice, "has no words: " + refusal);
    }
  }

  private void find(Executable member, int[] choice, String what) {
    String name = member.toString().replaceAll("dev\\.rill\\.|java\\.\\w+\\.", "");
    findings.add(name + " " + Arrays.toString(choice) + ": " + (what.length() > 200 ? what.substring(0, 200) : what));
  }

  /** A session and a model beside all calls, which must go on to the same bits. */
  private static final class Probe {
    private final Model model = AwkwardValues.model();
    private final Session session = model.freeze().session(2);
    private final State start = session.state();
    private final Tensor expected = model.predict(AwkwardValues.x());

    void check() {
      session.state(start);
      float[] y = new float[4];
      session.run(4, AwkwardValues.x().array(), y);
      assertEquals(expected, Tensor.of(y, 2, 2), "the session beside");
      assertEquals(expected, model.predict(AwkwardValues.x()), "the model beside");
    }

    /** What must not change where a call is refused. */
    static Object content(Object receiver) {
      if (receiver instanceof Session session) {
        return session.state();
      } else if (receiver instanceof Network network) {
        return network.weightsFingerprint();
      } else if (receiver instanceof Model model) {
        List<Object> all = new ArrayList<>();
        for (ModelLayer layer : model.layers()) {
          all.add(layer.weights());
          all.add(layer.states());
        }
        return all;
      } else if (receiver instanceof Weights weights) {
        return weights.values() == null ? "a layout" : Arrays.hashCode(weights.values());
      } else if (receiver instanceof Tensor tensor) {
        return Tensor.of(tensor.toArray(), tensor.shape().toArray());
      }
      return receiver instanceof State state ? state : "nothing that is compared";
    }
  }
}
