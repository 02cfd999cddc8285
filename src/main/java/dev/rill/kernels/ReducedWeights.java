package dev.rill.kernels;

/**
 * Packed weights in bfloat16 or int8.
 *
 * <p>Starting values stay float32, all of them in front, in the order of a row of results. Kernel and recurrent kernel follow
 * as {@link Part}s, panel by panel as in {@link PackedWeights}, but a 32-bit word holds two or four weights: those of one column in
 * neighbouring rows. So one load of a vector of words serves as many multiply-adds of a chain, and widening is a shift or
 * a mask in a vector of the one width that this process uses.
 */
final class ReducedWeights extends PackedWeights {
  /** Words before the first, which begins where a cache line does if the array is large, see {@link Arena}. */
  private static final int FIRST = 12;

  /** The packed rows of a kernel or a recurrent kernel: a part of every sum. */
  static final class Part {
    /** Rows of the matrix: inputs of the part. */
    final int count;
    /** Vectors of a wide panel that it updates. */
    final int vectors;
    /** The first of them. */
    final int first;
    final int wide;
    final int narrow;
    final int[] data;
    final int base = FIRST;
    final int perWord;
    /** Words from one wide panel to the next. */
    final int panelStride;
    /** Int8: a scale for each column, panel by panel; else null. */
    final float[] scales;

    private Part(PackedWeights from, WeightFormat format, int count, int skipped, int first) {
      int lanes = KernelChoice.lanes();
      perWord = format.perWord();
      this.count = count;
      this.first = first;
      vectors = from.rowStride / lanes;
      wide = from.wide;
      narrow = from.narrow;
      int words = (count + perWord - 1) / perWord;
      panelStride = words * vectors * lanes;
      data = new int[FIRST + Math.addExact(Math.multiplyExact(wide, panelStride), narrow * words * lanes)];
      scales = format == WeightFormat.INT8 ? new float[(wide * vectors + narrow) * lanes] : null;
      for (int panel = 0; panel < wide; panel++) {
        panel(from, panel, 4 * lanes, skipped, vectors * lanes, panel * vectors * lanes);
      }
      if (narrow > 0) {
        panel(from, wide, lanes, skipped, lanes, wide * vectors * lanes);
      }
    }

    /** Packs one panel of {@code width} columns, the first of which is column {@code column} of the part. */
    private void panel(PackedWeights from, int panel, int start, int skipped, int width, int column) {
      int at = from.base + panel * from.panelStride + start + skipped * width;
      int to = base + panel * panelStride;
      if (scales == null) {
        for (int k = 0; k < count; k++) {
          for (int j = 0; j < width; j++) {
            data[to + k / 2 * width + j] |= Bfloat16.of(from.data[at + k * width + j]) << 16 * (k % 2);
          }
        }
        return;
      }
      for (int k = 0; k < count; k++) {
        for (int j = 0; j < width; j++) {
          scales[column + j] = Int8.magnitude(scales[column + j], from.data[at + k * width + j]);
        }
      }
      for (int j = 0; j < width; j++) {
        scales[column + j] = Int8.scale(scales[column + j]);
      }
      for (int k = 0; k < count; k++) {
        for (int j = 0; j < width; j++) {
          data[to + k / 4 * width + j] |= (Int8.factor(from.data[at + k * width + j], scales[column + j]) & 0xff) << 8 * (k % 4);
        }
      }
    }

    private long bytes() {
      return 4L * (data.length - FIRST) + (scales == null ? 0 : 4L * scales.length);
    }
  }

  final Part kernel;
  /** Null if there is none. */
  final Part recurrent;

  /** Packs anew what is packed as float32. */
  ReducedWeights(PackedWeights from, WeightFormat format) {
    super(from, starts(from));
    kernel = new Part(from, format, from.inputs, 0, 0);
    recurrent = from.hidden == 0 ? null
        : new Part(from, format, from.hidden, from.inputs, 4 - from.rowStride / KernelChoice.lanes());
  }

  private static float[] starts(PackedWeights from) {
    int lanes = KernelChoice.lanes();
    float[] starts = new float[from.outputLength()];
    for (int panel = 0; panel <= from.wide; panel++) {
      int count = panel < from.wide ? 4 * lanes : from.narrow * lanes;
      System.arraycopy(from.data, from.base + (count == 0 ? 0 : panel * from.panelStride), starts, panel * 4 * lanes, count);
    }
    return starts;
  }

  @Override
  public long bytes() {
    return 4L * data.length + kernel.bytes() + (recurrent == null ? 0 : recurrent.bytes());
  }

  /** Puts the starting values into the rows of results, unless they are there. */
  void begin(int rows, Rows start, Rows out) {
    if (start == out) {
      return;
    }
    for (int row = 0; row < rows; row++) {
      if (start == null) {
        System.arraycopy(data, 0, out.data, out.at + row * out.stride, data.length);
      } else {
        System.arraycopy(start.data, start.at + row * start.stride, out.data, out.at + row * out.stride, data.length);
      }
    }
  }
}
