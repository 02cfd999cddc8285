"""Writes testdata/odd: files that Keras has written at some time and that are only old or unusual, with NAME.npz: inputs x0... and
outputs y0... as Keras computes them.

    keras-venv/bin/python testdata/odd.py        # the environment of record.py

keras1.h5            as Keras 1.2 writes convolutions and poolings over time, whose kernels have an axis for the width of an image
keras1_gates.h5      as Keras 1 writes recurrent layers whose gates it computes one by one, on Theano, which turns kernels about
cudnn.h5             as Keras 2 writes CuDNNLSTM and CuDNNGRU, alone and within Bidirectional
cudnn_plain.h5       weights of those layers under a configuration of LSTM and GRU
keras213.keras       as tf.keras 2.13 writes it: its name for the group of layers, where a layer with weights counts twice
keras213_windows.keras  the same, written on Windows: backslashes in names
keras215_windows.keras  as tf.keras 2.15 writes it on Windows
counted_once.keras   keras213.keras, but with each layer counted once, as Keras 3 takes those files to be
dict.keras           dicts of inputs and outputs, one in a list
keras21.h5           the configuration of a Sequential is a bare list
umlaut.h5            names outside ASCII, of more layers than a group keeps links in its header for
slash.h5             as Keras 2 writes layers with slashes and line breaks in their names, two of which differ in nothing else
folder               zipped=False
sharded.weights.json weights in several files, with those of the optimizer
described.json       to_json(), beside described.weights.h5
scaled.keras         compiled with a LossScaleOptimizer, after two steps
scaled.h5            the same in the legacy format
packed.h5            a legacy model, copied with chunks, gzip, shuffle and fletcher32
heavy.h5             a large legacy model of zeros in float64, each variable in one chunk: shuffle, fletcher32, then gzip
big_endian.h5        the same with big-endian float64
whole.h5             weights that are integers
"""
import io
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from record import Draw, keras, np  # record chooses the backend: import it before anything of Keras

import h5py
from keras import Input, Model, Sequential, layers
from keras.layers import GRU, LSTM, Activation, Concatenate, Dense, Dropout

ODD = Path(__file__).parent / "odd"
DRAW = Draw(1, "odd")


def expect(name, model, *x):
    y = keras.tree.flatten(model.predict_on_batch(list(x) if len(x) > 1 else x[0]))
    np.savez_compressed(ODD / f"{name}.npz", **{f"x{i}": value for i, value in enumerate(x)},
                        **{f"y{i}": value for i, value in enumerate(y)})


def stack():
    """Several layers of one class, with layers without weights between them."""
    keras.utils.clear_session()
    return DRAW.weights(Sequential([
        Input((None, 3), name="steps"), LSTM(4, return_sequences=True), Dropout(0.5), LSTM(3, return_sequences=True), GRU(3),
        Dropout(0.5), Dense(4, activation="relu"), Dense(2)]))


def x():
    return DRAW.x(2, 5, 3)


# ---------------------------------------------------------------------------------------------------------------------
# Files of Keras 2, made from those of Keras 3 after Keras 2's sources and files in public.

def old(config):
    """A layer's configuration as Keras 2 has it, where it matters."""
    config = {key: value for key, value in config.items() if key not in ("zero_output_for_mask", "seed", "quantization_config",
                                                                         "optional", "lora_rank")}
    if "batch_shape" in config:
        config["batch_input_shape"] = config.pop("batch_shape")
    return config | {"dtype": "float32"}


def keras2_archive(name, model, version, rename):
    """A .keras of Keras 2: every group has another path."""
    with tempfile.TemporaryDirectory() as scratch:
        model.save(file := Path(scratch) / "model.keras")
        with zipfile.ZipFile(file) as archive:
            config = json.loads(archive.read("config.json"))
            weights = archive.read("model.weights.h5")
    for layer in config["config"]["layers"]:
        layer["config"] = old(layer["config"])
    config["compile_config"] = {"optimizer": "rmsprop", "loss": "mse"}
    buffer = io.BytesIO()
    with h5py.File(io.BytesIO(weights)) as source, h5py.File(buffer, "w") as target:
        def visit(path, item):
            if isinstance(item, h5py.Dataset) or path.endswith("vars"):
                place = rename(path)
                if isinstance(item, h5py.Dataset):
                    target[place] = item[()]
                else:
                    target.require_group(place)
        source.visititems(visit)
    with zipfile.ZipFile(ODD / f"{name}.keras", "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": version, "date_saved": "2023-07-01@12:00:00"}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", buffer.getvalue())


