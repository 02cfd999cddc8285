"""Writes testdata/files: small files of every kind that Keras reads or writes, for tests of Rill's own readers.

    keras-venv/bin/python testdata/files.py        # the environment of record.py

`NAME.npz` holds the weights expected from every file of that name, as `LAYER/INDEX` in Keras' order, and an input `x` with Keras'
output `y` where there is one.

stack.npz                expected: LSTM, GRU (both kinds), SimpleRNN, TimeDistributed(Dense), Dense; user names and default names
stack.keras              as Keras saves it
stack.weights.h5         save_weights of the same model
stack.h5                 the same model in the legacy format (groups and attributes by layer name)
stack_deflated.keras     stack.keras, its members compressed: Keras reads it too
stack_no_metadata.keras  stack.keras without metadata.json, members in another order: Keras reads it too
stack_latest.weights.h5  the same weights with libver="latest" (superblock 3, link messages): Keras never writes this
stack_chunked.weights.h5 the same weights, chunked and gzipped: Keras never writes this
graph.npz/.keras/.weights.h5/.h5  a functional model: two inputs, a shared layer, states handed on, three outputs
trained.npz/.keras/.weights.h5/.h5  a model after three steps of Adam: the files hold the optimizer's variables too
float16.npz/.weights.h5  weights of stack in float16; the expected ones are those, as float32
float64.npz/.weights.h5  weights of stack in float64; the expected ones are float64, too, and a reader rounds them
bfloat16.npz/.weights.h5 weights of stack in bfloat16 (opaque two-byte data with an attribute); expected as float32
float64.keras            the whole model, dtype policy float64; expected as in float64.npz
many.npz/.keras          the fewest Dense layers (found by trial) whose groups need a B-tree of two levels; members compressed
long_names.npz/.h5.gz    legacy; an attribute of more than 64512 bytes, split into layer_names0, layer_names1; gzipped whole
minimal.npz/.keras       a configuration written by hand with the least that Keras accepts, and no metadata.json
rules.json               only the configuration: every option for initializers, regularizers, constraints and trainable
keras2.npz/.h5           written by hand as Keras 2.15 does: batch_input_shape, time_major, `:0` in names, fixed-length strings
"""
import gzip
import json
import shutil
import tempfile
import zipfile
from itertools import count
from pathlib import Path

from record import Draw, keras, np  # record chooses the backend: import it before anything of Keras

import h5py
from keras import Input, Model, Sequential
from keras.layers import GRU, LSTM, Activation, Dense, Dropout, SimpleRNN, TimeDistributed

FILES = Path(__file__).parent / "files"


# ---------------------------------------------------------------------------------------------------------------------
# Models.

def stack(recurrent_initializer="orthogonal"):
    options = {"return_sequences": True, "recurrent_initializer": recurrent_initializer}
    return Sequential([
        Input(batch_shape=(2, None, 3), name="steps"), LSTM(4, name="dense", stateful=True, **options), GRU(3, **options),
        GRU(3, reset_after=False, **options), Dropout(0.5), TimeDistributed(Dense(5, activation="relu")),
        SimpleRNN(2, use_bias=False, recurrent_initializer=recurrent_initializer), Dense(3)])


def graph():
    a, b = Input((None, 3), name="a"), Input((None, 3), name="b")
    shared = LSTM(4, return_state=True, name="shared")
    first, *states = shared(a)
    second = shared(b)[0]
    sequence = LSTM(4, return_sequences=True)(b, initial_state=states)
    return Model([a, b], [Dense(2, activation="softmax")(first), second, sequence])


def trained(draw):
    model = randomized(Sequential([Input((None, 3)), LSTM(4), Dense(2, activation="softmax")]), draw)
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    for _ in range(3):
        model.train_on_batch(draw.x(4, 5, 3), np.eye(2, dtype="float32")[draw.rng.integers(0, 2, 4)])
    return model


def many(layers):
    return Sequential([Input((1,)), *(Dense(1, use_bias=False) for _ in range(layers))])


def long_names():
    """Names so long, and so many, that their list exceeds 64512 bytes."""
    return Sequential([Input((2,)), *(Activation("linear", name=f"{'long_' * 44}{i:03}") for i in range(290)), Dense(2)])


