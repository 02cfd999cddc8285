package dev.rill.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * A binary file while it is made: little-endian, knowing where its numbers stand and which stretches have a check sum, so
 * that a number can be replaced in the finished file and the sums still be right.
 */
final class Draft {
  /** A check sum of four bytes at {@code to} over the stretch from {@code from}, or at another place. */
  private record Seal(Sum sum, int from, int to, int at) {}

  private record Field(int at, int width) {}

  enum Sum { CRC32, CRC32C, LOOKUP3 }

  private byte[] bytes = new byte[1 << 10];
  private int size;
  private final List<Field> fields = new ArrayList<>();
  private final List<Seal> seals = new ArrayList<>();
  private boolean right = true;

  int at() {
    return size;
  }

  /** A number that the format means something by. */
  Draft number(int width, long value) {
    fields.add(new Field(size, width));
    return raw(width, value);
  }

  /** Several of one byte. */
  Draft octets(int... values) {
    for (int value : values) {
      number(1, value);
    }
    return this;
  }

  private Draft raw(int width, long value) {
    zeros(width);
    put(size - width, width, value);
    return this;
  }

  Draft bytes(byte[] content) {
    zeros(content.length);
    System.arraycopy(content, 0, bytes, size - content.length, content.length);
    return this;
  }

  Draft text(String ascii) {
    return bytes(ascii.getBytes(StandardCharsets.UTF_8));
  }

  Draft zeros(int count) {
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
    }
    size += count;
    return this;
  }

  Draft align() {
    return zeros(-size & 7);
  }

  /** What another draft has, its numbers still in reach; it has no check sums. */
  Draft append(Draft part) {
    for (Field field : part.fields) {
      fields.add(new Field(size + field.at, field.width));
    }
    return bytes(part.content());
  }

  /** The bytes so far. */
  byte[] content() {
    return Arrays.copyOf(bytes, size);
  }

  /** Completes a number. */
  void put(int at, int width, long value) {
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (value >> 8 * i);
    }
  }

  private long get(Field field) {
    long value = 0;
    for (int i = 0; i < field.width; i++) {
      value |= (bytes[field.at + i] & 0xffL) << 8 * i;
    }
    return value;
  }

  /** The check sum of everything from some place on comes next. */
  Draft seal(Sum sum, int from) {
    seals.add(new Seal(sum, from, size, size));
    return zeros(Integer.BYTES);
  }

  /** A check sum that stands elsewhere. */
  void seal(Sum sum, int from, int to, int at) {
    seals.add(new Seal(sum, from, to, at));
  }

  /** The file: with up to three of its numbers replaced, and check sums that are right. */
  byte[] finish(Choices choices) {
    for (int n = choices.below(4); n > 0 && !fields.isEmpty(); n--) {
      Field field = fields.get(choices.below(fields.size()));
      put(field.at, field.width, twist(field, choices));
      right = false;
    }
    boolean sealed = !choices.oneIn(32);
    boolean cut = choices.oneIn(32);
    for (Seal seal : seals) {
      if (sealed) {
        put(seal.at, Integer.BYTES, sum(seal));
      }
    }
    right &= sealed && !cut;
    return Arrays.copyOf(bytes, cut ? choices.below(size) : size);
  }

  /** Whether the finished file is what was drafted. */
  boolean right() {
    return right;
  }

  private long twist(Field field, Choices choices) {
    long value = get(field);
    return switch (choices.below(7)) {
      case 0 -> choices.edge();
      case 1 -> value + 1 + choices.below(16);
      case 2 -> value - 1 - choices.below(16);
      case 3 -> value ^ 1L << choices.below(8 * field.width);
      case 4 -> get(fields.get(choices.below(fields.size())));
      case 5 -> choices.below(size);
      default -> value * (2 + choices.below(255));
    };
  }

  private long sum(Seal seal) {
    if (seal.sum == Sum.LOOKUP3) {
      return Lookup3.hash(bytes, seal.from, seal.to - seal.from);
    }
    Checksum sum = seal.sum == Sum.CRC32 ? new CRC32() : new CRC32C();
    sum.update(bytes, seal.from, seal.to - seal.from);
    return sum.getValue();
  }
}
