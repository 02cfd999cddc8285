"""Records what real Keras computes, case by case, as folders that Rill replays.

    python3.11 -m venv keras-venv
    keras-venv/bin/pip install keras==3.15.1 tensorflow-cpu==2.21.0 h5py==3.14.0
    keras-venv/bin/python testdata/record.py                      # all cases, into testdata/cases
    keras-venv/bin/python testdata/record.py --only state_ size_  # those whose names start so
    keras-venv/bin/python testdata/record.py --seed 7 --out DIR   # other numbers, other random models
    keras-venv/bin/python testdata/record.py --check DIR...       # replay kept cases in float64, write nothing

A case is a folder: `model.keras` as Keras saves it before the first call, `calls.json` with what was then called and what
came out, `arrays.npz` with every array. The same seed gives the same cases (but for the date and the `shared_object_id`s inside
model.keras, and for last bits where another processor makes TensorFlow choose other kernels).

A case is kept only if Keras in float64, from the same file and inputs, comes within a quarter of the tolerance that a replay
is granted: what Keras cannot reproduce itself proves nothing. Cases that fail this are reported and removed.

How to add a case: write a function `f(draw, ...)` that returns a model (with weights drawn by `draw.weights`) and a list of
calls, and name it in `catalogue`. Calls that train (`train_on_batch`, `fit`) need a model that was compiled; their losses, metrics
and weights are recorded without further ado.
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import zipfile
import zlib
from functools import partial
from pathlib import Path

os.environ.update(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3")

import keras
import numpy as np
import tensorflow as tf
from keras import Input, Model, Sequential
from keras.layers import (GRU, LSTM, Activation, Concatenate, Dense, Dropout, Embedding, Masking, RepeatVector, SimpleRNN,
                          TimeDistributed)

import training
import training_masks
import surroundings

# One thread: sums are then cut in the same way on every run.
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.get_logger().setLevel("ERROR")  # silence about retracing: new shapes are the point here

KERAS = "3.15.1"
INFERENCE = 2e-6, 1e-5  # absolute and relative tolerance of a replay ...
TRAINING = 1e-5, 1e-4   # ... and from the first training call on

CELLS = {
    "lstm": LSTM,
    "gru": GRU,
    "gru_reset_before": partial(GRU, reset_after=False),
    "simple_rnn": SimpleRNN,
}
GATED = ["lstm", "gru", "gru_reset_before"]
AWKWARD = {  # (features, units): cells; all cells but for the largest, which would fill the disk
    (1, 64): ["lstm", "simple_rnn"], (64, 1): ["gru", "gru_reset_before"],
    (3, 47): ["gru", "gru_reset_before"], (47, 3): ["lstm", "simple_rnn"],
    (5, 33): CELLS, (33, 5): CELLS, (13, 13): CELLS, (1, 1): CELLS,
}

# Every name that keras.activations.get knows, but for: glu and threshold (unusable by name), sparsemax (it
# sorts), swish and hard_swish (saved as silu and hard_silu).
SMOOTH = ["sigmoid", "tanh", "softmax", "softsign", "silu", "gelu", "log_sigmoid",
          "linear", "exponential", "log_softmax", "squareplus", "softplus", "mish", "tanh_shrink"]
PIECEWISE = ["hard_sigmoid", "hard_tanh", "sparse_sigmoid", "relu6", "hard_silu", "hard_shrink",
             "relu", "leaky_relu", "elu", "selu", "celu", "soft_shrink", "sparse_plus"]


# ---------------------------------------------------------------------------------------------------------------------
# Calls: what a case does with its model. Arrays stand in place; `write` gives them names.

def predict_on_batch(*x):
    return {"call": "predict_on_batch", "x": list(x)}


def predict(*x, batch_size):
    return {"call": "predict", "x": list(x), "batch_size": batch_size}


def reset_states(layer=None):
    return {"call": "reset_states"} | ({"layer": layer} if layer else {})


def train_on_batch(x, y, sample_weight=None):
    return _supervised("train_on_batch", x, y, sample_weight)


def test_on_batch(x, y, sample_weight=None):
    return _supervised("test_on_batch", x, y, sample_weight)


def _supervised(call, x, y, sample_weight):
    weight = {} if sample_weight is None else {"sample_weight": sample_weight}
    return {"call": call, "x": _list(x), "y": _list(y)} | weight


def evaluate(x, y, batch_size):
    return {"call": "evaluate", "x": _list(x), "y": _list(y), "batch_size": batch_size}


def fit(x, y, batch_size, epochs=1):
    return {"call": "fit", "x": _list(x), "y": _list(y), "batch_size": batch_size, "epochs": epochs, "shuffle": False}


def chunks(x, *lengths):
    """The time axis of x, cut into consecutive calls of these lengths."""
    assert sum(lengths) == x.shape[1]
    return [predict_on_batch(part) for part in np.split(x, np.cumsum(lengths)[:-1], axis=1)]


def _list(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


TRAINS = {"train_on_batch", "fit"}


def perform(model, call):
    """Carries out one call and returns everything worth comparing, as {kind: ...} in the format's own nesting."""
    one = lambda arrays: arrays[0] if len(arrays) == 1 else arrays
    name, x, y = call["call"], call.get("x"), call.get("y")
    # Targets of outputs that have names of their own go by these.
    named = y and not isinstance(model, Sequential) and isinstance(model.output, dict)
    y = [dict(zip(sorted(model.output), y))] if named else y
    expect = {}
    if any(isinstance(layer, TimeDistributed) for layer in model.layers):
        # Keras 3.15.1 loops over as many steps as there are rows once TensorFlow has traced a function for any length; a new
        # trace, for this length alone, is right.
        model.predict_function = model.test_function = model.train_function = None
    if name == "predict_on_batch":
        expect["outputs"] = keras.tree.flatten(model.predict_on_batch(one(x)))
    elif name == "predict":
        expect["outputs"] = keras.tree.flatten(model.predict(one(x), batch_size=call["batch_size"], verbose=0))
    elif name in ("train_on_batch", "test_on_batch"):
        step = getattr(model, name)
        expect["logs"] = step(one(x), one(y), sample_weight=call.get("sample_weight"), return_dict=True)
    elif name == "evaluate":
        expect["logs"] = model.evaluate(one(x), one(y), batch_size=call["batch_size"], verbose=0, return_dict=True)
    elif name == "fit":
        expect["history"] = model.fit(one(x), one(y), batch_size=call["batch_size"], epochs=call["epochs"],
                                      shuffle=call["shuffle"], verbose=0).history
    elif name == "reset_states":
        for layer in stateful_layers(model):
            if call.get("layer") in (None, layer.name):
                layer.reset_states()
    else:
        raise ValueError(f"unknown call {name}")
    expect["logs"] = {key: float(value) for key, value in expect.get("logs", {}).items()}
    expect["states"] = {layer.name: [state.numpy() for state in keras.tree.flatten(layer.states)]
                        for layer in stateful_layers(model)}
    if name in TRAINS:
        expect["weights"] = {layer.name: [variable.numpy() for variable in layer.trainable_variables]
                             for layer in model.layers if layer.trainable_variables}
    return {kind: value for kind, value in expect.items() if value}


