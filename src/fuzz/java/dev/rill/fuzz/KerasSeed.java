package dev.rill.fuzz;

import dev.rill.io.ByteSource;
import dev.rill.io.Json;
import dev.rill.io.ZipArchive;
import dev.rill.keras.hdf5.Hdf5Attributes;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5File;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that Keras wrote, as trees to be changed.
 *
 * @param config the model's configuration
 * @param weights groups and data sets
 * @param metadata null for a legacy file, whose configuration is an attribute of the root
 */
record KerasSeed(JsonTree config, Hdf5Node weights, byte[] metadata) {
  private static final Path TESTDATA = Path.of("testdata");
  private static final List<String> CASES = List.of("compiled", "seed_gru", "embedding_mask", "graph_shared_lstm",
      "initial_lstm_encoder_decoder", "mask_gru_stateful", "concatenate_towers", "repeat_lstm", "stack_time_distributed",
      "train_activity_heads", "train_outputs_dict", "train_optimizer_rmsprop_both", "names_unusual", "around_conv_causal",
      "around_conv_groups", "around_average_pooling_same", "around_max_pooling", "around_cropping", "around_zero_padding",
      "around_up_sampling", "around_flatten", "around_reshape", "around_permute", "around_bidirectional_two_layers",
      "around_bidirectional_states", "around_rnn_stack", "around_nested_shared", "around_batch_normalization_masked",
      "around_layer_normalization", "around_global_average_pooling_masked", "around_spatial_dropout", "around_gaussian_noise",
      "around_rescaling", "around_add_masked", "around_time_distributed_both_ways", "around_relu_options");
  private static final List<String> LEGACY = List.of("files/trained.h5", "files/stack.h5", "files/keras2.h5",
      "formats/legacy.h5");
  static final String WEIGHTS = "model.weights.h5";
  private static final List<KerasSeed> ALL = all();

  static KerasSeed of(Choices choices) {
    return ALL.get(choices.below(ALL.size()));
  }

  private static List<KerasSeed> all() {
    List<KerasSeed> seeds = new ArrayList<>();
    try {
      for (String name : CASES) {
        Path file = TESTDATA.resolve("cases").resolve(name).resolve("model.keras");
        try (ZipArchive archive = ZipArchive.open(file)) {
          JsonTree config = JsonTree.of(Json.parse(archive.bytes("config.json", 1 << 20), name));
          Hdf5Node weights = tree(Hdf5File.open(archive.source(WEIGHTS), name).root());
          seeds.add(new KerasSeed(config, weights, archive.bytes("metadata.json", 1 << 20)));
        }
      }
      for (String name : LEGACY) {
        Path file = TESTDATA.resolve(name);
        try (ByteSource source = ByteSource.open(file)) {
          Hdf5Node weights = tree(Hdf5File.open(source, name).root());
          String config = (String) weights.attributes.get("model_config");
          seeds.add(new KerasSeed(JsonTree.of(Json.parse(config, name)), weights, null));
        }
      }
      return seeds;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Hdf5Node tree(Hdf5Group group) throws IOException {
    Hdf5Node node = new Hdf5Node();
    attributes(group.attributes(), node);
    for (String name : group.names()) {
      node.members.put(name, group.isGroup(name) ? tree(group.group(name)) : data(group.dataset(name)));
    }
    return node;
  }

  private static Hdf5Node data(Hdf5Dataset dataset) throws IOException {
    if (!dataset.type().floating()) {
      byte[] bytes = new byte[8 * dataset.size()];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(dataset.longs());
      return Hdf5Node.dataset(Hdf5Node.Type.INT64, bytes, dataset.shape());
    }
    float[] values = new float[dataset.size()];
    dataset.floats(values, 0);
    return Hdf5Node.dataset(values, dataset.shape());
  }

  private static void attributes(Hdf5Attributes attributes, Hdf5Node node) throws IOException {
    for (String name : attributes.names()) {
      try {
        List<String> texts = attributes.strings(name);
        node.attributes.put(name, texts.size() == 1 && !name.endsWith("_names") ? texts.get(0) : texts);
      } catch (RillException e) {
        // An attribute that is no text.
        continue;
      }
    }
  }
}