def rules():
    """Every class of rule, each option with a value that is not its default; in `custom`, rules that only their author knows."""
    of, kept, held = keras.initializers, keras.regularizers, keras.constraints

    @keras.saving.register_keras_serializable("mine")
    class L2(kept.Regularizer):
        def get_config(self):
            return {"l2": 0.5}

    @keras.saving.register_keras_serializable("mine")
    class Start(of.Initializer):
        def __call__(self, shape, dtype=None):
            return keras.ops.zeros(shape, dtype)

    def sequence(layer, **options):
        return layer(2, return_sequences=True, **options)

    return Sequential([
        Input((None, 3)),
        sequence(LSTM, name="first", kernel_initializer=of.HeNormal(seed=3), recurrent_initializer=of.Orthogonal(2.0, seed=4),
                 bias_initializer=of.Constant(0.5), kernel_regularizer=kept.L1L2(0.1, 0.2),
                 recurrent_regularizer=kept.OrthogonalRegularizer(0.02, "columns"), bias_regularizer=kept.L1(0.03),
                 activity_regularizer=kept.L2(0.04), kernel_constraint=held.MaxNorm(3, axis=1),
                 recurrent_constraint=held.MinMaxNorm(0.1, 0.9, rate=0.5, axis=1), bias_constraint=held.NonNeg(), trainable=False),
        sequence(GRU, name="second", kernel_initializer=of.VarianceScaling(0.5, "fan_out", "untruncated_normal"),
                 recurrent_initializer=of.Identity(0.5), bias_initializer=of.RandomUniform(-0.1, 0.2),
                 kernel_constraint=held.UnitNorm(axis=-1)),
        sequence(SimpleRNN, name="third", kernel_initializer=of.RandomNormal(0.1, 0.2), bias_initializer="ones",
                 recurrent_initializer=of.TruncatedNormal(0.3, 0.4, seed=5)),
        TimeDistributed(Dense(2, kernel_initializer="lecun_uniform", kernel_regularizer="l2", name="inner"), name="frozen",
                        trainable=False),
        Dense(2, name="custom", kernel_initializer=Start(), kernel_regularizer=L2(),
              kernel_constraint=held.MaxNorm(3, axis=[0, 1])),
        Dense(2, name="plain")])


def randomized(model, draw):
    return draw.weights(model)


# ---------------------------------------------------------------------------------------------------------------------
# Writing and checking.

def weights(model):
    return {f"{layer.name}/{i}": value for layer in model.layers for i, value in enumerate(layer.get_weights())}


def expect(name, model, x=None):
    """NAME.npz: what a reader must find."""
    values = weights(model)
    if x is not None:
        inputs = x if isinstance(x, list) else [x]
        outputs = keras.tree.flatten(model.predict_on_batch(x))
        values |= {f"x{i}": value for i, value in enumerate(inputs)} | {f"y{i}": value for i, value in enumerate(outputs)}
    np.savez_compressed(FILES / f"{name}.npz", **values)


def agree(model, name):
    """Keras, having read a file, holds what NAME.npz says."""
    expected = np.load(FILES / f"{name}.npz")
    for key, value in weights(model).items():
        np.testing.assert_array_equal(value, expected[key].astype(value.dtype), err_msg=key)


def rezip(source, target, compression=zipfile.ZIP_STORED, members=None, replace=None):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compression) as new:
        for member in members or old.namelist():
            new.writestr(zipfile.ZipInfo(member), (replace or {}).get(member) or old.read(member), compress_type=compression)


def rewrite(source, target, libver=None, convert=lambda value: value, **options):
    """Copies an HDF5 file dataset by dataset."""
    with h5py.File(source) as old, h5py.File(target, "w", libver=libver) as new:
        def visit(name, item):
            if isinstance(item, h5py.Dataset):
                copy = new.create_dataset(name, data=convert(item[()]), **(options if item.ndim else {}))
            else:
                copy = new.require_group(name)
            for key, value in item.attrs.items():
                copy.attrs[key] = value
        old.visititems(visit)


def tree_levels(file):
    """The highest level of any group B-tree: the byte after `TREE` and node type 0."""
    data, highest, at = file.read_bytes(), 0, -1
    while (at := data.find(b"TREE\0", at + 1)) >= 0:
        highest = max(highest, data[at + 5])
    return highest


def fewest_groups_for_two_levels(scratch):
    for groups in count(100):
        file = scratch / "groups.h5"
        with h5py.File(file, "w") as h5:
            for i in range(groups):
                h5.create_group(f"layers/dense_{i}" if i else "layers/dense")
        if tree_levels(file):
            return groups


# ---------------------------------------------------------------------------------------------------------------------
# Files written by hand.