def stateful_layers(model):
    """Models have no reset_states of their own in Keras 3: it is a walk over the layers."""
    return [layer for layer in model._flatten_layers(include_self=False) if getattr(layer, "stateful", False)]


# ---------------------------------------------------------------------------------------------------------------------
# Writing and checking a case.

def record(folder, model, calls):
    """Saves the model, makes the calls, keeps what came out."""
    folder.mkdir(parents=True)
    model.save(folder / "model.keras")
    performed = [call | {"expect": perform(model, call)} for call in calls]
    compress(folder / "model.keras")
    thin(performed)
    write(folder, performed)


def thin(calls):
    """Runs of updates would fill the repository: weights are kept after the first, the fifth and the last of them."""
    updates = [call for call in calls if call["call"] in TRAINS]
    for number, call in enumerate(updates):
        if number not in (0, 4, len(updates) - 1):
            call["expect"].pop("weights", None)


def compress(file):
    """The members of an archive, which Keras stores, compressed: Keras reads that as well, and it is a fifth of the size."""
    with zipfile.ZipFile(file) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def write(folder, calls):
    arrays, names = {}, {}

    def name(value):
        """Arrays become names; equal arrays share one."""
        if isinstance(value, np.ndarray):
            key = value.dtype.str, value.shape, value.tobytes()
            if key not in names:
                names[key] = f"a{len(names):04d}"
                arrays[names[key]] = value
            return names[key]
        if isinstance(value, dict):
            return {key: name(item) for key, item in value.items()}
        return [name(item) for item in value] if isinstance(value, list) else value

    lines = ",\n  ".join(json.dumps(name(call), ensure_ascii=False) for call in calls)
    head = f'"format": 1, "keras": "{KERAS}", "backend": "tensorflow"'
    (folder / "calls.json").write_text(f'{{{head},\n "calls": [\n  {lines}]}}\n', encoding="utf-8")
    np.savez_compressed(folder / "arrays.npz", **arrays)