def counted_twice(model):
    """The groups of Keras 3 by those of Keras 2.13, whose list of layers holds those with weights twice."""
    groups, counts, own = {}, {}, {}
    for layer in model.layers:
        kind = keras.src.utils.naming.to_snake_case(type(layer).__name__)
        count, before = counts.get(kind, 0), own.get(kind, 0)
        groups[f"{kind}_{before}" if before else kind] = f"{kind}_{count}" if count else kind
        counts[kind], own[kind] = count + (2 if layer.weights else 1), before + 1
    return groups


def old_path(path, groups, above, separator):
    if not path.startswith("layers/"):
        return path
    _, layer, rest = path.split("/", 2)
    head, vars_, tail = f"{above}/{groups.get(layer, layer)}/{rest}".partition("/vars")
    return head.replace("/", separator) + vars_ + tail


def legacy(file, model, config, version, names=None):
    """A .h5 as Keras 2 writes it."""
    names = names or [layer.name for layer in model.layers]
    with h5py.File(file, "w") as h5:
        h5.attrs["keras_version"] = version.encode()
        h5.attrs["backend"] = b"tensorflow"
        h5.attrs["model_config"] = json.dumps(config).encode()
        group = h5.create_group("model_weights")
        group.attrs["layer_names"] = np.array([name.encode() for name in names])
        for name, layer in zip(names, model.layers):
            own = group.create_group(name)
            weights = [f"{name}/{weight.name}:0" for weight in layer.weights]
            own.attrs["weight_names"] = np.array([weight.encode() for weight in weights]) if weights else np.array([])
            for weight, value in zip(weights, layer.get_weights()):
                own.create_dataset(weight, data=value)


def sequential_layers(model, names):
    entries = [{"class_name": type(layer).__name__, "config": old(layer.get_config()) | {"name": name}}
              for layer, name in zip(model.layers, names)]
    entries[0]["config"]["batch_input_shape"] = list(model.input_shape)
    return entries


def keras2():
    model = stack()
    twice = counted_twice(model)
    for name, version, groups, above, separator in (
            ("keras213", "2.13.1", twice, "_layer_checkpoint_dependencies", "/"),
            ("keras213_windows", "2.13.1", twice, "_layer_checkpoint_dependencies", "\\"),
            ("counted_once", "2.13.1", {}, "_layer_checkpoint_dependencies", "/"),
            ("keras215_windows", "2.15.0", {}, "layers", "\\")):
        keras2_archive(name, model, version, lambda path: old_path(path, groups, above, separator))
        expect(name, model, x())
    names = [layer.name for layer in model.layers]
    legacy(ODD / "keras21.h5", model, {"class_name": "Sequential", "config": sequential_layers(model, names)}, "2.1.6")
    expect("keras21", model, x())
    names = ["block/lstm", "drop/a", "block_lstm", "block\nlstm", "drop/b", "out/", "b/out"]
    legacy(ODD / "slash.h5", model, {"class_name": "Sequential", "config": {"name": "a/b", "layers": sequential_layers(
        model, names)}}, "2.4.0", names)
    expect("slash", model, x())