def minimal(draw):
    """Nothing that Keras could do without. swish and hard_swish are names that Keras reads and never writes."""
    def layer(kind, **config):
        return {"module": "keras.layers", "class_name": kind, "config": config}

    model = Sequential([Input((None, 3)), LSTM(4, return_sequences=True), Activation("swish"), GRU(3), Dense(2, "hard_swish")])
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "minimal", "layers": [
        layer("InputLayer", name="x", batch_shape=[None, None, 3]),
        layer("LSTM", name="a", units=4, return_sequences=True),
        layer("Activation", name="b", activation="swish"),
        layer("GRU", name="c", units=3),
        layer("Dense", name="d", units=2, activation="hard_swish")]}}
    file = FILES / "minimal.keras"
    with tempfile.TemporaryDirectory() as scratch:
        randomized(model, draw).save(full := Path(scratch) / "full.keras")
        rezip(full, file, members=["config.json", "model.weights.h5"], replace={"config.json": json.dumps(config)})
    model = keras.saving.load_model(file)
    expect("minimal", model, draw.x(2, 4, 3))


def keras2(draw, scratch):
    """As tf.keras 2.15 writes it, after its hdf5_format.py; checked with Keras 3 once time_major, which it refuses, is out."""
    model = randomized(Sequential([Input(batch_shape=(2, None, 3)), LSTM(4, return_sequences=True, stateful=True),
                                   GRU(3, return_sequences=True), SimpleRNN(2), Dense(2, activation="softmax")]), draw)
    expect("keras2", model, draw.x(2, 4, 3))

    zeros = {"class_name": "Zeros", "config": {}}
    glorot = {"class_name": "GlorotUniform", "config": {"seed": None}}
    orthogonal = {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": None}}

    def common(layer):
        return {"name": layer.name, "trainable": True, "dtype": "float32"}

    def recurrent(layer, time_major):
        gates = isinstance(layer, (LSTM, GRU))
        return common(layer) | {
            "return_sequences": layer.return_sequences, "return_state": False, "go_backwards": False, "stateful": layer.stateful,
            "unroll": False} | ({"time_major": False} if time_major else {}) | {
            "units": layer.units, "activation": "tanh"} | ({"recurrent_activation": "sigmoid"} if gates else {}) | {
            "use_bias": True, "kernel_initializer": glorot, "recurrent_initializer": orthogonal, "bias_initializer": zeros} | (
            {"unit_forget_bias": True} if isinstance(layer, LSTM) else {}) | {
            "kernel_regularizer": None, "recurrent_regularizer": None, "bias_regularizer": None, "activity_regularizer": None,
            "kernel_constraint": None, "recurrent_constraint": None, "bias_constraint": None, "dropout": 0.0,
            "recurrent_dropout": 0.0} | ({"implementation": 2} if gates else {}) | (
            {"reset_after": True} if isinstance(layer, GRU) else {})

    def dense(layer):
        return common(layer) | {
            "units": layer.units, "activation": "softmax", "use_bias": True, "kernel_initializer": glorot, "bias_initializer": zeros,
            "kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None,
            "bias_constraint": None}

    def save(file, time_major):
        config = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
            {"class_name": "InputLayer", "config": {"batch_input_shape": [2, None, 3], "dtype": "float32", "sparse": False,
                                                    "ragged": False, "name": "lstm_input"}},
            *({"class_name": type(layer).__name__,
               "config": dense(layer) if isinstance(layer, Dense) else recurrent(layer, time_major)} for layer in model.layers)]}}
        with h5py.File(file, "w") as h5:
            h5.attrs["keras_version"] = b"2.15.0"
            h5.attrs["backend"] = b"tensorflow"
            h5.attrs["model_config"] = json.dumps(config).encode()
            group = h5.create_group("model_weights")
            group.attrs["layer_names"] = np.array([layer.name.encode() for layer in model.layers])
            group.attrs["backend"] = b"tensorflow"
            group.attrs["keras_version"] = b"2.15.0"
            for layer in model.layers:
                names = [weight.path[weight.path.index(layer.name):] + ":0" for weight in layer.weights]
                own = group.create_group(layer.name)
                own.attrs["weight_names"] = np.array([name.encode() for name in names])
                for name, value in zip(names, layer.get_weights()):
                    own.create_dataset(name, data=value)
            group.create_group("top_level_model_weights").attrs["weight_names"] = np.array([], dtype="float64")

    save(FILES / "keras2.h5", time_major=True)
    save(scratch / "keras3.h5", time_major=False)
    agree(keras.saving.load_model(scratch / "keras3.h5", compile=False), "keras2")