def read(folder):
    arrays = dict(np.load(folder / "arrays.npz"))

    def array(value, key=None):
        """The inverse of `name` above: of the strings in a call only these are not names of arrays."""
        if isinstance(value, dict):
            return {key: array(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [array(item, key) for item in value]
        return arrays[value] if isinstance(value, str) and key not in ("call", "layer") else value

    return array(json.loads((folder / "calls.json").read_text(encoding="utf-8"))["calls"])


def in_double(model_file):
    """The saved model, every layer and variable in float64."""
    with tempfile.TemporaryDirectory() as scratch:
        patched = Path(scratch) / "model.keras"
        with zipfile.ZipFile(model_file) as source, zipfile.ZipFile(patched, "w") as target:
            for member in source.namelist():
                data = source.read(member)
                target.writestr(member, data.replace(b'"float32"', b'"float64"') if member == "config.json" else data)
        return keras.saving.load_model(patched)


def check(folder):
    """Replays a case in float64. Returns the largest error in units of the tolerance, and where it is."""
    keras.utils.clear_session()
    keras.config.set_floatx("float64")
    worst, where, tolerance = 0.0, "", INFERENCE
    try:
        model = in_double(folder / "model.keras")
        for number, call in enumerate(read(folder)):
            tolerance = TRAINING if call["call"] in TRAINS else tolerance
            expect = call.pop("expect")
            actual = perform(model, keras.tree.map_structure(
                lambda v: v.astype("float64") if isinstance(v, np.ndarray) and v.dtype == "float32" else v, call))
            # Weights that `thin` has left out are not there to be compared.
            actual = {kind: value for kind, value in actual.items() if kind in expect or kind != "weights"}
            keras.tree.assert_same_structure(expect, actual)
            for path, (want, have) in zip(paths(expect), zip(keras.tree.flatten(expect), keras.tree.flatten(actual))):
                error = distance(np.asarray(want), np.asarray(have), *tolerance)
                if error > worst:
                    worst, where = error, f"call {number} {path}"
    finally:
        keras.config.set_floatx("float32")
    return worst, where


def distance(want, have, absolute, relative):
    """max |have - want| / tolerance; NaN equals NaN alone, an infinity itself alone."""
    if want.shape != have.shape:
        return np.inf
    want, have = want.astype("float64"), have.astype("float64")
    with np.errstate(invalid="ignore"):
        error = np.abs(have - want) / (absolute + relative * np.abs(want))
    same = (want == have) | (np.isnan(want) & np.isnan(have))
    error = np.where(same, 0, np.where(np.isfinite(want) & np.isfinite(have), error, np.inf))
    return float(error.max(initial=0))


def paths(tree):
    return ["/".join(map(str, path)) for path, _ in keras.tree.flatten_with_path(tree)]


# ---------------------------------------------------------------------------------------------------------------------
# Random numbers.

class Draw:
    """The random numbers of one case: a function of seed and name, so that cases can come and go without moving others."""

    def __init__(self, seed, name):
        self.rng = np.random.default_rng([seed, zlib.crc32(name.encode())])

    def x(self, *shape, scale=1.0):
        return (self.rng.standard_normal(shape) * scale).astype("float32")

    def pick(self, choices):
        return choices[self.rng.integers(len(choices))]

    def chance(self, probability):
        return bool(self.rng.random() < probability)

    def cuts(self, length):
        """Random positive lengths that add up to `length`."""
        at = np.flatnonzero(self.rng.random(length - 1) < 0.4) + 1
        return np.diff([0, *at, length]).tolist()

    def weights(self, model, kernel=1.0, recurrent=0.8, bias=0.5):
        """Normal weights with pre-activations of about the size of the inputs, and biases that are not Keras' zeros."""
        scale = {"kernel": kernel, "recurrent_kernel": recurrent, "embeddings": np.sqrt(model.weights[0].shape[0])}
        model.set_weights([
            self.x(*weight.shape, scale=bias if weight.name == "bias" else scale[weight.name] / np.sqrt(weight.shape[0]))
            for weight in model.weights])
        return model


# ---------------------------------------------------------------------------------------------------------------------
# Cases.



def states(cell):
    return 2 if cell == "lstm" else 1


def plain(draw, cell, features=4, units=6, batches=(1, 2, 3, 5), steps=5, scale=1.0, recurrent=0.8, **options):
    """One stateless layer, several batch sizes and lengths."""
    options = {"return_sequences": True} | options
    length = steps if options.get("unroll") else None
    model = Sequential([Input((length, features)), CELLS[cell](units, **options)])
    draw.weights(model, recurrent=recurrent)
    return model, [predict_on_batch(draw.x(batch, length or steps + i % 2, features, scale=scale))
                   for i, batch in enumerate(batches)]


def side_by_side(draw, batch=None, features=4, units=6, cells=CELLS, scale=None, **options):
    """A layer of each cell on the same input."""
    x = Input(batch_shape=(batch, None, features))
    model = Model(x, [CELLS[cell](units, name=cell, **options)(x) for cell in cells])
    return draw.weights(model, **(scale or {}))


def all_cells(draw, **options):
    model = side_by_side(draw, features=3, units=5, **options)
    return model, [predict_on_batch(draw.x(batch, steps, 3)) for batch, steps in ((1, 5), (3, 4))]


def sizes(draw, features, units, cells, batches):
    model = side_by_side(draw, None, features, units, cells)
    return model, [predict_on_batch(draw.x(batch, steps, features)) for batch, steps in zip(batches, (3, 5))]


def activations(draw, names, cell):
    """A layer for each activation, all on the same input; its gates have the activation half a list away, so that a bounded one
    stands by an unbounded one. Small weights and few steps keep the latter from running away."""
    x = Input((None, 3))
    gates = names[len(names) // 2:] + names[:len(names) // 2]
    outputs = [CELLS[cell](4, name=name, return_sequences=True, activation=name,
                           **({"recurrent_activation": gate} if cell in GATED else {}))(x)
               for name, gate in zip(names, gates)]
    model = draw.weights(Model(x, outputs), kernel=0.5, recurrent=0.2, bias=0.3)
    return model, [predict_on_batch(draw.x(2, 4, 3)), predict_on_batch(draw.x(1, 2, 3, scale=2.0))]


def dense_activations(draw):
    x = Input((5,))
    model = draw.weights(Model(x, [Dense(7, name=name, activation=name)(x) for name in SMOOTH + PIECEWISE]))
    return model, [predict_on_batch(draw.x(batch, 5, scale=scale)) for batch, scale in ((3, 1.0), (2, 3.0))]


def activation_layers(draw):
    """Activation alone: the input ends on the spots where the pieces of piecewise functions meet."""
    x = Input((None, 4))
    model = Model(x, [Activation(name, name=name)(x) for name in SMOOTH + PIECEWISE])
    spots = np.array([-40, -20, -10, -7, -6, -4, -3, -2.5, -2, -1.5, -1, -.75, -.5, -1e-3, -1e-6, -0.0,
                      0, 1e-6, 1e-3, .25, .5, .75, 1, 1.5, 2, 2.5, 3, 4, 6, 7, 10, 20], "float32")
    return model, [predict_on_batch(spots.reshape(2, 4, 4)), predict_on_batch(draw.x(3, 5, 4, scale=3.0))]


def streaming(draw, cell, batch, features=3, units=5, **options):
    """One stateful layer: the same 9 steps in one call, in three, in five; reset by model and by layer; and on into new ones."""
    sequence, layer = Input(batch_shape=(batch, None, features)), CELLS[cell](units, stateful=True, **options)
    model = draw.weights(Model(sequence, layer(sequence)))
    x, more = draw.x(batch, 9, features), draw.x(batch, 7, features)
    return model, [*chunks(x, 9), reset_states(), *chunks(x, 3, 3, 3), reset_states(layer.name),
                   *chunks(x, 1, 4, 2, 1, 1), *chunks(more, 5, 2)]


def streaming_stack(draw, cells, batch=3, stateful=(True, True), head=4):
    """A stack, some or all of it stateful; reset of one layer leaves the others' states."""
    model = Sequential([Input(batch_shape=(batch, None, 2))])
    for cell, keeps in zip(cells, stateful):
        model.add(CELLS[cell](5, return_sequences=True, stateful=keeps))
    model.add(Dense(head, activation="softmax"))
    draw.weights(model)
    x = draw.x(batch, 12, 2)
    resets = [reset_states(layer.name) for layer in stateful_layers(model)]
    calls = chunks(x, 4, 1, 7)
    for reset in [*resets, reset_states()]:
        calls += [reset, *chunks(x, 6, 6)]
    return model, calls


def initial_state(draw, cell, positional=False, **options):
    """States are inputs and outputs of the graph: zero, ordinary, extreme."""
    x, given = Input((None, 3)), [Input((5,)) for _ in range(states(cell))]
    layer = CELLS[cell](5, return_sequences=True, return_state=True, **options)
    outputs = layer(x, given) if positional else layer(x, initial_state=given)
    model = draw.weights(Model([x, *given], outputs))
    return model, [predict_on_batch(draw.x(batch, 4, 3), *(draw.x(batch, 5, scale=scale) for _ in given))
                   for batch, scale in ((2, 0.0), (3, 0.7), (1, 0.7), (2, 20.0))]


def initial_state_stateful(draw, cell):
    """Keras begins at the state given, not at the one kept, and keeps the state it ends with."""
    x, given = Input(batch_shape=(2, None, 3)), [Input(batch_shape=(2, 5)) for _ in range(states(cell))]
    model = draw.weights(Model([x, *given], CELLS[cell](5, stateful=True)(x, initial_state=given)))
    calls = [predict_on_batch(draw.x(2, steps, 3), *(draw.x(2, 5) for _ in given)) for steps in (3, 1, 4)]
    return model, [*calls, reset_states(), calls[0]]


def return_state(draw, cell, **options):
    x = Input((None, 3))
    model = draw.weights(Model(x, CELLS[cell](5, return_state=True, **options)(x)))
    return model, [predict_on_batch(draw.x(batch, steps, 3)) for batch, steps in ((2, 5), (1, 1), (3, 2))]


def encoder_decoder(draw, cell):
    """The states of one layer begin another; the two inputs have their own lengths."""
    source, target = Input((None, 4), name="source"), Input((None, 3), name="target")
    _, *carried = CELLS[cell](6, return_state=True, name="encoder")(source)
    decoded = CELLS[cell](6, return_sequences=True, name="decoder")(target, initial_state=carried)
    model = Model([source, target], TimeDistributed(Dense(5, activation="softmax"), name="characters")(decoded))
    draw.weights(model)
    return model, [predict_on_batch(draw.x(batch, long, 4), draw.x(batch, short, 3))
                   for batch, long, short in ((2, 7, 3), (3, 1, 5), (1, 4, 1))]


def predict_stateless(draw, cell):
    """Seven rows in batches of three: the last batch is short."""
    model = Sequential([Input((None, 3)), CELLS[cell](5), Dense(2)])
    draw.weights(model)
    x = draw.x(7, 4, 3)
    return model, [predict(x, batch_size=size) for size in (3, 1, 32)] + [predict(draw.x(70, 2, 3), batch_size=32)]


def predict_stateful(draw):
    """Row i of each batch goes on where row i of the batch before it ended, from call to call too."""
    model, x = side_by_side(draw, 4, 3, 5, stateful=True, return_sequences=True), draw.x(12, 3, 3)
    return model, [predict(x, batch_size=4), predict(x, batch_size=4), reset_states(), predict(x, batch_size=4),
                   predict_on_batch(x[:4]), predict(x[4:8], batch_size=4)]


def stack(draw, layers, features=3, batches=(2, 3), steps=6):
    model = Sequential([Input((None, features)), *layers()])
    draw.weights(model)
    return model, [predict_on_batch(draw.x(batch, steps, features)) for batch in batches]


STACKS = {
    "lstm_gru_dense": lambda: [LSTM(7, return_sequences=True), GRU(6), Dense(4, activation="softmax")],
    "gru_lstm_rnn": lambda: [GRU(5, return_sequences=True), LSTM(6, return_sequences=True), SimpleRNN(7)],
    "dense_first": lambda: [Dense(6, activation="relu"), LSTM(5, return_sequences=True), Dense(1, activation="sigmoid")],
    "dropouts": lambda: [Dropout(0.5), LSTM(5, return_sequences=True), Dropout(0.2, noise_shape=(None, 1, None), seed=4),
                         GRU(4, reset_after=False), Dropout(0.9), Dense(3)],
    "activations": lambda: [Activation("tanh"), SimpleRNN(6, activation=None, return_sequences=True), Activation("relu"),
                            GRU(5, return_sequences=True), Activation("softmax")],
    "time_distributed": lambda: [TimeDistributed(Dense(4, activation="relu")), LSTM(5, return_sequences=True),
                                 TimeDistributed(Dense(3, activation="softmax"))],
    "same_cell_thrice": lambda: [LSTM(5, return_sequences=True), LSTM(5, return_sequences=True), LSTM(5)],
    "dense_only": lambda: [Dense(6, activation="tanh"), Dense(5, use_bias=False), Dense(4, activation="log_softmax")],
    "backwards_inside": lambda: [GRU(5, return_sequences=True, go_backwards=True), LSTM(4, return_sequences=True),
                                 SimpleRNN(3, go_backwards=True)],
    "wide_then_narrow": lambda: [GRU(17, return_sequences=True), LSTM(1, return_sequences=True), Dense(33)],
}


def time_distributed_static(draw):
    """A fixed number of steps: Keras then unrolls TimeDistributed."""
    model = Sequential([Input((4, 3)), TimeDistributed(Dense(5, activation="sigmoid")), GRU(4, return_sequences=True),
                        TimeDistributed(Dense(2, use_bias=False))])
    return draw.weights(model), [predict_on_batch(draw.x(batch, 4, 3)) for batch in (1, 2, 5)]


def dense_ranks(draw):
    """Dense acts on the last axis, whatever comes before it."""
    flat, deep = Input((3,)), Input((4, 3))
    model = draw.weights(Model([flat, deep], [Dense(5, activation="softmax")(flat), Dense(6, activation="selu")(deep)]))
    return model, [predict_on_batch(draw.x(batch, 3), draw.x(batch, 4, 3)) for batch in (2, 1)]


def two_towers(draw):
    a, b = Input((None, 3), name="a"), Input((None, 5), name="b")
    y = Dense(2, name="y")(LSTM(4)(a))
    z = Dense(3, name="z", activation="softmax")(GRU(6, return_sequences=True)(b))
    model = draw.weights(Model([b, a], [y, z]))
    return model, [predict_on_batch(draw.x(batch, 4, 5), draw.x(batch, 2, 3)) for batch in (2, 3)] + [
        predict(draw.x(5, 3, 5), draw.x(5, 4, 3), batch_size=2)]


def shared(draw, cell):
    """One layer on two inputs: two nodes, one set of weights."""
    a, b = Input((None, 3)), Input((None, 3))
    layer, head = CELLS[cell](5), Dense(2)
    model = draw.weights(Model([a, b], [head(layer(a)), head(layer(b)), layer(b)]))
    return model, [predict_on_batch(draw.x(batch, 4, 3), draw.x(batch, 6, 3)) for batch in (2, 1)]


def diamond(draw):
    """One tensor read by several layers; results from the middle of the graph are outputs too."""
    x = Input((None, 3))
    middle = Dense(4, activation="tanh")(x)
    lstm, gru = LSTM(5, return_sequences=True)(middle), GRU(5, return_sequences=True)(middle)
    model = draw.weights(Model(x, [SimpleRNN(4)(gru), middle, lstm, gru, SimpleRNN(4)(lstm)]))
    return model, [predict_on_batch(draw.x(batch, 4, 3)) for batch in (2, 3)]


def chained_states(draw):
    """h and c of an LSTM go separate ways: through Dense layers, into a GRU and a SimpleRNN."""
    x, later = Input((None, 3)), Input((None, 2))
    _, h, c = LSTM(4, return_state=True)(x)
    gru = GRU(6, return_sequences=True)(later, initial_state=Dense(6, activation="tanh")(c))
    rnn = SimpleRNN(4)(gru, initial_state=[h])
    model = draw.weights(Model([x, later], [gru, rnn]))
    return model, [predict_on_batch(draw.x(batch, 3, 3), draw.x(batch, 5, 2)) for batch in (1, 3)]


def padded(draw, batch, steps, features, value=0.0):
    """Sequences some of whose steps are filled with a value: at the start, in the middle, at the end, all of a row's, none."""
    x = draw.x(batch, steps, features)
    x[draw.rng.random((batch, steps)) < 0.4] = value
    x[0, 0], x[-1, -1] = value, value
    if batch > 2:
        x[1] = value
        x[2] = draw.x(steps, features)
        x[2, 0, 0] = value  # one feature alone masks nothing
    return x


def masked(draw, cell, value=0.0, **options):
    """Masking and one layer, that gives its last output and all of them."""
    x = Input((None, 3))
    seen = Masking(value)(x)
    outputs = [CELLS[cell](4, return_sequences=sequences, **options)(seen) for sequences in (False, True)]
    model = draw.weights(Model(x, keras.tree.flatten(outputs)))
    return model, [predict_on_batch(padded(draw, batch, steps, 3, value)) for batch, steps in ((4, 6), (1, 1), (3, 4))]


def masked_streaming(draw, cell, **options):
    """Each call starts with no output before it, though with a state."""
    model = Sequential([Input(batch_shape=(4, None, 3)), Masking(0.5), CELLS[cell](5, stateful=True, return_sequences=True),
                        CELLS[cell](4, stateful=True, **options)])
    draw.weights(model)
    x = padded(draw, 4, 9, 3, 0.5)
    return model, [*chunks(x, 9), reset_states(), *chunks(x, 2, 4, 1, 2), reset_states(model.layers[1].name), *chunks(x, 5, 4)]


def masked_stack(draw):
    """The mask passes layers that know nothing of it and ends where the time axis does."""
    model = Sequential([Input((None, 3)), Dense(4, activation="relu"), Masking(), Dropout(0.3), LSTM(5, return_sequences=True),
                        TimeDistributed(Dense(4)), Activation("tanh"), GRU(4, return_sequences=True), Dense(3),
                        SimpleRNN(4, return_sequences=True, go_backwards=True), GRU(3, reset_after=False), Dense(2)])
    draw.weights(model)
    model.set_weights([w if w.ndim > 1 or n > 1 else np.full_like(w, -0.8) for n, w in enumerate(model.get_weights())])
    return model, [predict_on_batch(draw.x(batch, steps, 3)) for batch, steps in ((3, 7), (1, 4))]


def masked_nonfinite(draw):
    """A step of infinities is masked if that is the value. NaN equals no value."""
    x = Input((None, 2))
    model = Model(x, [layer(4, return_sequences=True)(Masking(np.inf)(x)) for layer in (LSTM, GRU)])
    draw.weights(model)
    data = padded(draw, 4, 5, 2, np.inf)
    data[2, 3] = np.nan
    return model, [predict_on_batch(data)]


def masked_initial_state(draw):
    """With an initial state Keras heeds no mask, but hands it on; without, the state of a masked row is not its output."""
    x, h = Input((None, 3)), Input((4,))
    seen = Masking()(x)
    first = GRU(4, return_sequences=True)(seen, initial_state=h)
    last, state = GRU(4, return_state=True)(first)
    model = Model([x, h], [first, last, state, *LSTM(3, return_state=True)(seen)])
    draw.weights(model)
    return model, [predict_on_batch(padded(draw, batch, 5, 3), draw.x(batch, 4)) for batch in (4, 1)]


def masked_shared(draw):
    """One layer on two inputs, masked and not."""
    a, b = Input((None, 2)), Input((None, 2))
    layer, masking = LSTM(4), Masking()
    model = draw.weights(Model([a, b], [layer(masking(a)), layer(masking(b)), layer(b)]))
    return model, [predict_on_batch(padded(draw, 3, 4, 2), padded(draw, 3, 6, 2)) for _ in range(2)]


def masked_shared_stateful(draw):
    """One layer on its own output: the second application has the first one's state, but no output before its first step."""
    x = Input(batch_shape=(3, None, 4))
    layer = LSTM(4, stateful=True, return_sequences=True)
    once = layer(Masking()(x))
    model = draw.weights(Model(x, [once, layer(once)]))
    return model, chunks(padded(draw, 3, 7, 4), 4, 3)


def shared_stateful(draw, cell, features=3):
    """One state for two inputs: Keras takes the calls by depth, and of one depth the later output's first."""
    a, b = Input(batch_shape=(2, None, features)), Input(batch_shape=(2, None, features))
    layer = CELLS[cell](4, stateful=True)
    once, deeper = layer(a), layer(Dense(features)(b))
    model = draw.weights(Model([a, b], [once, layer(b), deeper]))
    return model, [predict_on_batch(draw.x(2, 3, features), draw.x(2, 2, features)) for _ in range(3)]


def masked_by_depth(draw):
    """The operations that compute a mask put what they read further from the outputs, and so before other layers of its class."""
    x = Input((None, 3))
    early = Dense(3, activation="relu", name="early")(Masking()(Dense(3, activation="relu", name="masked")(x)))
    deep = Dense(3, name="deep_2")(Dense(3, name="deep_1")(Dense(3, name="deep_0")(x)))
    model = draw.weights(Model(x, [deep, LSTM(4)(early), LSTM(3)(Masking()(deep))]))
    return model, [predict_on_batch(draw.x(2, 4, 3))]


def ids(draw, batch, steps, count):
    x = draw.rng.integers(0, count, (batch, steps))
    x[draw.rng.random((batch, steps)) < 0.3] = 0
    x[0, -1], x[-1, 0] = 0, 0
    return x.astype("int32")


def embedding(draw, mask_zero, dtype=None, functional=False, **options):
    batch = 3 if options.get("stateful") else None
    x = Input(batch_shape=(batch, None), dtype=dtype)
    layers = [Embedding(7, 4, mask_zero=mask_zero), LSTM(5, return_sequences=True, **options), TimeDistributed(Dense(3)),
              GRU(4, **options), Dense(7, activation="softmax")]
    y = x
    for layer in layers:
        y = layer(y)
    model = draw.weights(Model(x, y) if functional else Sequential([x, *layers]))
    x = ids(draw, 3, 8, 7)
    if options.get("stateful"):
        return model, [*chunks(x, 8), reset_states(), *chunks(x, 1, 4, 3)]
    return model, [predict_on_batch(x), predict_on_batch(x[1:2, :3]), predict(ids(draw, 5, 4, 7), batch_size=2)]


def embedding_shared(draw):
    """One table for two inputs of ids; translation as in the tutorials."""
    source, target = Input((None,), dtype="int32"), Input((None,), dtype="int32")
    table = Embedding(9, 4, mask_zero=True)
    _, *carried = LSTM(5, return_state=True)(table(source))
    decoded = LSTM(5, return_sequences=True)(table(target), initial_state=carried)
    model = draw.weights(Model([source, target], Dense(9, activation="softmax")(decoded)))
    return model, [predict_on_batch(ids(draw, batch, long, 9), ids(draw, batch, short, 9))
                   for batch, long, short in ((3, 6, 4), (1, 2, 5))]


def repeated(draw, cell, mask=False):
    """An encoder, its last output repeated, a decoder."""
    model = Sequential([Input((None, 3)), *([Masking()] if mask else []), CELLS[cell](6), RepeatVector(5),
                        CELLS[cell](4, return_sequences=True), TimeDistributed(Dense(2))])
    draw.weights(model)
    return model, [predict_on_batch(padded(draw, batch, steps, 3)) for batch, steps in ((3, 7), (1, 2))]


def repeated_beside(draw):
    """What is repeated joins a sequence; a repeated input has no time axis of its own."""
    x, what = Input((None, 3)), Input((2,))
    joined = Concatenate()([RepeatVector(4)(what), x, RepeatVector(4)(LSTM(3)(x))])
    model = draw.weights(Model([x, what], [GRU(4, return_sequences=True)(joined), joined]))
    return model, [predict_on_batch(draw.x(batch, 4, 3), draw.x(batch, 2)) for batch in (2, 3)]


def concatenated_towers(draw):
    a, b, c = Input((None, 3), name="a"), Input((None, 5), name="b"), Input((2,), name="c")
    joined = Concatenate(axis=1)([LSTM(4)(a), GRU(6)(b), c])
    model = draw.weights(Model([a, b, c], [Dense(2)(joined), joined]))
    return model, [predict_on_batch(draw.x(batch, 4, 3), draw.x(batch, 2, 5), draw.x(batch, 2)) for batch in (2, 1)]


def concatenated_sequences(draw):
    x = Input((None, 3))
    joined = Concatenate(axis=2)([GRU(2, return_sequences=True)(x), x, Dense(4)(x)])
    model = draw.weights(Model(x, LSTM(4, return_sequences=True)(Concatenate()([joined, joined]))))
    return model, [predict_on_batch(draw.x(batch, steps, 3)) for batch, steps in ((2, 5), (1, 70))]


def concatenated_masks(draw):
    """A step is masked if it is in all of the parts; no step is where one part has no mask."""
    a, b = Input((None, 2)), Input((None, 3))
    left, right = Masking()(a), LSTM(2, return_sequences=True)(Masking(1.0)(b))
    both, one = Concatenate()([left, right]), Concatenate()([left, b])
    nested = Concatenate()([both, left])
    model = Model([a, b], [LSTM(4, return_sequences=True)(both), LSTM(4, return_sequences=True)(one),
                           GRU(3)(nested), SimpleRNN(3)(Concatenate()([one, right]))])
    draw.weights(model)
    return model, [predict_on_batch(padded(draw, batch, 6, 2), padded(draw, batch, 6, 3, 1.0)) for batch in (5, 1)]


def tagger(draw):
    """Words and their shapes, side by side, and a label at every step."""
    words, shapes = Input((None,), dtype="int32"), Input((None,), dtype="int32")
    joined = Concatenate()([Embedding(11, 5, mask_zero=True)(words), Embedding(4, 2, mask_zero=True)(shapes)])
    y = GRU(6, return_sequences=True, zero_output_for_mask=True)(Dropout(0.2)(joined))
    model = draw.weights(Model([words, shapes], Dense(3, activation="softmax")(y)))
    return model, [predict_on_batch(ids(draw, batch, 5, 11), ids(draw, batch, 5, 4)) for batch in (3, 1)]


def names_misleading(draw):
    """Names that belong to other classes: the weight file goes by class and order, never by name."""
    model = Sequential([Input((None, 3), name="lstm"), LSTM(4, name="dense", return_sequences=True),
                        LSTM(4, name="lstm_1", return_sequences=True), GRU(4, name="lstm_2", return_sequences=True),
                        Dense(4, name="gru"), Dense(4, name="dense_7")], name="dense_1")
    return draw.weights(model), [predict_on_batch(draw.x(2, 4, 3))]


def names_unusual(draw):
    """As odd as TensorFlow lets a name be."""
    model = Sequential([Input(batch_shape=(2, None, 3)), LSTM(4, name="7_days.of-data", return_sequences=True, stateful=True),
                        GRU(4, name="a.b->c", return_sequences=True, stateful=True), Dense(3, name="x" * 90), Dense(2, name="0")])
    return draw.weights(model), [predict_on_batch(draw.x(2, 3, 3)), reset_states("a.b->c"), predict_on_batch(draw.x(2, 2, 3))]


def names_counted_on(draw):
    """Default names late in a process: lstm_7, dense_2."""
    for _ in range(7):
        LSTM(1)
    for _ in range(2):
        Dense(1)
    model = Sequential([Input(batch_shape=(1, None, 3)), LSTM(4, return_sequences=True, stateful=True), LSTM(4, stateful=True),
                        Dense(2)])
    return draw.weights(model), [*chunks(draw.x(1, 5, 3), 2, 3), reset_states("lstm_8"), *chunks(draw.x(1, 4, 3), 4)]


def names_more_than_ten(draw):
    """dense_10 comes after dense_9, though not in the order of the alphabet."""
    model = Sequential([Input((2,)), *(Dense(2, activation="tanh") for _ in range(11))])
    return draw.weights(model), [predict_on_batch(draw.x(3, 2))]


def names_by_depth(draw):
    """The weight file counts layers as model.layers has them, by depth, and not as they were made or named."""
    x = Input((None, 3))
    late = LSTM(3, name="first_made", return_sequences=True)
    deep = LSTM(3, name="second_made", return_sequences=True)(LSTM(3, name="third_made", return_sequences=True)(x))
    model = Model(x, [late(LSTM(3, name="fourth_made", return_sequences=True)(deep)), LSTM(3, name="fifth_made")(x)])
    return draw.weights(model), [predict_on_batch(draw.x(2, 4, 3))]


def built_later(draw):
    """A Sequential that was never given an Input."""
    model = Sequential([LSTM(4, return_sequences=True), Dense(2)])
    model.build((None, None, 3))
    return draw.weights(model), [predict_on_batch(draw.x(2, 4, 3))]


def saturating(draw, scale, recurrent):
    """Inputs that drive gates to 0 and 1 and tanh to -1 and 1."""
    model = side_by_side(draw, features=5, units=13, scale={"recurrent": recurrent}, return_sequences=True)
    return model, [predict_on_batch(draw.x(batch, steps, 5, scale=scale)) for batch, steps in ((1, 6), (3, 6), (5, 3))]


def nonfinite(draw):
    """Infinities saturate, NaN stays in its row. At most one such value a step, as the sum of two infinities depends on signs."""
    model = side_by_side(draw, 5, return_sequences=True, stateful=True)
    x = draw.x(5, 6, 4)
    x[0, 2, 1], x[1, 1, 0], x[2, 3, 2], x[3, 0, 3] = np.inf, -np.inf, np.nan, 1e38
    x[4] *= np.float32(1e-40)
    return model, [*chunks(x, 2, 4), reset_states(), predict_on_batch(draw.x(5, 3, 4))]


def integers(draw):
    model = Sequential([Input((None, 3)), LSTM(4)])
    return draw.weights(model), [predict_on_batch(draw.rng.integers(-3, 4, (2, 5, 3)).astype(kind)) for kind in ("int32", "int64")]


def inert_options(draw):
    """What has no effect on inference must not be refused nor change it."""
    model = side_by_side(
        draw, dropout=0.3, recurrent_dropout=0.2, seed=11, kernel_regularizer="l2", recurrent_regularizer="l1",
        bias_regularizer=keras.regularizers.L1L2(0.1, 0.2), activity_regularizer="l2", kernel_constraint="max_norm",
        recurrent_constraint=keras.constraints.UnitNorm(axis=1), bias_constraint="non_neg",
        kernel_initializer=keras.initializers.HeNormal(seed=2), recurrent_initializer="glorot_normal",
        bias_initializer="ones", trainable=False, zero_output_for_mask=True)
    return model, [predict_on_batch(draw.x(batch, 5, 4)) for batch in (2, 3)]


def compiled(draw):
    """Compiled, never trained: the file has a compile configuration and an empty optimizer."""
    model = Sequential([Input((None, 3)), GRU(4), Dense(2, activation="softmax")])
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    return draw.weights(model), [predict_on_batch(draw.x(2, 4, 3))]


def seed_windows(draw):
    """21 steps of 16 features for 32 rows, in windows of 10 steps, and the one step that is left; then again from the start."""
    model = Sequential([Input(batch_shape=(32, None, 16)), LSTM(32, stateful=True), Dense(16, activation="softmax")])
    draw.weights(model)
    x = draw.rng.random((32, 21, 16)).astype("float32")
    return model, [*chunks(x, 10, 10, 1), reset_states(), *chunks(x[:, :10], 10)]


def seed_gru(draw, stateful=True, **options):
    """-4..4 and -40..40: one call of 9 steps against three of 3."""
    x = Input(batch_shape=(2, None, 1))
    model = draw.weights(Model(x, GRU(5, stateful=stateful, **options)(x)))
    x = np.stack([np.arange(-4, 5), np.arange(-40, 50, 10)]).astype("float32")[..., None]
    return model, [*chunks(x, 9), reset_states(), *chunks(x, 3, 3, 3), reset_states()]


def long(draw):
    """300 steps: rounding must not add up."""
    model, x = side_by_side(draw, 1, 2, 8, stateful=True), draw.x(1, 300, 2)
    return model, [*chunks(x, 300), reset_states(), *chunks(x, 100, 1, 199)]


def random_layer(draw, cell, units, **options):
    """A recurrent layer with what options chance gives it, bounded so that it stays reproducible."""
    gates = {"recurrent_activation": draw.pick(["sigmoid"] * 4 + ["hard_sigmoid", "sparse_sigmoid", "softmax", "softsign"])}
    bias, activation = draw.chance(0.8), draw.pick(["tanh"] * 5 + ["softsign", "hard_tanh", "gelu", "relu"])
    return CELLS[cell](units, use_bias=bias, activation=activation, **(gates if cell in GATED else {}), **options)


def random_stack(draw):
    """One to three recurrent layers, other layers between them, cut and reset at random."""
    features, batch = draw.pick([1, 2, 3, 5, 7, 13]), draw.pick([1, 2, 3, 4, 5])
    streams = draw.chance(0.6)
    model = Sequential([Input(batch_shape=(batch if streams else None, None, features))])
    depth = draw.pick([1, 1, 2, 2, 3])
    for level in range(depth):
        model.add(random_layer(draw, draw.pick([*CELLS]), draw.pick([1, 2, 4, 5, 8, 11, 17]), stateful=streams and draw.chance(0.8),
                               return_sequences=level < depth - 1 or draw.chance(0.6), go_backwards=draw.chance(0.1)))
        if level < depth - 1 and draw.chance(0.5):
            model.add(draw.pick([Dropout(0.3), Activation("tanh"), TimeDistributed(Dense(6)), Dense(3, activation="relu")]))
    if draw.chance(0.6):
        model.add(Dense(draw.pick([1, 2, 6, 19]), activation=draw.pick(["linear", "softmax", "sigmoid", "relu", "softplus"])))
    draw.weights(model, recurrent=draw.pick([0.4, 0.7, 1.0]), bias=draw.pick([0.1, 0.5, 1.0]))

    calls = []
    for _ in range(draw.pick([2, 3])):
        rows, steps = batch if streams else draw.pick([1, 2, 3, 5, 9]), draw.pick([1, 4, 9, 14])
        x = draw.x(rows, steps, features, scale=draw.pick([0.3, 1.0, 3.0]))
        calls += chunks(x, *draw.cuts(steps))
        if draw.chance(0.4):
            calls.append(reset_states(draw.pick([None, *(layer.name for layer in stateful_layers(model))])))
        if draw.chance(0.3):
            rows = 3 * batch if streams else 7
            calls.append(predict(draw.x(rows, draw.pick([1, 3]), features), batch_size=batch))
    return model, calls


def random_graph(draw):
    """Two sequences; the second layer begins at the first one's state, or at one that is given, or at what a Dense makes of it."""
    cell, units, batch = draw.pick([*CELLS]), draw.pick([2, 3, 6, 9, 16]), draw.pick([1, 2, 3])
    streams = draw.chance(0.4)
    shape = lambda *rest: Input(batch_shape=(batch if streams else None, *rest))
    a, b = shape(None, draw.pick([1, 4, 6])), shape(None, draw.pick([1, 2, 5]))
    inputs = [a, b]
    sequence = draw.chance(0.5)
    first, *carried = random_layer(draw, cell, units, return_sequences=sequence, return_state=True, stateful=streams)(a)
    way = draw.pick(["carried", "given", "dense"])
    if way == "given":
        carried = [shape(units) for _ in carried]
        inputs += carried
    elif way == "dense":
        carried = [Dense(units, activation="tanh")(state) for state in carried]
    second = random_layer(draw, cell, units, return_sequences=True, go_backwards=draw.chance(0.2))(b, initial_state=carried)
    outputs = [second, first] if draw.chance(0.5) else [Dense(3, activation="softmax")(second)]
    if way == "given":
        outputs.append(Dense(2)(first))  # or else nothing would depend on a
    model = draw.weights(Model(inputs, outputs), recurrent=draw.pick([0.4, 0.7, 1.0]))

    def x(rows):
        return [draw.x(rows, *(size or draw.pick([1, 3, 6]) for size in tensor.shape[1:])) for tensor in inputs]
    calls = [predict_on_batch(*x(batch)) for _ in range(3)]
    calls.insert(2, reset_states() if streams else predict(*x(5), batch_size=2))
    return model, calls


def catalogue(random):
    """(name, function of a Draw) of every case."""
    for cell in CELLS:
        yield f"cell_{cell}", partial(plain, cell=cell)
    yield "cells_no_bias", partial(all_cells, use_bias=False, return_sequences=True)
    yield "cells_backwards", partial(all_cells, go_backwards=True)
    yield "cells_backwards_sequences", partial(all_cells, go_backwards=True, return_sequences=True)
    for i, ((features, units), cells) in enumerate(AWKWARD.items()):
        yield f"size_{features}x{units}", partial(sizes, features=features, units=units, cells=cells,
                                                  batches=[(1, 2), (3, 5), (32, 1), (5, 13)][i % 4])
    for cell in ("lstm", "gru"):
        yield f"activation_smooth_{cell}", partial(activations, names=SMOOTH, cell=cell)
        yield f"activation_piecewise_{cell}", partial(activations, names=PIECEWISE, cell=cell)
    for cell in ("gru_reset_before", "simple_rnn"):  # these share their activations with the two above: a selection does
        yield f"activation_{cell}", partial(activations, cell=cell, names=[
            "sigmoid", "relu", "softmax", "gelu", "linear", "hard_sigmoid", "tanh"])
    yield "activation_dense", dense_activations
    yield "activation_layer", activation_layers
    for cell, batch, more in zip(CELLS, (1, 2, 5, 3), (5, 3, 2, 1)):
        yield f"state_{cell}", partial(streaming, cell=cell, batch=batch)
        yield f"state_{cell}_sequences", partial(streaming, cell=cell, batch=more, return_sequences=True)
        yield f"state_{cell}_return_state", partial(streaming, cell=cell, batch=2, return_state=True)
    for cell in ("lstm", "gru"):
        yield f"state_{cell}_batch_32", partial(streaming, cell=cell, batch=32, features=1, units=3)
    yield "state_stack_lstm_gru", partial(streaming_stack, cells=["lstm", "gru"])
    yield "state_stack_three", partial(streaming_stack, cells=["simple_rnn", "gru_reset_before", "lstm"], stateful=(True, True, True))
    yield "state_stack_first_only", partial(streaming_stack, cells=["gru", "lstm"], stateful=(True, False))
    yield "state_stack_second_only", partial(streaming_stack, cells=["lstm", "simple_rnn"], stateful=(False, True))
    for cell in CELLS:
        yield f"initial_{cell}", partial(initial_state, cell=cell)
    for cell in ("lstm", "gru"):
        yield f"initial_{cell}_encoder_decoder", partial(encoder_decoder, cell=cell)
        yield f"initial_{cell}_positional", partial(initial_state, cell=cell, positional=True)
        yield f"initial_{cell}_stateful", partial(initial_state_stateful, cell=cell)
        yield f"return_state_{cell}", partial(return_state, cell=cell, return_sequences=True)
    yield "backwards_lstm_stateful", partial(streaming, cell="lstm", batch=2, go_backwards=True, return_sequences=True)
    yield "backwards_gru_stateful", partial(streaming, cell="gru", batch=2, go_backwards=True)
    yield "backwards_initial_state", partial(initial_state, cell="lstm", go_backwards=True)
    yield "predict_lstm", partial(predict_stateless, cell="lstm")
    yield "predict_gru", partial(predict_stateless, cell="gru")
    yield "predict_stateful", predict_stateful
    for name, layers in STACKS.items():
        yield f"stack_{name}", partial(stack, layers=layers)
    yield "stack_time_distributed_static", time_distributed_static
    yield "dense_ranks", dense_ranks
    yield "graph_two_towers", two_towers
    yield "graph_shared_lstm", partial(shared, cell="lstm")
    yield "graph_shared_gru", partial(shared, cell="gru")
    yield "graph_shared_stateful_lstm", partial(shared_stateful, cell="lstm")
    yield "graph_shared_stateful_gru", partial(shared_stateful, cell="gru")
    yield "graph_diamond", diamond
    yield "graph_chained_states", chained_states
    for cell in CELLS:
        yield f"mask_{cell}", partial(masked, cell=cell)
        yield f"mask_{cell}_zero_output", partial(masked, cell=cell, value=-1.5, zero_output_for_mask=True)
        yield f"mask_{cell}_stateful", partial(masked_streaming, cell=cell, return_sequences=cell in ("lstm", "simple_rnn"))
    yield "mask_backwards", partial(masked, cell="lstm", go_backwards=True)
    yield "mask_return_state", partial(masked, cell="lstm", return_state=True)
    yield "mask_zero_output_stateful", partial(masked_streaming, cell="lstm", zero_output_for_mask=True)
    yield "mask_stack", masked_stack
    yield "mask_nonfinite", masked_nonfinite
    yield "mask_initial_state", masked_initial_state
    yield "mask_shared", masked_shared
    yield "mask_shared_stateful", masked_shared_stateful
    yield "mask_by_depth", masked_by_depth
    for mask_zero in (False, True):
        name = "embedding_mask" if mask_zero else "embedding"
        yield name, partial(embedding, mask_zero=mask_zero)
        yield f"{name}_functional", partial(embedding, mask_zero=mask_zero, dtype="int32", functional=True)
        yield f"{name}_stateful", partial(embedding, mask_zero=mask_zero, stateful=True)
    yield "embedding_shared", embedding_shared
    yield "embedding_tagger", tagger
    yield "repeat_lstm", partial(repeated, cell="lstm")
    yield "repeat_gru_masked", partial(repeated, cell="gru", mask=True)
    yield "repeat_beside", repeated_beside
    yield "concatenate_towers", concatenated_towers
    yield "concatenate_sequences", concatenated_sequences
    yield "concatenate_masks", concatenated_masks
    yield "names_misleading", names_misleading
    yield "names_unusual", names_unusual
    yield "names_counted_on", names_counted_on
    yield "names_more_than_ten", names_more_than_ten
    yield "names_by_depth", names_by_depth
    yield "built_later", built_later
    yield "saturating", partial(saturating, scale=8.0, recurrent=0.5)
    yield "saturating_extreme", partial(saturating, scale=1e6, recurrent=0.8)
    yield "nonfinite", nonfinite
    yield "long", long
    yield "options_inert", inert_options
    yield "options_unroll_lstm", partial(plain, cell="lstm", unroll=True)
    yield "options_unroll_gru", partial(plain, cell="gru", unroll=True)
    yield "options_unit_forget_bias", partial(plain, cell="lstm", unit_forget_bias=False)
    yield "integer_input", integers
    yield "compiled", compiled
    yield "seed_windows", seed_windows
    yield "seed_gru", seed_gru
    yield "seed_gru_return_state", partial(seed_gru, return_state=True)
    yield "seed_gru_stateless", partial(seed_gru, stateful=False)
    yield from training.catalogue(random // 3)
    yield from training_masks.catalogue()
    yield from surroundings.catalogue()
    for number in range(random):
        yield f"random_stack_{number:02}", random_stack
    for number in range(random // 2):
        yield f"random_graph_{number:02}", random_graph


# ---------------------------------------------------------------------------------------------------------------------

def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=Path, default=Path(__file__).parent / "cases")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--random", type=int, default=14,
                           help="how many random stacks (half as many graphs, a third as many that train)")
    arguments.add_argument("--only", nargs="+", default=[""], metavar="PREFIX")
    arguments.add_argument("--check", nargs="+", type=Path, metavar="DIR", help="case folders, or folders of them")
    options = arguments.parse_args()
    if keras.__version__ != KERAS:
        sys.exit(f"needs Keras {KERAS}, this is {keras.__version__}")
    if options.check:
        return check_all(options.check)

    kept, dropped, began = 0, [], time.time()
    for name, case in catalogue(options.random):
        if not name.startswith(tuple(options.only)):
            continue
        folder = options.out / name
        shutil.rmtree(folder, ignore_errors=True)
        keras.utils.clear_session()  # default names start at `lstm`, `gru`, ... again
        record(folder, *case(Draw(options.seed, name)))
        error, where = check(folder)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{name:40} {size:8,} bytes, float64 differs by {error:.3f} of the tolerance {where}", flush=True)
        if error <= 0.25:
            kept += 1
        else:
            dropped.append(name)
            shutil.rmtree(folder)
    print(f"{kept} cases kept in {time.time() - began:.0f} s; dropped: {' '.join(dropped) or 'none'}")


def check_all(folders):
    cases = sorted(file.parent for folder in folders for file in folder.rglob("calls.json"))
    failed = 0
    for case in cases:
        error, where = check(case)
        failed += error > 0.25
        print(f"{case.name:40} {error:.3f} of the tolerance {where}", flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
