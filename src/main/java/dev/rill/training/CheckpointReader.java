package dev.rill.training;

import dev.rill.io.ByteSource;
import dev.rill.io.HeapRoom;
import dev.rill.io.Utf8;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file to the {@link Checkpoint} in it: its check sum first, then its content, block by block, every size held against what is
 * left before memory is taken for it.
 */
final class CheckpointReader {
  private static final int BLOCK = 1 << 16;
  /** No optimizer has more. */
  private static final int MOST_SLOTS = 16;

  private final ByteSource file;
  /** Where the check sum stands. */
  private final long end;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  /** Where the file goes on behind the block. */
  private long behind;

  private CheckpointReader(ByteSource file) {
    this.file = file;
    end = file.size() - Integer.BYTES;
    seek(0);
  }

  static Checkpoint read(Path path) throws IOException {
    try (ByteSource file = ByteSource.open(path)) {
      return read(file, path.getFileName().toString());
    } catch (OutOfMemoryError e) {
      throw HeapRoom.exhausted("the checkpoint " + path.getFileName());
    }
  }

  static Checkpoint read(ByteSource file, String name) throws IOException {
    CheckpointReader reader = new CheckpointReader(file);
    int version = reader.head(name);
    reader.checkSum();
    return reader.checkpoint(version);
  }

  /** Returns the version. */
  private int head(String name) throws IOException {
    byte[] magic = new byte[CheckpointWriter.MAGIC.length];
    if (end >= magic.length + Integer.BYTES) {
      next(magic.length).get(magic);
    }
    if (!Arrays.equals(CheckpointWriter.MAGIC, magic)) {
      throw new FormatException("the file " + name + " is not a checkpoint of Rill: expected the magic RILLCKPT");
    }
    int version = integer();
    if (version < 1 || version > CheckpointWriter.VERSION) {
      throw new FormatException("the checkpoint has version " + version + "; this Rill reads versions up to "
          + CheckpointWriter.VERSION);
    }
    return version;
  }

  private void checkSum() throws IOException {
    CRC32C crc = new CRC32C();
    long content = position();
    for (seek(0); left() > 0; ) {
      crc.update(next(1));
    }
    seek(content);
    if (file.read(end, Integer.BYTES).getInt() != (int) crc.getValue()) {
      throw new FormatException("the checkpoint is truncated or damaged: its CRC-32C does not match");
    }
  }

