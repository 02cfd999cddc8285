package dev.rill.keras;

import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a file is by its first bytes, whatever it is called. Models of other libraries, and what stands where a model was meant to
 * be, are refused by name, with the way to a file that can be read.
 */
enum FileKind {
  /** HDF5. */
  HDF5,
  /** A zip archive. */
  ZIP,
  /** A JSON document. */
  JSON,
  /** A folder with Keras' {@code config.json} in it. */
  FOLDER;

  /** Bytes by which it is told. */
  static final int HEAD = 64;

  /**
   * Looks at a file.
   *
   * @param file an existing file or folder
   * @throws UnsupportedException if it is a model of another library
   * @throws FormatException if it is something else
   * @throws IOException if it cannot be read
   */
  static FileKind of(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return folder(file);
    }
    try (ByteSource source = ByteSource.open(file)) {
      return of(source.read(0, (int) Math.min(HEAD, source.size())), source.size(), name(file));
    }
  }

  /** What messages call a file. */
  static String name(Path file) {
    return Require.given(file, "the path of a file").getFileName() == null ? file.toString() : file.getFileName().toString();
  }

  private static FileKind folder(Path folder) {
    if (Files.exists(folder.resolve(StoredModel.CONFIG))) {
      return FOLDER;
    }
    if (Files.exists(folder.resolve("saved_model.pb")) || Files.exists(folder.resolve("keras_metadata.pb"))) {
      throw new UnsupportedException(name(folder) + " is a SavedModel of TensorFlow: load it in Python with "
          + "tf.keras.models.load_model, TensorFlow 2.15 or older, and save it as model.keras or model.h5");
    }
    throw new FormatException(name(folder) + " is a folder without Keras' " + StoredModel.CONFIG
        + ": expected a .keras file, a .h5 file, or a folder that Keras saved with zipped=False");
  }

  /**
   * Tells by the first bytes.
   *
   * @param head at most 64 bytes
   * @param size of the whole file
   * @param name what messages call it
   */
  static FileKind of(ByteBuffer head, long size, String name) {
    byte[] bytes = new byte[head.remaining()];
    head.get(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.startsWith("\u0089HDF")) {
      return HDF5;
    }
    if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
      return ZIP;
    }
    String start = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
    if (start.stripLeading().startsWith("{") || start.startsWith("\"{")) {
      return JSON;
    }
    throw other(bytes, text, size, name);
  }

  private static RillException other(byte[] bytes, String text, long size, String name) {
    if (text.startsWith("version https://git-lfs")) {
      return new UnsupportedException(name + " is a pointer of Git LFS, not the file itself: git lfs pull fetches it");
    }
    if (text.startsWith("backend: ") || text.startsWith("class_name: ")) {
      return new UnsupportedException(name + " is a model's configuration in YAML (to_yaml), without weights: make JSON of it in Keras "
          + "2, keras.models.model_from_yaml(open('" + name + "').read()).to_json(), and put it beside the weights");
    }
    if (text.startsWith("\u001f\u008b")) {
      return new UnsupportedException(name + " is compressed with gzip: unpack it first (gunzip, tar)");
    }
    String lower = text.stripLeading().toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype") || lower.startsWith("<html")) {
      return new UnsupportedException(name + " is a web page, not a model: fetch the file itself (the raw or download link)");
    }
    if (text.startsWith("TFL3", 4)) {
      return new UnsupportedException(name + " is a model of TensorFlow Lite, from which the Keras model cannot be had back: save "
          + "the model that it was converted from as model.keras");
    }
    if (bytes.length > 8 && bytes[8] == '{' && headerLength(bytes) < size) {
      return weightsOf(name, "a safetensors file", "with its load_file");
    }
    if (bytes.length > 1 && bytes[0] == (byte) 0x80 && bytes[1] >= 2 && bytes[1] <= 5) {
      return weightsOf(name, "a Python pickle, as PyTorch and joblib write it,", "in Python");
    }
    if (text.startsWith("\b\1\022")) {
      return new UnsupportedException(name + " is the graph of a SavedModel of TensorFlow: load its folder in Python with "
          + "tf.keras.models.load_model, TensorFlow 2.15 or older, and save it as model.keras or model.h5");
    }
    if (bytes.length > 2 && bytes[0] == 8 && bytes[1] > 1 && bytes[1] < 32 && (bytes[2] & 7) == 2) {
      return weightsOf(name, "an ONNX model", "with onnx.load");
    }
    return new FormatException(name + " has " + size + " bytes and does not begin as a file of Keras: expected .keras, .h5, "
        + ".weights.h5 or the JSON of to_json()");
  }

  /** What holds weights of another library, which only Python can bring into Keras' order. */
  static UnsupportedException weightsOf(String name, String what, String how) {
    return new UnsupportedException(name + " is " + what + " and not a model of Keras: describe the same model in Keras, read the "
        + "weights " + how + " and give them to set_weights (kernels transposed, gates in the order of Keras), and save it as "
        + "model.keras");
  }

  private static long headerLength(byte[] bytes) {
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length < 0 ? Long.MAX_VALUE : length;
  }
}
