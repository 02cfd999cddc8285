package dev.rill.fuzz;

import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The parts of a model's checkpoint, numbers and texts of them replaced and check sums right: what is read is written as the
 * same bytes, and a model that takes it goes on.
 */
public final class CheckpointFuzzer {
  private static final Sequential MODEL = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new GRU(2).named("a").stateful(true),
      new Dense(1).named("b"));
  private static final Tensor X = Tensor.of(new float[2 * 3 * 2], 2, 3, 2);
  private static final Tensor Y = Tensor.of(new float[2], 2, 1);
  private static final byte[] CHECKPOINT = checkpoint();

  private CheckpointFuzzer() {}

  private static byte[] checkpoint() {
    try {
      MODEL.compile("adam", "mse");
      MODEL.trainOnBatch(X, Y);
      MODEL.checkpoint(3).save(Scratch.file("model.ckpt"));
      return Files.readAllBytes(Scratch.file("model.ckpt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    Draft draft = draft(choices);
    byte[] bytes = draft.finish(choices);
    Bounds.hold(bytes.length, () -> {
      Checkpoint checkpoint = Checkpoint.load(Scratch.write("fuzz.ckpt", bytes));
      checkpoint.save(Scratch.file("again.ckpt"));
      byte[] again = Files.readAllBytes(Scratch.file("again.ckpt"));
      Bounds.require(Arrays.equals(bytes, again) || !draft.right(), "other bytes when written again");
      Bounds.hold(bytes.length, () -> {
        MODEL.resume(checkpoint);
        MODEL.checkpoint(checkpoint.epochs()).save(Scratch.file("again.ckpt"));
        byte[] resumed = Files.readAllBytes(Scratch.file("again.ckpt"));
        Bounds.require(Arrays.equals(again, resumed), "a model resumed with other bytes");
        MODEL.trainOnBatch(X, Y);
      });
    });
  }

  /** The checkpoint part by part. */
  private static Draft draft(Choices choices) {
    ByteBuffer in = ByteBuffer.wrap(CHECKPOINT).order(ByteOrder.LITTLE_ENDIAN);
    Draft draft = new Draft().text("RILLCKPT").number(4, in.getInt(8));
    in.position(16);
    CRC32C structure = new CRC32C();
    Draft layers = new Draft();
    texts(in, layers, choices, structure);
    draft.number(4, structure.getValue()).append(layers);
    text(in, draft, choices);
    int slots = texts(in, draft, choices, new CRC32C());
    // Epochs, iterations, learning rate, product, calls, seed.
    for (int width : new int[] {4, 8, 4, 4, 8, 8}) {
      draft.number(width, width == 4 ? in.getInt() : in.getLong());
    }
    long weights = in.getLong();
    draft.number(8, weights);
    for (long i = 0; i < weights * (1 + slots); i++) {
      draft.number(4, in.getInt());
    }
    while (in.remaining() > 4) {
      // The states, which have a fuzzer of their own.
      draft.number(1, in.get());
    }
    return draft.seal(Draft.Sum.CRC32C, 0);
  }

  /** As many as there are, or one more or less. */
  private static int texts(ByteBuffer in, Draft draft, Choices choices, CRC32C lines) {
    int count = in.getInt();
    int more = choices.oneIn(8) ? 1 : 0;
    draft.number(4, count + more);
    for (int i = 0; i < count; i++) {
      lines.update(text(in, draft, choices));
      lines.update('\n');
    }
    if (more > 0) {
      byte[] utf8 = Hdf5Node.name(choices).getBytes(StandardCharsets.UTF_8);
      draft.number(4, utf8.length).bytes(utf8);
      lines.update(utf8);
      lines.update('\n');
    }
    return count;
  }

  private static byte[] text(ByteBuffer in, Draft draft, Choices choices) {
    byte[] utf8 = new byte[in.getInt()];
    in.get(utf8);
    if (choices.oneIn(16)) {
      utf8 = Hdf5Node.name(choices).getBytes(StandardCharsets.UTF_8);
    }
    draft.number(4, utf8.length).bytes(utf8);
    return utf8;
  }
}
