package dev.rill.io;

import dev.rill.tensor.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates one member into memory: a chunk at a time as bytes come out, and exactly as many as its header says. */
final class ZipInflater {
  private static final int INPUT = 1 << 16;

  private final ByteSource packed;
  private final ZipMember member;
  private final String place;

  ZipInflater(ByteSource packed, ZipMember member, String place) {
    this.packed = packed;
    this.member = member;
    this.place = place;
  }

  ByteSource inflate() throws IOException {
    if (member.size() > Runtime.getRuntime().maxMemory() / 2) {
      throw new FormatException(place + ": a deflated member of " + member.size()
          + " bytes does not fit into half of the heap: raise -Xmx, or store it without compression");
    }
    Inflater inflater = new Inflater(true);
    try {
      List<byte[]> chunks = new ArrayList<>();
      ByteBuffer input = ByteBuffer.allocate((int) Math.min(INPUT, packed.size()));
      long read = 0;
      for (long left = member.size(); left > 0; left -= ChunkedBytes.CHUNK) {
        byte[] chunk = HeapRoom.bytes(Math.min(left, ChunkedBytes.CHUNK), place);
        read = fill(inflater, chunk, input, read);
        chunks.add(chunk);
      }
      requireEnd(inflater, input, read);
      return new ChunkedBytes(chunks, member.size());
    } catch (DataFormatException e) {
      throw new FormatException(place + ": the deflated data is damaged (" + e.getMessage() + ")");
    } finally {
      inflater.end();
    }
  }

  /** Fills one chunk and returns how many packed bytes have been handed to the inflater so far. */
  private long fill(Inflater inflater, byte[] chunk, ByteBuffer input, long read)
      throws DataFormatException, IOException {
    for (int filled = 0; filled < chunk.length; ) {
      int count = inflater.inflate(chunk, filled, chunk.length - filled);
      filled += count;
      if (count == 0) {
        if (inflater.finished() || inflater.needsDictionary() || read == packed.size()) {
          throw new FormatException(place + ": expected " + member.size() + " bytes, the deflated data holds fewer");
        }
        read = more(inflater, input, read);
      }
    }
    return read;
  }

  /** The content is complete: the deflated data must be at its end, too, and use up its bytes. */
  private void requireEnd(Inflater inflater, ByteBuffer input, long read) throws DataFormatException, IOException {
    byte[] beyond = new byte[1];
    while (!inflater.finished()) {
      if (inflater.inflate(beyond) > 0) {
        throw new FormatException(place + ": expected " + member.size() + " bytes, the deflated data holds more");
      }
      if (!inflater.finished()) {
        if (read == packed.size()) {
          throw new FormatException(place + ": the deflated data has no end");
        }
        read = more(inflater, input, read);
      }
    }
    if (inflater.getBytesRead() != packed.size()) {
      throw new FormatException(place + ": the deflated data ends after " + inflater.getBytesRead() + " of its "
          + packed.size() + " bytes");
    }
  }

  private long more(Inflater inflater, ByteBuffer input, long read) throws IOException {
    input.clear().limit((int) Math.min(input.capacity(), packed.size() - read));
    packed.read(read, input);
    inflater.setInput(input.flip());
    return read + input.limit();
  }
}
