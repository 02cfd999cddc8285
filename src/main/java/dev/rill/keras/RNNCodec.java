package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.LayerNames;
import dev.rill.layers.RNN;
import dev.rill.layers.Recurrent;
import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The file form of {@link RNN}: of one cell, or of cells in a stack. */
final class RNNCodec implements LayerCodec<RNN> {
  private static final List<String> CELL = List.of("name", "trainable", "dtype", "units", "activation", "recurrent_activation",
      "use_bias", "unit_forget_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer", "kernel_regularizer",
      "recurrent_regularizer", "bias_regularizer", "kernel_constraint", "recurrent_constraint", "bias_constraint", "dropout",
      "recurrent_dropout", "reset_after", "seed");

  @Override
  public RNN read(LayerConfig config) {
    config.inert("unroll", "num_constants");
    return new RNN(config.cells("cell")).stacked(config.stacked("cell")).returnSequences(config.bool("return_sequences", false))
        .returnState(config.bool("return_state", false)).goBackwards(config.bool("go_backwards", false))
        .stateful(config.bool("stateful", false)).zeroOutputForMask(config.bool("zero_output_for_mask", false))
        .trainable(config.bool("trainable", true));
  }

  @Override
  public JsonObject write(RNN layer, List<Shape> inputs) {
    List<JsonValue> cells = new ArrayList<>();
    Shape read = inputs.get(0);
    for (Recurrent<?> cell : layer.cells()) {
      cells.add(cell(cell, read));
      read = read.with(-1, cell.units());
    }
    JsonValue cell = !layer.stacked() ? cells.get(0) : LayerWriter.entry("keras.layers", "StackedRNNCells",
        JsonObject.EMPTY.with("name", "stacked_rnn_cells").with("trainable", true).with("dtype", LayerWriter.FLOAT32)
            .with("cells", JsonArray.of(cells))).with("build_config", step(inputs.get(0)));
    return LayerWriter.common(layer).with("return_sequences", layer.returnSequences()).with("return_state", layer.returnState())
        .with("go_backwards", layer.goBackwards()).with("stateful", layer.stateful()).with("unroll", false)
        .with("zero_output_for_mask", layer.zeroOutputForMask()).with("cell", cell);
  }

  /** The options of a cell are some of those of its layer, in another order. */
  private static JsonObject cell(Recurrent<?> cell, Shape input) {
    JsonObject whole = LayerWriter.write(cell, List.of(input), List.of()).object("config");
    JsonObject own = JsonObject.EMPTY;
    for (String option : CELL) {
      if (whole.has(option)) {
        own = own.with(option, whole.get(option));
      } else if (option.equals("seed")) {
        own = own.withNull(option);
      }
    }
    return LayerWriter.entry("keras.layers", cell.className() + "Cell", own).with("build_config", step(input));
  }

  private static JsonObject step(Shape input) {
    return JsonObject.EMPTY.with("input_shape", LayerWriter.shape(Shape.of(input.axis(0), input.axis(-1))));
  }

  @Override
  public void groups(RNN layer, List<Shape> inputs, ObjectGroups groups) {
    groups.add("", layer.name(), List.of());
    Shape read = inputs.get(0);
    if (!layer.stacked()) {
      groups.add("/cell", layer.cells().get(0).name(), layer.variables(inputs));
      return;
    }
    groups.add("/cell", "stacked_rnn_cells", List.of());
    ObjectGroups stack = groups.below("/cell/cells");
    for (Recurrent<?> cell : layer.cells()) {
      stack.add('/' + stack.counted(LayerNames.snakeCase(cell.className()) + "_cell"), cell.name(), cell.variables(List.of(read)));
      read = read.with(-1, cell.units());
    }
  }

  @Override
  public JsonObject build(RNN layer, List<Shape> inputs, List<Shape> initialState) {
    return initialState.isEmpty() ? LayerCodec.super.build(layer, inputs, initialState)
        : JsonObject.EMPTY.with("shapes_dict", JsonObject.EMPTY.with("sequences_shape", LayerWriter.shape(inputs.get(0)))
            .with("initial_state_shape", LayerWriter.shapes(initialState)));
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return RecurrentCodec.arguments(mask, initialState);
  }
}