def keras1():
    keras.utils.clear_session()
    draw = Draw(1, "keras1")
    model = draw.weights(Sequential([
        Input((12, 3)), layers.Conv1D(4, 3, padding="same", activation="tanh"), layers.MaxPooling1D(2),
        layers.Conv1D(3, 2, dilation_rate=2), layers.ZeroPadding1D(1), layers.UpSampling1D(2), layers.Cropping1D((1, 2)),
        layers.Conv1D(4, 3, strides=2, activation="relu"), layers.AveragePooling1D(2, strides=1, padding="same"),
        layers.GlobalMaxPooling1D(), Dense(2)]))
    rules = {f"{w}_{rule}": None for rule in ("regularizer", "constraint") for w in ("W", "b")} | {"activity_regularizer": None}

    def conv(filters, length, padding, stride, activation, **more):
        return {"nb_filter": filters, "filter_length": length, "init": "glorot_uniform", "activation": activation, "border_mode": padding,
                "subsample_length": stride, "bias": True, "input_dim": None, "input_length": None} | rules | more

    def pool(length, stride, padding):
        return {"stride": stride, "pool_length": length, "border_mode": padding}
    configs = [
        ("Convolution1D", conv(4, 3, "same", 1, "tanh", batch_input_shape=[None, 12, 3], input_dtype="float32", input_dim=3)),
        ("MaxPooling1D", pool(2, 2, "valid")), ("AtrousConvolution1D", conv(3, 2, "valid", 1, "linear", atrous_rate=2)),
        ("ZeroPadding1D", {"padding": 1}), ("UpSampling1D", {"length": 2}), ("Cropping1D", {"cropping": [1, 2]}),
        ("Convolution1D", conv(4, 3, "valid", 2, "relu")), ("AveragePooling1D", pool(2, 1, "same")), ("GlobalMaxPooling1D", {}),
        ("Dense", {"output_dim": 2, "init": "glorot_uniform", "activation": "linear", "bias": True, "input_dim": None} | rules)]
    names = [f"{kind.lower()}_{i}" for i, (kind, _) in enumerate(configs, 1)]
    config = {"class_name": "Sequential", "config": [
        {"class_name": kind, "config": {"name": name, "trainable": True} | own} for name, (kind, own) in zip(names, configs)]}
    with h5py.File(ODD / "keras1.h5", "w") as h5:
        h5.attrs["keras_version"] = b"1.2.2"
        h5.attrs["model_config"] = json.dumps(config).encode()
        group = h5.create_group("model_weights")
        group.attrs["layer_names"] = np.array([name.encode() for name in names])
        for name, layer in zip(names, model.layers):
            own = group.create_group(name)
            weights = {f"{name}_{'W' if value.ndim > 1 else 'b'}": value for value in layer.get_weights()}
            own.attrs["weight_names"] = np.array([weight.encode() for weight in weights])
            for weight, value in weights.items():
                own.create_dataset(weight, data=value[:, None] if value.ndim == 3 else value)
    expect("keras1", model, draw.x(2, 12, 3))


def stored(file, version, backend, config, weights):
    """A .h5 with the arrays of each layer under the given names."""
    with h5py.File(file, "w") as h5:
        h5.attrs["keras_version"] = version.encode()
        h5.attrs["backend"] = backend.encode()
        h5.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config}).encode()
        group = h5.create_group("model_weights")
        group.attrs["layer_names"] = np.array([layer["config"]["name"].encode() for layer in config])
        for layer, arrays in zip(config, weights):
            own = group.create_group(layer["config"]["name"])
            names = [f"variable_{i}" for i in range(len(arrays))]
            own.attrs["weight_names"] = np.array([name.encode() for name in names])
            for name, value in zip(names, arrays):
                own.create_dataset(name, data=value)


def gates(value, count):
    return np.split(value, count, axis=-1)