  private Checkpoint checkpoint(int version) throws IOException {
    int fingerprint = integer();
    String structure = lines();
    if (fingerprint != CheckpointWriter.fingerprint(structure)) {
      throw new FormatException("the checkpoint is inconsistent: its fingerprint is not that of its layers");
    }
    String optimizer = text();
    List<String> names = new ArrayList<>();
    for (int i = count("slots", MOST_SLOTS); i > 0; i--) {
      names.add(text());
    }
    Checkpoint.Counters counters = new Checkpoint.Counters(integer(), longInteger(), real(), real(), longInteger(),
        longInteger());
    if (counters.epochs() < 0 || counters.iterations() < 0 || counters.calls() < 0 || !between(0, counters.rate(), Float.MAX_VALUE)
        || !between(0, counters.product(), 1)) {
      throw new FormatException("the checkpoint is inconsistent: it counts " + counters);
    }
    long size = longInteger();
    if (size < 0 || size > left() / Float.BYTES / (1 + names.size())) {
      throw new FormatException("the checkpoint claims " + size + " weights and " + names.size() + " slots for each, " + left()
          + " bytes are left");
    }
    float[] weights = floats(size);
    float[][] slots = new float[names.size()][];
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = floats(size);
    }
    List<Checkpoint.Memory> memories = version == 1 ? List.of() : memories();
    int length = integer();
    State states = length == 0 ? null : State.fromBytes(bytes(length));
    if (left() > 0) {
      throw new FormatException("the checkpoint is inconsistent: " + left() + " bytes follow its content");
    }
    return new Checkpoint(structure, counters, weights, new Checkpoint.Slots(optimizer, names, slots), states, memories);
  }

  private static boolean between(float least, float value, float most) {
    return value >= least && value <= most;
  }

  /** The lines of the layers as one text, a line feed behind each: however many there are, it takes no more than the file. */
  private String lines() throws IOException {
    int count = count("layers", Integer.MAX_VALUE);
    long from = position();
    long size = 0;
    for (int i = 0; i < count; i++) {
      int length = integer();
      checkClaim(length, 1, "bytes of a layer");
      seek(position() + length);
      size += length + 1L;
    }
    byte[] lines = HeapRoom.bytes(size, "the structure of a checkpoint");
    seek(from);
    for (int i = 0, at = 0; i < count; i++) {
      int length = integer();
      copy(lines, at, length);
      for (int c = at; c < at + length; c++) {
        if (lines[c] == '\n') {
          throw new FormatException("the checkpoint is inconsistent: layer " + i + " takes more than one line");
        }
      }
      lines[at + length] = '\n';
      at += length + 1;
    }
    return decoded(lines);
  }

  private List<Checkpoint.Memory> memories() throws IOException {
    List<Checkpoint.Memory> memories = new ArrayList<>();
    int most = Checkpoint.MOST_VALUES;
    for (int i = count("callbacks", most); i > 0; i--) {
      String owner = text();
      CallbackState state = new CallbackState();
      int values = count("values", --most);
      most -= values;
      for (int v = 0; v < values; v++) {
        value(state, text());
      }
      memories.add(new Checkpoint.Memory(owner, state));
    }
    return memories;
  }

  private void value(CallbackState state, String name) throws IOException {
    if (state.has(name)) {
      throw new FormatException("the checkpoint is inconsistent: a callback remembers two values of one name");
    }
    int kind = integer();
    switch (kind) {
      case CheckpointWriter.NUMBERS:
        state.values().put(name, doubles(integer()));
        break;
      case CheckpointWriter.FLOATS:
        state.values().put(name, floats(integer()));
        break;
      case CheckpointWriter.TEXT:
        state.put(name, text());
        break;
      default:
        throw new FormatException("the checkpoint is inconsistent: a callback remembers a value of kind " + kind);
    }
  }

  /** Bytes that have not been read. */
  private long left() {
    return end - position();
  }

  /** Where the next byte stands. */
  private long position() {
    return behind - block.remaining();
  }

  private void seek(long position) {
    if (position >= position() && position <= behind) {
      block.position(block.limit() - (int) (behind - position));
    } else {
      block.limit(0);
      behind = position;
    }
  }

  /** The block with so many unread bytes at least, a few. */
  private ByteBuffer next(int count) throws IOException {
    if (block.remaining() < count) {
      checkClaim(count, 1, "bytes");
      block.compact();
      block.limit((int) Math.min(BLOCK, block.position() + end - behind));
      int read = block.remaining();
      file.read(behind, block);
      behind += read;
      block.flip();
    }
    return block;
  }

  private int integer() throws IOException {
    return next(Integer.BYTES).getInt();
  }

  private long longInteger() throws IOException {
    return next(Long.BYTES).getLong();
  }

  private float real() throws IOException {
    return Float.intBitsToFloat(integer());
  }

  /** Refuses a number of things that do not fit into what is left, each of which takes so many bytes at the least. */
  private void checkClaim(long count, int bytes, String what) {
    if (count < 0 || count > left() / bytes) {
      throw new FormatException("the checkpoint claims " + count + " " + what + ", " + left() + " bytes are left");
    }
  }

  /** How many of something follow, each of which takes four bytes at the least. */
  private int count(String what, int most) throws IOException {
    int count = integer();
    if (count > most) {
      throw new FormatException("the checkpoint claims " + count + " " + what + ", at most " + most + " are read");
    }
    checkClaim(count, Integer.BYTES, what);
    return count;
  }

  private void copy(byte[] to, int from, int count) throws IOException {
    for (int at = from; at < from + count; ) {
      int part = Math.min(next(1).remaining(), from + count - at);
      block.get(to, at, part);
      at += part;
    }
  }

  private byte[] bytes(int count) throws IOException {
    checkClaim(count, 1, "bytes");
    byte[] bytes = HeapRoom.bytes(count, "a piece of a checkpoint");
    copy(bytes, 0, count);
    return bytes;
  }

  private String text() throws IOException {
    return decoded(bytes(integer()));
  }

  private static String decoded(byte[] utf8) {
    try {
      return Utf8.decode(utf8, 0, utf8.length);
    } catch (CharacterCodingException e) {
      throw new FormatException("the checkpoint is inconsistent: a text is not UTF-8");
    }
  }

  private float[] floats(long count) throws IOException {
    checkClaim(count, Float.BYTES, "floats");
    float[] values = HeapRoom.floats(count, "a part of a checkpoint");
    for (int at = 0; at < values.length; ) {
      int part = Math.min(next(Float.BYTES).remaining() / Float.BYTES, values.length - at);
      block.asFloatBuffer().get(values, at, part);
      block.position(block.position() + Float.BYTES * part);
      at += part;
    }
    return values;
  }

  private double[] doubles(int count) throws IOException {
    checkClaim(count, Double.BYTES, "numbers");
    double[] values = HeapRoom.doubles(count, "a part of a checkpoint");
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.longBitsToDouble(longInteger());
    }
    return values;
  }
}
