package dev.rill.kernels;

/**
 * Rows of weights that are read one by one, in any format. Widening is exact and a scaled number is one multiplication,
 * so one plain loop serves all sets of kernels.
 */
public abstract class Table {
  private final int columns;
  private final int rows;

  private Table(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Packs a table; for int8 every row has a scale of its own.
   *
   * @param format of its weights
   * @param weights its values, [rows][columns]
   * @param at first of them
   * @param rows number of rows
   * @param columns length of a row
   * @return the packed table
   */
  public static Table of(WeightFormat format, float[] weights, int at, int rows, int columns) {
    return switch (format) {
      case FLOAT32 -> new Floats(weights, at, rows, columns);
      case BFLOAT16 -> new Halves(weights, at, rows, columns);
      case INT8 -> new Bytes(weights, at, rows, columns);
    };
  }

  /**
   * Reads one row.
   *
   * @param row its index
   * @param to target
   * @param at first element written
   */
  public final void read(int row, float[] to, int at) {
    read(row, row * columns, columns, to, at);
  }

  abstract void read(int row, int from, int count, float[] to, int at);

  /**
   * Memory held.
   *
   * @return bytes
   */
  public long bytes() {
    return (long) rows * columns * bytesPerWeight();
  }

  abstract int bytesPerWeight();

  private static final class Floats extends Table {
    private final float[] data;

    Floats(float[] weights, int at, int rows, int columns) {
      super(rows, columns);
      data = new float[rows * columns];
      System.arraycopy(weights, at, data, 0, data.length);
    }

    @Override
    void read(int row, int from, int count, float[] to, int at) {
      System.arraycopy(data, from, to, at, count);
    }

    @Override
    int bytesPerWeight() {
      return Float.BYTES;
    }
  }

  private static final class Halves extends Table {
    private final short[] data;

    Halves(float[] weights, int at, int rows, int columns) {
      super(rows, columns);
      data = new short[rows * columns];
      for (int i = 0; i < data.length; i++) {
        data[i] = (short) Bfloat16.of(weights[at + i]);
      }
    }

    @Override
    void read(int row, int from, int count, float[] to, int at) {
      for (int j = 0; j < count; j++) {
        to[at + j] = Bfloat16.widen(data[from + j]);
      }
    }

    @Override
    int bytesPerWeight() {
      return Short.BYTES;
    }
  }

  private static final class Bytes extends Table {
    private final byte[] data;
    private final float[] scales;

    Bytes(float[] weights, int at, int rows, int columns) {
      super(rows, columns);
      data = new byte[rows * columns];
      scales = new float[rows];
      for (int row = 0; row < rows; row++) {
        float largest = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
          largest = Int8.magnitude(largest, weights[at + i]);
        }
        scales[row] = Int8.scale(largest);
        for (int i = row * columns; i < (row + 1) * columns; i++) {
          data[i] = (byte) Int8.of(weights[at + i], scales[row]);
        }
      }
    }

    @Override
    void read(int row, int from, int count, float[] to, int at) {
      for (int j = 0; j < count; j++) {
        to[at + j] = data[from + j] * scales[row];
      }
    }

    @Override
    int bytesPerWeight() {
      return Byte.BYTES;
    }

    @Override
    public long bytes() {
      return super.bytes() + (long) Float.BYTES * scales.length;
    }
  }
}
