package dev.rill.fuzz;

import dev.rill.Model;
import dev.rill.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files that Keras wrote, with changes in the trees of their configuration and of their weights: what can be loaded is run and,
 * now and then, saved and loaded again as the same model.
 */
public final class ModelFileFuzzer {
  private ModelFileFuzzer() {}

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    boolean whole = choices.oneIn(4);
    KerasSeed seed = KerasSeed.of(choices);
    JsonTree config = seed.config().copy();
    for (int n = choices.below(4); n > 0; n--) {
      config.mutate(choices);
    }
    Hdf5Node weights = seed.weights().copy();
    for (int n = Math.max(0, choices.below(6) - 2); n > 0; n--) {
      weights.mutate(choices);
    }
    if (seed.metadata() == null) {
      weights.attributes.put("model_config", config.toString());
      byte[] bytes = Hdf5Draft.write(weights, choices);
      Path file = Scratch.write("fuzz.h5", bytes);
      Bounds.hold(bytes.length, () -> use(Model.load(file), whole));
      return;
    }
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("metadata.json", seed.metadata());
    members.put("config.json", config.toString().getBytes(StandardCharsets.UTF_8));
    members.put(KerasSeed.WEIGHTS, Hdf5Draft.write(weights, choices));
    byte[] bytes = ZipDraft.write(members, new Choices(new byte[0])).finish(new Choices(new byte[0]));
    Path file = Scratch.write("fuzz.keras", bytes);
    Bounds.hold(bytes.length, () -> use(Model.load(file), whole));
  }

  private static void use(Model model, boolean whole) throws Exception {
    model.summary();
    if (!Tensors.small(model)) {
      return;
    }
    List<Tensor> x = Tensors.inputs(model, 2, 2, new Choices(new byte[0]));
    List<Tensor> y = model.predictOnBatch(x);
    if (!whole) {
      return;
    }
    Path file = Scratch.file("saved.keras");
    model.save(file);
    Tensors.requireBits(y, Model.load(file).predictOnBatch(x), "outputs after saving and loading");
  }
}
