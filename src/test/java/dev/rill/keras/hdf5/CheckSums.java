package dev.rill.keras.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where a file of the new style has check sums, so that a changed copy can be given right ones: else nothing behind them is ever tried. */
public final class CheckSums {
  private static final List<String> SIGNATURES = List.of("OHDR", "OCHK", "FRHP", "FHIB", "BTHD", "BTIN", "BTLF", "FAHD", "FADB", "EAHD",
      "EAIB", "EADB", "EASB", "\u0089HDF");
  private static final int LONGEST = 3000;

  private record Range(int at, int length) {}

  private final List<Range> ranges = new ArrayList<>();

  /** Finds them by trying: a range ends where its check sum is the next word. */
  public CheckSums(byte[] file) {
    for (int at = 0; at + 8 < file.length; at++) {
      if (SIGNATURES.contains(new String(file, at, 4, StandardCharsets.ISO_8859_1))) {
        ByteBuffer bytes = ByteBuffer.wrap(file, at, file.length - at).slice().order(ByteOrder.LITTLE_ENDIAN);
        for (int length = 4; length < Math.min(LONGEST, bytes.limit() - 4); length++) {
          if (Hdf5Checksum.lookup3(bytes, length) == bytes.getInt(length)) {
            ranges.add(new Range(at, length));
            break;
          }
        }
      }
    }
  }

  /** How many there are. */
  public int size() {
    return ranges.size();
  }

  /** Puts the right check sums into a file of the same structure. */
  public void mend(byte[] file) {
    for (Range range : ranges) {
      ByteBuffer bytes = ByteBuffer.wrap(file, range.at, range.length + 4).slice().order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(range.length, Hdf5Checksum.lookup3(bytes, range.length));
    }
  }
}