# ---------------------------------------------------------------------------------------------------------------------

def all_formats(name, model, x):
    """The legacy format comes last: writing it takes the optimizer out of the model's compile configuration."""
    model.save(FILES / f"{name}.keras")
    model.save_weights(FILES / f"{name}.weights.h5")
    model.save(FILES / f"{name}.h5")
    expect(name, model, x)
    agree(keras.saving.load_model(FILES / f"{name}.keras"), name)
    agree(keras.saving.load_model(FILES / f"{name}.h5", compile=False), name)
    model.set_weights([np.zeros_like(value) for value in model.get_weights()])
    model.load_weights(FILES / f"{name}.weights.h5")
    agree(model, name)


def main():
    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir()
    draw = Draw(1, "files")

    def fresh(build, *arguments, dtype="float32"):
        keras.utils.clear_session()  # forgets the policy, too
        keras.config.set_dtype_policy(dtype)
        return randomized(build(*arguments), draw)

    all_formats("stack", fresh(stack), draw.x(2, 4, 3))
    all_formats("graph", fresh(graph), [draw.x(2, 4, 3), draw.x(2, 3, 3)])
    keras.utils.clear_session()
    all_formats("trained", trained(draw), draw.x(2, 4, 3))

    rezip(FILES / "stack.keras", FILES / "stack_deflated.keras", zipfile.ZIP_DEFLATED)
    rezip(FILES / "stack.keras", FILES / "stack_no_metadata.keras", members=["model.weights.h5", "config.json"])
    for variant in ("deflated", "no_metadata"):
        agree(keras.saving.load_model(FILES / f"stack_{variant}.keras"), "stack")
    rewrite(FILES / "stack.weights.h5", FILES / "stack_latest.weights.h5", libver="latest")
    rewrite(FILES / "stack.weights.h5", FILES / "stack_chunked.weights.h5", chunks=True, compression="gzip")

    for dtype in ("float16", "float64", "bfloat16"):
        model = fresh(stack, "zeros", dtype=dtype)  # orthogonal needs a QR, which TensorFlow lacks in bfloat16
        if dtype == "float64":
            model.set_weights([value / 3 for value in model.get_weights()])  # no float32 has these values
        model.save_weights(FILES / f"{dtype}.weights.h5")
        assert {weight.dtype for weight in model.weights} == {dtype}
        np.savez_compressed(FILES / f"{dtype}.npz", **{key: value.astype("float64" if dtype == "float64" else "float32")
                                                       for key, value in weights(model).items()})
        if dtype == "float64":
            model.save(FILES / "float64.keras")
        model = fresh(stack)
        if dtype != "bfloat16":  # h5py gives these two-byte blobs, which only a bfloat16 model takes
            model.load_weights(FILES / f"{dtype}.weights.h5")
            agree(model, dtype)

    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        groups = fewest_groups_for_two_levels(scratch)
        model = fresh(many, groups)
        model.save(scratch / "many.keras")
        rezip(scratch / "many.keras", FILES / "many.keras", zipfile.ZIP_DEFLATED)
        expect("many", model)
        agree(keras.saving.load_model(FILES / "many.keras"), "many")
        with zipfile.ZipFile(FILES / "many.keras") as archive:
            archive.extract("model.weights.h5", scratch)
        assert tree_levels(scratch / "model.weights.h5") == 1, "one level is not what this file is for"

        model = fresh(long_names)
        model.save(scratch / "long_names.h5")
        with h5py.File(scratch / "long_names.h5") as h5:
            assert "layer_names1" in h5["model_weights"].attrs
        (FILES / "long_names.h5.gz").write_bytes(gzip.compress((scratch / "long_names.h5").read_bytes(), mtime=0))
        expect("long_names", model)
        agree(keras.saving.load_model(scratch / "long_names.h5", compile=False), "long_names")

        keras.utils.clear_session()
        minimal(draw)
        keras.utils.clear_session()
        keras2(draw, scratch)
        keras.utils.clear_session()
        (FILES / "rules.json").write_text(rules().to_json() + "\n")

    for file in sorted(FILES.iterdir()):
        print(f"{file.name:28} {file.stat().st_size:8,}")
    print(f"{groups} Dense layers in many.keras; {sum(file.stat().st_size for file in FILES.iterdir()):,} bytes in all")


if __name__ == "__main__":
    main()