def keras1_gates():
    keras.utils.clear_session()
    draw = Draw(1, "keras1_gates")
    model = draw.weights(Sequential([
        Input((7, 3)), layers.Conv1D(4, 2, activation="tanh"), LSTM(3, return_sequences=True, activation="softsign"),
        layers.Bidirectional(LSTM(2, return_sequences=True)), GRU(3, reset_after=False), Dense(2)]))
    convolution, lstm, both, gru, dense = [layer.get_weights() for layer in model.layers]

    def apart(arrays, order):
        return [gates(value, len(order))[gate] for gate in order for value in arrays]
    # Theano: (filters, inputs, steps, 1), the steps from the last to the first.
    weights = [[convolution[0][::-1].transpose(2, 1, 0)[..., None], convolution[1]], apart(lstm, (0, 2, 1, 3)),
               apart(both[:3], (0, 2, 1, 3)) + apart(both[3:], (0, 2, 1, 3)), apart(gru, (0, 1, 2)), dense]
    rules = {"init": "glorot_uniform", "inner_init": "orthogonal", "W_regularizer": None, "U_regularizer": None, "b_regularizer": None,
             "dropout_W": 0.0, "dropout_U": 0.0, "inner_activation": "sigmoid", "go_backwards": False, "stateful": False, "unroll": False,
             "consume_less": "cpu", "input_dim": None, "input_length": None, "trainable": True}

    def cell(units, sequences, activation="tanh", **more):
        return rules | {"output_dim": units, "return_sequences": sequences, "activation": activation} | more
    forget = {"forget_bias_init": "one"}
    config = [
        {"class_name": "Convolution1D", "config": {
            "name": "convolution1d_1", "nb_filter": 4, "filter_length": 2, "init": "glorot_uniform", "activation": "tanh",
            "border_mode": "valid", "subsample_length": 1, "bias": True, "batch_input_shape": [None, 7, 3], "trainable": True}},
        {"class_name": "LSTM", "config": cell(3, True, "softsign", name="lstm_1", **forget)},
        {"class_name": "Bidirectional", "config": {"name": "bidirectional_1", "trainable": True, "merge_mode": "concat", "layer": {
            "class_name": "LSTM", "config": cell(2, True, name="lstm_2", **forget)}}},
        {"class_name": "GRU", "config": cell(3, False, name="gru_1")},
        {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 2, "init": "glorot_uniform", "activation": "linear", "bias": True}}]
    stored(ODD / "keras1_gates.h5", "1.2.2", "theano", config, weights)
    expect("keras1_gates", model, draw.x(2, 7, 3))


def for_cudnn(arrays, draw):
    """The variables of a layer as cuDNN reads them: a gate is a matrix (units, inputs), and there are two biases."""
    kernel, recurrent, bias = arrays
    count = recurrent.shape[1] // recurrent.shape[0]
    turned = [np.concatenate([np.ascontiguousarray(gate.T).reshape(gate.shape) for gate in gates(value, count)], axis=1)
              for value in (kernel, recurrent)]
    first = draw.x(*bias.shape)
    return turned + [bias.reshape(-1) if bias.ndim == 2 else np.concatenate([first, bias - first])]


def cudnn():
    keras.utils.clear_session()
    draw = Draw(1, "cudnn")
    model = draw.weights(Sequential([
        Input((None, 3)), LSTM(4, return_sequences=True), GRU(5, return_sequences=True),
        layers.Bidirectional(LSTM(2, return_sequences=True)), layers.Bidirectional(GRU(3), merge_mode="sum"), Dense(2)]))
    weights = []
    for layer in model.layers[:-1]:
        arrays = layer.get_weights()
        weights.append([value for i in range(0, len(arrays), 3) for value in for_cudnn(arrays[i:i + 3], draw)])
    weights.append(model.layers[-1].get_weights())

    def layer(kind, name, units, sequences, **more):
        return {"class_name": kind, "config": {"name": name, "trainable": True, "units": units, "return_sequences": sequences,
                                               "return_state": False, "go_backwards": False, "stateful": False} | more}

    def both(name, inside, mode):
        return {"class_name": "Bidirectional", "config": {"name": name, "trainable": True, "merge_mode": mode, "layer": inside}}
    for file, prefix, more in (("cudnn", "CuDNN", {}), ("cudnn_plain", "", {"reset_after": True, "time_major": False})):
        recurrent = {} if prefix else {"recurrent_activation": "sigmoid", "implementation": 2}
        after = {key: value for key, value in more.items() if key == "time_major"}
        config = [layer(prefix + "LSTM", "a", 4, True, batch_input_shape=[None, None, 3], dtype="float32", **recurrent, **after),
                  layer(prefix + "GRU", "b", 5, True, **recurrent, **more),
                  both("c", layer(prefix + "LSTM", "lstm", 2, True, **recurrent, **after), "concat"),
                  both("d", layer(prefix + "GRU", "gru", 3, False, **recurrent, **more), "sum"),
                  {"class_name": "Dense", "config": {"name": "e", "trainable": True, "units": 2, "activation": "linear", "use_bias": True}}]
        stored(ODD / f"{file}.h5", "2.2.4", "tensorflow", config, weights)
        expect(file, model, draw.x(2, 5, 3))


# ---------------------------------------------------------------------------------------------------------------------
# Files of Keras 3.

