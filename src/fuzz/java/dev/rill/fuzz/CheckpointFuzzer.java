package dev.rill.fuzz;

import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.BackupAndRestore;
import dev.rill.training.Checkpoint;
import dev.rill.training.EarlyStopping;
import dev.rill.training.Fit;
import dev.rill.training.ReduceOnPlateau;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The parts of the checkpoint of a model and its callbacks, numbers and texts of them replaced and check sums right: what is read
 * is written as the same bytes, and a model and callbacks that take it go on.
 */
public final class CheckpointFuzzer {
  private static final Sequential MODEL = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new GRU(2).named("a").stateful(true),
      new Dense(1).named("b"));
  private static final Tensor X = Tensor.of(new float[2 * 3 * 2], 2, 3, 2);
  private static final Tensor Y = Tensor.of(new float[2], 2, 1);
  private static final Path FILE = Scratch.file("fuzz.ckpt");
  private static final Path AGAIN = Scratch.file("again.ckpt");
  private static final int EPOCHS = 2;
  private static final byte[] CHECKPOINT = checkpoint();

  private CheckpointFuzzer() {}

  private static byte[] checkpoint() {
    try {
      MODEL.compile("adam", "mse");
      MODEL.fit(X, Y, fit(EPOCHS).callbacks(new EarlyStopping("loss").restoreBestWeights(true), new ReduceOnPlateau("loss"),
          BackupAndRestore.in(FILE).keep()));
      byte[] checkpoint = Files.readAllBytes(FILE);
      Files.delete(FILE);
      return checkpoint;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Fit fit(int epochs) {
    return new Fit().epochs(epochs).batchSize(2).verbosity(0);
  }

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    Draft draft = draft(choices);
    byte[] bytes = draft.finish(choices);
    Bounds.hold(bytes.length, () -> {
      Checkpoint checkpoint = Checkpoint.load(Scratch.write("fuzz.ckpt", bytes));
      Bounds.require(Arrays.equals(bytes, saved(checkpoint)) || !draft.right(), "other bytes when written again");
      Bounds.hold(bytes.length, () -> {
        MODEL.resume(checkpoint);
        Bounds.require(Arrays.equals(saved(checkpoint.with()), saved(MODEL.checkpoint(checkpoint.epochs()))),
            "a model resumed with other bytes");
        MODEL.trainOnBatch(X, Y);
      });
      Bounds.hold(bytes.length, () -> MODEL.fit(X, Y, fit(EPOCHS + 1).resume(checkpoint).callbacks(
          new EarlyStopping("loss").restoreBestWeights(true), new ReduceOnPlateau("loss"))));
    });
  }

  private static byte[] saved(Checkpoint checkpoint) throws IOException {
    checkpoint.save(AGAIN);
    return Files.readAllBytes(AGAIN);
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
    draft.number(4, in.getInt(in.position()));
    for (int callbacks = in.getInt(); callbacks > 0; callbacks--) {
      text(in, draft, choices);
      draft.number(4, in.getInt(in.position()));
      for (int values = in.getInt(); values > 0; values--) {
        text(in, draft, choices);
        value(in, draft, choices);
      }
    }
    while (in.remaining() > 4) {
      // The states, which have a fuzzer of their own.
      draft.number(1, in.get());
    }
    return draft.seal(Draft.Sum.CRC32C, 0);
  }

  private static void value(ByteBuffer in, Draft draft, Choices choices) {
    int kind = in.getInt();
    draft.number(4, kind);
    if (kind == 2) {
      text(in, draft, choices);
      return;
    }
    draft.number(4, in.getInt(in.position()));
    for (int n = in.getInt(); n > 0; n--) {
      draft.number(kind == 0 ? 8 : 4, kind == 0 ? in.getLong() : in.getInt());
    }
  }

  /** As many as there are, or one more. */
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
