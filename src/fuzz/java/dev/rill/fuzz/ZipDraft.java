package dev.rill.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Zip archives, stored or deflated, with every header's numbers in reach. */
final class ZipDraft {
  private static final int UTF8 = 1 << 11;
  private static final int DESCRIPTOR = 1 << 3;

  private ZipDraft() {}

  static Draft write(Map<String, byte[]> members, Choices choices) {
    Draft draft = new Draft();
    int[][] spans = new int[members.size()][];
    int n = 0;
    int comment = choices.oneIn(16) ? choices.below(64) : 0;
    for (Map.Entry<String, byte[]> member : members.entrySet()) {
      byte[] name = member.getKey().getBytes(StandardCharsets.UTF_8);
      boolean deflated = choices.yes();
      byte[] packed = deflated ? deflate(member.getValue()) : member.getValue();
      boolean later = choices.oneIn(8);
      byte[] extra = choices.oneIn(8) ? extra(choices) : new byte[0];
      int header = draft.at();
      int flags = UTF8 | (later ? DESCRIPTOR : 0);
      CRC32 crc = new CRC32();
      crc.update(member.getValue());
      draft.number(4, 0x04034b50).number(2, 20).number(2, flags).number(2, deflated ? 8 : 0).number(4, 0x00210000);
      draft.number(4, later ? 0 : crc.getValue()).number(4, later ? 0 : packed.length);
      draft.number(4, later ? 0 : member.getValue().length).number(2, name.length).number(2, extra.length);
      draft.bytes(name).bytes(extra).bytes(packed);
      if (later) {
        draft.number(4, 0x08074b50).number(4, crc.getValue()).number(4, packed.length).number(4, member.getValue().length);
      }
      spans[n++] = new int[] {header, flags, deflated ? 8 : 0, (int) crc.getValue(), packed.length, member.getValue().length};
    }
    long start = draft.at();
    n = 0;
    for (String each : members.keySet()) {
      int[] span = spans[n++];
      byte[] name = each.getBytes(StandardCharsets.UTF_8);
      draft.number(4, 0x02014b50).number(2, 0x0314).number(2, 20).number(2, span[1]).number(2, span[2]).number(4, 0x00210000);
      draft.number(4, span[3]).number(4, span[4]).number(4, span[5]).number(2, name.length).number(2, 0).number(2, 0);
      draft.number(2, 0).number(2, 0).number(4, 0).number(4, span[0]).bytes(name);
    }
    long length = draft.at() - start;
    draft.number(4, 0x06054b50).number(2, 0).number(2, 0).number(2, n).number(2, n).number(4, length).number(4, start);
    return draft.number(2, comment).zeros(comment);
  }

  /** A field that nobody knows, or one of Zip64. */
  private static byte[] extra(Choices choices) {
    byte[] extra = new byte[4 + choices.below(24)];
    extra[0] = (byte) (choices.yes() ? 1 : 0x55);
    extra[2] = (byte) (extra.length - 4);
    return extra;
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(1, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 12];
    while (!deflater.finished()) {
      packed.write(block, 0, deflater.deflate(block));
    }
    deflater.end();
    return packed.toByteArray();
  }
}
