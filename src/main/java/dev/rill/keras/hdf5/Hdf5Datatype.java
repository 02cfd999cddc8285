package dev.rill.keras.hdf5;

import dev.rill.io.ElementType;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What an element is.
 *
 * @param kind which of the kinds that are read
 * @param element for numbers and truth values, null otherwise
 * @param size bytes of an element
 * @param order of the bytes of a number
 */
record Hdf5Datatype(Kind kind, ElementType element, int size, ByteOrder order) {
  enum Kind { NUMBER, OPAQUE, TEXT_IN_HEAP, TEXT_PADDED_WITH_NULL, TEXT_PADDED_WITH_SPACE }

  private static final int BIG_ENDIAN = 1;
  private static final int SIGNED = 8;
  private static final int SPACE_PADDED = 2;
  private static final int MAX_VERSION = 5;
  /** Enumeration members as h5py writes them for bool: names, padded to 8 bytes before version 3, then the values. */
  private static final byte[] FALSE_TRUE = "FALSE\0\0\0TRUE\0\0\0\0\0\1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DENSE_FALSE_TRUE = "FALSE\0TRUE\0\0\1".getBytes(StandardCharsets.US_ASCII);

  private Hdf5Datatype(Kind kind, int size) {
    this(kind, null, size, ByteOrder.LITTLE_ENDIAN);
  }

  static Hdf5Datatype read(Hdf5Cursor cursor) {
    int head = cursor.u8();
    int type = head & 15;
    int version = head >> 4;
    if (version < 1 || version > MAX_VERSION) {
      throw cursor.unsupported("version " + version + " of a data type (1 to " + MAX_VERSION + " are known)");
    }
    int bits = cursor.u16() | cursor.u8() << 16;
    long size = cursor.u32();
    if (size <= 0 || size > 1 << 16) {
      throw cursor.bad("expected an element of 1 to 65536 bytes, found " + size);
    }
    return switch (type) {
      case 0 -> new Hdf5Datatype(Kind.NUMBER, integer(cursor, bits & ~BIG_ENDIAN, (int) size), (int) size, order(bits));
      case 1 -> new Hdf5Datatype(Kind.NUMBER, floatingPoint(cursor, bits & ~BIG_ENDIAN, (int) size), (int) size, order(bits));
      case 3 -> new Hdf5Datatype((bits & 15) == SPACE_PADDED ? Kind.TEXT_PADDED_WITH_SPACE : Kind.TEXT_PADDED_WITH_NULL,
          (int) size);
      case 5 -> new Hdf5Datatype(Kind.OPAQUE, (int) size);
      case 8 -> bool(cursor, version < 3 ? FALSE_TRUE : DENSE_FALSE_TRUE, bits, (int) size);
      case 9 -> variable(cursor, bits, (int) size);
      case 2 -> throw cursor.unsupported("elements of time");
      case 4 -> throw cursor.unsupported("elements of bits");
      case 6 -> throw cursor.unsupported("elements of compound (also complex) values");
      case 7 -> throw cursor.unsupported("elements of references");
      case 10 -> throw cursor.unsupported("elements of arrays");
      default -> throw cursor.bad("elements of the unknown class " + type);
    };
  }

  private static ByteOrder order(int bits) {
    return (bits & BIG_ENDIAN) != 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private static ElementType integer(Hdf5Cursor cursor, int bits, int size) {
    int offset = cursor.u16();
    int precision = cursor.u16();
    boolean signed = (bits & SIGNED) != 0;
    if ((bits & ~SIGNED) != 0 || offset != 0 || precision != 8 * size) {
      throw cursor.unsupported("integers with unused bits");
    }
    return switch (size) {
      case 1 -> signed ? ElementType.INT8 : ElementType.UINT8;
      case 2 -> signed ? ElementType.INT16 : ElementType.UINT16;
      case 4 -> signed ? ElementType.INT32 : ElementType.UINT32;
      case 8 -> {
        if (!signed) {
          throw cursor.unsupported("unsigned integers of 64 bits");
        }
        yield ElementType.INT64;
      }
      default -> throw cursor.unsupported("integers of " + size + " bytes");
    };
  }

  private static ElementType floatingPoint(Hdf5Cursor cursor, int bits, int size) {
    ElementType type = switch (size) {
      case 2 -> ElementType.FLOAT16;
      case 4 -> ElementType.FLOAT32;
      case 8 -> ElementType.FLOAT64;
      default -> throw cursor.unsupported("floating-point numbers of " + size + " bytes");
    };
    int exponent = size == 2 ? 5 : size == 4 ? 8 : 11;
    int mantissa = 8 * size - 1 - exponent;
    boolean ieee = bits == (8 * size - 1 << 8 | 0x20) && cursor.u16() == 0 && cursor.u16() == 8 * size
        && cursor.u8() == mantissa && cursor.u8() == exponent && cursor.u8() == 0 && cursor.u8() == mantissa
        && cursor.u32() == (1 << exponent - 1) - 1;
    if (!ieee) {
      throw cursor.unsupported("floating-point numbers of " + size + " bytes that are not IEEE 754");
    }
    return type;
  }

  private static Hdf5Datatype bool(Hdf5Cursor cursor, byte[] names, int members, int size) {
    if (members == 2 && size == 1 && (cursor.next() & 15) == 0) {
      Hdf5Datatype base = read(cursor);
      if (base.element == ElementType.INT8 && Arrays.equals(cursor.bytes(names.length), names)) {
        return new Hdf5Datatype(Kind.NUMBER, ElementType.BOOL, 1, base.order);
      }
    }
    throw cursor.unsupported("elements of an enumeration other than bool");
  }

  private static Hdf5Datatype variable(Hdf5Cursor cursor, int bits, int size) {
    if ((bits & 15) != 1 || size != 16) {
      throw cursor.unsupported("elements of variable length other than strings");
    }
    return new Hdf5Datatype(Kind.TEXT_IN_HEAP, size);
  }
}
