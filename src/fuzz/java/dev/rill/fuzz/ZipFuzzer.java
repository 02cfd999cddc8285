package dev.rill.fuzz;

import dev.rill.io.ByteSource;
import dev.rill.io.ZipArchive;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Archives of stored and deflated members; numbers of their headers replaced. What is read must be what was put in. */
public final class ZipFuzzer {
  private static final int LIMIT = 1 << 20;

  private ZipFuzzer() {}

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (int n = choices.below(6); n >= 0; n--) {
      byte[] content = new byte[choices.below(4) * choices.below(300)];
      Arrays.fill(content, (byte) choices.below(256));
      members.put(Hdf5Node.name(choices), content);
    }
    Draft draft = ZipDraft.write(members, choices);
    byte[] file = draft.finish(choices);
    Bounds.hold(file.length, () -> {
      try (ZipArchive archive = ZipArchive.open(ByteSource.of(file), "fuzz.zip")) {
        for (String name : archive.names()) {
          byte[] content = archive.bytes(name, LIMIT);
          Bounds.require(!draft.right() || Arrays.equals(members.get(name), content), "another content of " + name);
        }
      }
    });
  }
}
