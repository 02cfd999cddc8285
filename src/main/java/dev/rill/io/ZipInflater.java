package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates one member into memory: exactly as many bytes as its header says. */
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

  /** In pieces, which fit into a heap that has no room for all of it in one. */
  ByteSource chunks() throws IOException {
    return new ChunkedBytes(inflate(ChunkedBytes.CHUNK), member.size());
  }

  /** In one piece. */
  byte[] whole() throws IOException {
    List<byte[]> chunks = inflate(member.size());
    return chunks.isEmpty() ? new byte[0] : chunks.get(0);
  }

  private List<byte[]> inflate(long longest) throws IOException {
    if (member.size() > Runtime.getRuntime().maxMemory() / 2) {
      throw new RillException(place + ": a deflated member of " + member.size()
          + " bytes does not fit into half of the heap: raise -Xmx, or store it without compression");
    }
    HeapRoom.require(member.size(), place);
    Inflater inflater = new Inflater(true);
    List<byte[]> chunks = new ArrayList<>();
    try {
      ByteBuffer input = ByteBuffer.allocate((int) Math.min(INPUT, packed.size()));
      long read = 0;
      for (long left = member.size(); left > 0; left -= longest) {
        byte[] chunk = new byte[(int) Math.min(left, longest)];
        read = fill(inflater, chunk, input, read);
        chunks.add(chunk);
      }
      requireEnd(inflater, input, read);
      return chunks;
    } catch (DataFormatException e) {
      throw new FormatException(place + ": the deflated data is damaged (" + e.getMessage() + ")");
    } catch (OutOfMemoryError e) {
      chunks.clear();
      throw HeapRoom.exhausted(place);
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