def dicts():
    keras.utils.clear_session()
    zeta, alpha, last = Input((4, 2), name="z"), Input((4, 3), name="a"), Input((4, 1), name="l")
    both = Concatenate()([LSTM(3)(zeta), GRU(2)(alpha), GRU(2)(last)])
    model = DRAW.weights(Model({"zeta": zeta, "alpha": [alpha, last]}, {"y": Dense(2)(both), "b": Activation("relu")(both)}))
    model.save(ODD / "dict.keras")
    values = [DRAW.x(2, 4, 3), DRAW.x(2, 4, 1), DRAW.x(2, 4, 2)]
    y = model.predict_on_batch({"zeta": values[2], "alpha": values[:2]})
    np.savez_compressed(ODD / "dict.npz", **{f"x{i}": value for i, value in enumerate(values)}, y0=y["b"], y1=y["y"])


def umlaut():
    """TensorFlow saves such names but does not run them: the outputs are those of a model with others."""
    keras.utils.clear_session()

    def model(entry, middle, end):
        return Sequential([Input((None, 3), name=entry), *(GRU(2, return_sequences=True, name=f"{middle}_{i}") for i in range(11)),
                           Dense(1, name=end)])
    named, plain = model("eingänge", "glättung", "schätzung"), model("in", "middle", "end")
    named.set_weights(DRAW.weights(plain).get_weights())
    named.save(ODD / "umlaut.h5")
    expect("umlaut", plain, x())


def unusual():
    model = stack()
    model.save(ODD / "folder", zipped=False)
    expect("folder", model, x())
    model.compile("adam", "mse")
    model.train_on_batch(x(), DRAW.x(2, 2))
    model.save_weights(ODD / "sharded.weights.json", max_shard_size=1.2e-6)
    expect("sharded", model, x())
    (ODD / "described.json").write_text(model.to_json())
    model.save_weights(ODD / "described.weights.h5")
    expect("described", model, x())
    model = stack()
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01), initial_scale=4.0), "mean_squared_error")
    for _ in range(2):
        model.train_on_batch(x(), DRAW.x(2, 2))
    model.save(ODD / "scaled.keras")
    model.save(ODD / "scaled.h5")
    expect("scaled", model, x())


def copies():
    model = stack()
    with tempfile.TemporaryDirectory() as scratch:
        model.save(file := Path(scratch) / "model.h5")
        copy(file, "packed", lambda value: value, compression="gzip", shuffle=True, fletcher32=True)
        expect("packed", model, x())
        copy(file, "big_endian", lambda value: value.astype(">f8"))
        expect("big_endian", model, x())
    model.set_weights([np.round(4 * value) for value in model.get_weights()])
    with tempfile.TemporaryDirectory() as scratch:
        model.save(file := Path(scratch) / "model.h5")
        copy(file, "whole", lambda value: value.astype("int16"))
        expect("whole", model, x())


def heavy():
    """Zeros take no room in the file, and all of it in memory."""
    model = Sequential([Input((None, 256)), LSTM(768, name="lstm")])
    model.set_weights([np.zeros_like(value) for value in model.get_weights()])
    with tempfile.TemporaryDirectory() as scratch:
        model.save(file := Path(scratch) / "model.h5")
        copy(file, "heavy", lambda value: value.astype("float64"), whole=True)


def one_chunk(shape):
    """In another order than h5py's own options have."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk(shape)
    properties.set_shuffle()
    properties.set_fletcher32()
    properties.set_deflate(4)
    return properties


def copy(source, name, convert, whole=False, **options):
    with h5py.File(source) as old_file, h5py.File(ODD / f"{name}.h5", "w") as new:
        new.attrs.update(old_file.attrs)

        def visit(path, item):
            if isinstance(item, h5py.Dataset):
                own = {"dcpl": one_chunk(item.shape)} if whole else options
                new.create_dataset(path, data=convert(item[()]), **(own if item.ndim else {}))
            else:
                new.require_group(path).attrs.update(item.attrs)
        old_file.visititems(visit)


def main():
    shutil.rmtree(ODD, ignore_errors=True)
    ODD.mkdir()
    keras2()
    dicts()
    umlaut()
    unusual()
    copies()
    heavy()
    keras1()
    keras1_gates()
    cudnn()
    for file in sorted(ODD.rglob("*")):
        print(f"{str(file.relative_to(ODD)):28} {file.stat().st_size:8,}")


if __name__ == "__main__":
    main()
