package dev.rill.kernels;

import java.util.List;
import java.util.Locale;

/**
 * The choice made once for the process: never throws, so that a wrong property is reported where a model is
 * made and not as a class that cannot be initialised.
 */
final class KernelSettings {
  private static final List<String> X86 = List.of("amd64", "x86_64");
  /** Lanes that weights are packed by; without SIMD any number would do. */
  static final int LANES;
  /** Vector registers to count on: 32, but 16 on x86 whose widest vectors are shorter than those of AVX-512. */
  static final int REGISTERS;
  /** The kernels to start with. */
  static final Kernels KERNELS;
  /** The kernels that do nothing, see {@link KernelWarmUp}. */
  static final Kernels IDLE = new KernelWarmUp.Idle();
  /** Whether SIMD runs, or may be switched to. */
  static final boolean SIMD;
  /** Whether SIMD runs from the first call. */
  static final boolean AT_ONCE;
  /** Why it is these. */
  static final String REASON;
  /** What is wrong with the properties, or null. */
  static final String PROBLEM;
  /** Whether a thread of Rill's own may warm up. */
  static final boolean WARM_UP;

  static {
    PropertyNames.warn();
    String wish = property("rill.kernels", "auto").toLowerCase(Locale.ROOT);
    String refusal = wish.equals("scalar") ? "rill.kernels=scalar" : refusal(wish);
    int preferred = refusal == null ? preferredBits() : 0;
    if (refusal == null && preferred < 128) {
      refusal = "vectors of " + preferred + " bit are too short";
    }
    String problem = null;
    int bits = Math.min(preferred, 512);
    boolean simd = refusal == null;
    if (wish.equals("128") || wish.equals("256") || wish.equals("512")) {
      bits = Integer.parseInt(wish);
      if (refusal != null) {
        problem = "rill.kernels=" + wish + " asks for SIMD, but " + refusal + "; use auto or scalar";
      } else if (bits > preferred) {
        problem = "rill.kernels=" + wish + ": the widest vectors here have " + preferred + " bit; use auto or a smaller width";
      }
      simd = problem == null;
    } else if (!wish.equals("auto") && !wish.equals("scalar")) {
      problem = "rill.kernels=" + wish + ": expected auto, scalar, 128, 256 or 512";
      simd = false;
    }
    String warmUp = property("rill.warmup", "on").toLowerCase(Locale.ROOT);
    if (!warmUp.equals("on") && !warmUp.equals("off")) {
      problem = "rill.warmup=" + warmUp + ": expected on or off";
    }
    WARM_UP = warmUp.equals("on");
    LANES = simd ? bits / 32 : KernelChoice.PADDING;
    REGISTERS = preferred < 512 && X86.contains(property("os.arch", "")) ? 16 : 32;
    SIMD = simd;
    PROBLEM = problem;
    AT_ONCE = simd && !wish.equals("auto");
    KERNELS = first(WeightFormat.FLOAT32);
    REASON = refusal != null ? refusal : simd && !AT_ONCE ? "auto" : "rill.kernels=" + wish;
  }

  private KernelSettings() {}

  /** The kernels to start with on weights of one format. */
  static Kernels first(WeightFormat format) {
    return AT_ONCE ? vectorKernels(format) : scalarKernels(format);
  }

  static Kernels scalarKernels(WeightFormat format) {
    return switch (format) {
      case FLOAT32 -> new ScalarKernels();
      case BFLOAT16 -> new ScalarBfloat16();
      case INT8 -> new ScalarInt8();
    };
  }

  /** Loads the SIMD kernels by name: nothing else refers to them, so scalar processes never touch the module. */
  static Kernels vectorKernels(WeightFormat format) {
    String name = switch (format) {
      case FLOAT32 -> "dev.rill.kernels.VectorKernels";
      case BFLOAT16 -> "dev.rill.kernels.VectorBfloat16";
      case INT8 -> "dev.rill.kernels.VectorInt8";
    };
    try {
      return (Kernels) Class.forName(name).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the SIMD kernels cannot be made", e);
    }
  }

  static String property(String name, String otherwise) {
    try {
      String value = System.getProperty(name);
      return value == null || value.isEmpty() ? otherwise : value;
    } catch (SecurityException e) {
      return otherwise;
    }
  }

  /** Whether a module is there. By a loop: to find none, the layer itself would stream, which costs a new process milliseconds. */
  private static boolean isResolved(String name) {
    for (Module module : ModuleLayer.boot().modules()) {
      if (name.equals(module.getName())) {
        return true;
      }
    }
    return false;
  }

  /** Why SIMD cannot or should not run on this machine, or null. */
  private static String refusal(String wish) {
    String vm = property("java.vm.name", "");
    String info = property("java.vm.info", "");
    String version = property("java.vm.version", "") + property("java.vendor.version", "");
    if (!isResolved("jdk.incubator.vector")) {
      return "the module jdk.incubator.vector is not resolved (add --add-modules jdk.incubator.vector)";
    }
    if (!vm.contains("HotSpot") && !vm.contains("OpenJDK") || vm.contains("J9")) {
      return "this JVM (" + vm + ") is not HotSpot";
    }
    if (info.contains("interpreted") || info.contains("emulated-client") || vm.contains("Client")) {
      return "the optimising compiler C2 is off (" + info + ")";
    }
    if ((version.contains("jvmci") || version.contains("Graal")) && wish.equals("auto")) {
      return "the compiler is not HotSpot's own (" + version + ")";
    }
    if (!Fma.HARDWARE) {
      return "there is no fused multiply-add in hardware";
    }
    return null;
  }

  private static int preferredBits() {
    try {
      return VectorWidth.preferredBits();
    } catch (LinkageError e) {
      return 0;
    }
  }
}
