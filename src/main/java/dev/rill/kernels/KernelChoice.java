package dev.rill.kernels;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which kernels run, and why.
 *
 * <p>{@code -Drill.kernels=auto|scalar|128|256|512}: a width is SIMD from the first call; {@code scalar} never
 * changes; {@code auto} starts on the scalar kernels and switches to SIMD once {@link KernelWarmUp} has got that compiled. One
 * process uses one vector width. Both sets of kernels give the same bits, so switching is one write to one static field.
 */
public final class KernelChoice {
  /** Floats by which rows of hidden size are padded, whatever the width: states and buffers do not depend on it. */
  public static final int PADDING = 16;

  private static final AtomicReferenceArray<String> REMARKS = new AtomicReferenceArray<>(WeightFormat.values().length);
  // Plain on purpose: a step reads one of them once, and either is right.
  private static final Kernels[] REDUCED = new Kernels[WeightFormat.values().length];
  private static Kernels kernels = KernelSettings.KERNELS;

  private KernelChoice() {}

  /**
   * The kernels to use for one call.
   *
   * @return the scalar or the SIMD kernels
   */
  public static Kernels current() {
    return kernels;
  }

  /**
   * The kernels to use for one call on weights of one format. Each format has kernels of its own, which are chosen, compiled and
   * switched to on their own: nobody pays for what he does not use.
   *
   * @param format of all weights that the call reads
   * @return the scalar or the SIMD kernels
   */
  public static Kernels current(WeightFormat format) {
    if (format == WeightFormat.FLOAT32) {
      return kernels;
    }
    Kernels reduced = REDUCED[format.ordinal()];
    return reduced != null ? reduced : first(format);
  }

  private static synchronized Kernels first(WeightFormat format) {
    if (REDUCED[format.ordinal()] == null) {
      REDUCED[format.ordinal()] = KernelSettings.first(format);
    }
    return REDUCED[format.ordinal()];
  }

  /**
   * Floats in a vector of this process' width; weights are packed by it.
   *
   * @return 4, 8 or 16
   */
  public static int lanes() {
    return KernelSettings.LANES;
  }

  /**
   * Rounds a row length up to {@link #PADDING}.
   *
   * @param n floats
   * @return a multiple of {@link #PADDING}, at least {@code n}
   */
  public static int padded(int n) {
    return (n + PADDING - 1) & -PADDING;
  }

  /**
   * Whether a thread of Rill's own may warm up.
   *
   * @return false with {@code -Drill.warmup=off}
   */
  public static boolean warmUpAllowed() {
    return KernelSettings.WARM_UP;
  }

  /**
   * What is wrong with the values of {@code rill.kernels} and {@code rill.warmup}, if anything is.
   *
   * @return a sentence for the user, or null
   */
  public static String problem() {
    return KernelSettings.PROBLEM;
  }

  /**
   * Says what runs and why, in one line.
   *
   * @return for example {@code simd, 512 bit (auto; ready)}; before that {@code compiling}, {@code off} or {@code gave up}
   */
  public static String describe() {
    return describe(WeightFormat.FLOAT32);
  }

  /**
   * Says what runs on weights of one format, and why.
   *
   * @param format of the weights
   * @return for example {@code simd, 512 bit (auto; ready)}; before that {@code compiling}, {@code off} or {@code gave up}
   */
  public static String describe(WeightFormat format) {
    Kernels runs = current(format);
    String now = runs instanceof ScalarKernels ? "scalar" : "simd, " + 32 * lanes() + " bit";
    now += runs instanceof PartlyVectorKernels ? " for single rows, else scalar" : "";
    return now + " (" + KernelSettings.REASON + (KernelSettings.SIMD && !KernelSettings.AT_ONCE ? "; " + progress(format) : "") + ")";
  }

  /** How far the way to SIMD has been gone. */
  private static String progress(WeightFormat format) {
    if (!simdPending(format)) {
      return "ready";
    }
    String remark = REMARKS.get(format.ordinal());
    if (remark != null) {
      return "gave up: " + remark;
    }
    return KernelSettings.WARM_UP ? "compiling" : "off by rill.warmup=off: call warmUp()";
  }

  /**
   * Adds to {@link #describe(WeightFormat)} why the process has not switched to SIMD.
   *
   * @param format whose kernels
   * @param why a sentence
   */
  public static void remark(WeightFormat format, String why) {
    REMARKS.set(format.ordinal(), why);
  }

  /**
   * Whether SIMD is what runs, or what the process may still switch to.
   *
   * @return true if this process can run SIMD
   */
  public static boolean simd() {
    return KernelSettings.SIMD;
  }

  /**
   * Whether the process is still to switch to SIMD, or to all of it.
   *
   * @param format whose kernels
   * @return true until {@link KernelWarmUp} has switched
   */
  public static boolean simdPending(WeightFormat format) {
    Kernels runs = current(format);
    return KernelSettings.SIMD && (runs instanceof ScalarKernels || runs instanceof PartlyVectorKernels);
  }

  static void switchTo(WeightFormat format, Kernels to) {
    if (format == WeightFormat.FLOAT32) {
      kernels = to;
    } else {
      REDUCED[format.ordinal()] = to;
    }
  }
}
