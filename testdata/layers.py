"""Writes testdata/files/layers.json: the file form that Keras gives to every class of layers that Rill reads and writes.

    keras-venv/bin/python testdata/layers.py        # the environment of record.py

A list of layers, each in a functional model of its own, once with the fewest arguments, once with every option set to another
value than its default, and a recurrent one once more with an initial state:

inputs, initial_state    the shapes that it was called with
entry                    its configuration as it stands among the layers of a model
keywords                 the arguments of its call beside the input
group                    what its group in a file of weights is called
groups                   the groups of its objects below that, each path with its name
variables                the paths of its variables
"""
import json
import tempfile
from pathlib import Path

from record import keras  # record chooses the backend: import it before anything of Keras

import h5py
from keras import Input, Model, constraints, initializers, layers, regularizers, saving

FILE = Path(__file__).parent / "files" / "layers.json"

SEQUENCE = (2, 4, 3)


def rules(*variables):
    """A rule of every kind for each variable, each of another strength."""
    options = {"activity_regularizer": regularizers.L1L2(l1=0.125, l2=0.25), "trainable": False}
    for i, variable in enumerate(variables, 1):
        options |= {f"{variable}_initializer": initializers.RandomUniform(-i / 2, i / 2, seed=i),
                    f"{variable}_regularizer": regularizers.L2(i / 8), f"{variable}_constraint": constraints.MaxNorm(i / 2)}
    return options


def recurrent():
    return dict(return_sequences=True, return_state=True, go_backwards=True, stateful=True, zero_output_for_mask=True,
                activation="relu", use_bias=False, dropout=0.25, recurrent_dropout=0.5,
                **rules("kernel", "recurrent", "bias"))


def dense(**options):
    return layers.Dense(5, activation="relu", use_bias=False, **rules("kernel", "bias"), **options)


def distributed():
    layer = layers.TimeDistributed(dense(name="inside"))
    layer.trainable = False
    return layer


# Class, what it reads, with the fewest arguments, with every option changed. An option that is not carried over is left alone.
LAYERS = [
    (layers.InputLayer, [], lambda: layers.InputLayer((4, 3)),
     lambda: layers.InputLayer(batch_shape=(2, None), dtype="int32")),
    (layers.LSTM, [SEQUENCE], lambda: layers.LSTM(2),
     lambda: layers.LSTM(5, recurrent_activation="hard_sigmoid", unit_forget_bias=False, **recurrent())),
    (layers.GRU, [SEQUENCE], lambda: layers.GRU(2),
     lambda: layers.GRU(5, recurrent_activation="hard_sigmoid", reset_after=False, **recurrent())),
    (layers.SimpleRNN, [SEQUENCE], lambda: layers.SimpleRNN(2), lambda: layers.SimpleRNN(5, **recurrent())),
    (layers.Dense, [(None, 3)], lambda: layers.Dense(2), dense),
    (layers.TimeDistributed, [(None, None, 3)], lambda: layers.TimeDistributed(layers.Dense(2)), distributed),
    (layers.Activation, [(None, 3)], lambda: layers.Activation("linear"), lambda: layers.Activation("softmax")),
    (layers.Dropout, [SEQUENCE], lambda: layers.Dropout(0.5),
     lambda: layers.Dropout(0.25, noise_shape=(None, 1, 3), seed=7)),
    (layers.Embedding, [(None, None)], lambda: layers.Embedding(7, 2),
     lambda: layers.Embedding(8, 3, mask_zero=True, **rules("embeddings"))),
    (layers.Masking, [SEQUENCE], lambda: layers.Masking(), lambda: layers.Masking(1.5)),
    (layers.Concatenate, [SEQUENCE, (2, 4, 5)], lambda: layers.Concatenate(), lambda: layers.Concatenate(2)),
    (layers.RepeatVector, [(None, 3)], lambda: layers.RepeatVector(2), lambda: layers.RepeatVector(3)),
    (layers.Add, [SEQUENCE, SEQUENCE], lambda: layers.Add(), lambda: layers.Add()),
    (layers.Subtract, [SEQUENCE, SEQUENCE], lambda: layers.Subtract(), lambda: layers.Subtract()),
    (layers.Multiply, [SEQUENCE, SEQUENCE], lambda: layers.Multiply(), lambda: layers.Multiply()),
    (layers.Average, [SEQUENCE, SEQUENCE], lambda: layers.Average(), lambda: layers.Average()),
    (layers.Maximum, [SEQUENCE, SEQUENCE], lambda: layers.Maximum(), lambda: layers.Maximum()),
    (layers.Minimum, [SEQUENCE, SEQUENCE], lambda: layers.Minimum(), lambda: layers.Minimum()),
    (layers.ReLU, [(None, 3)], lambda: layers.ReLU(), lambda: layers.ReLU(6.0, negative_slope=0.25, threshold=0.5)),
    (layers.LeakyReLU, [(None, 3)], lambda: layers.LeakyReLU(), lambda: layers.LeakyReLU(negative_slope=0.25)),
    (layers.ELU, [(None, 3)], lambda: layers.ELU(), lambda: layers.ELU(alpha=0.5)),
    (layers.PReLU, [SEQUENCE], lambda: layers.PReLU(),
     lambda: layers.PReLU(shared_axes=[1], alpha_initializer=initializers.Constant(0.5), alpha_regularizer=regularizers.L2(0.5),
                          alpha_constraint=constraints.NonNeg(), trainable=False)),
    (layers.Normalization, [SEQUENCE], lambda: layers.Normalization(),
     lambda: layers.Normalization(axis=(1, 2), mean=[[1.0, 2.0, 3.0]] * 4, variance=[[0.5, 1.0, 1.5]] * 4, invert=True,
                                  trainable=False)),
    (layers.Dot, [SEQUENCE, SEQUENCE], lambda: layers.Dot(2), lambda: layers.Dot((1, -2), normalize=True)),
    (layers.Softmax, [(None, 3)], lambda: layers.Softmax(), lambda: layers.Softmax(axis=1)),
    (layers.Rescaling, [SEQUENCE], lambda: layers.Rescaling(0.5), lambda: layers.Rescaling(2.0, offset=1.5)),
    (layers.GaussianNoise, [SEQUENCE], lambda: layers.GaussianNoise(0.5), lambda: layers.GaussianNoise(0.25, seed=7)),
    (layers.GaussianDropout, [SEQUENCE], lambda: layers.GaussianDropout(0.5), lambda: layers.GaussianDropout(0.25, seed=7)),
    (layers.AlphaDropout, [SEQUENCE], lambda: layers.AlphaDropout(0.5), lambda: layers.AlphaDropout(0.25, seed=7)),
    (layers.SpatialDropout1D, [SEQUENCE], lambda: layers.SpatialDropout1D(0.5), lambda: layers.SpatialDropout1D(0.25, seed=7)),
    (layers.Flatten, [SEQUENCE], lambda: layers.Flatten(), lambda: layers.Flatten()),
    (layers.Conv1D, [SEQUENCE], lambda: layers.Conv1D(2, 3),
     lambda: layers.Conv1D(6, 2, strides=2, padding="same", groups=3, activation="relu", use_bias=False,
                           **rules("kernel", "bias"))),
    (layers.Conv1D, [SEQUENCE], lambda: layers.Conv1D(2, 2, dilation_rate=2), lambda: layers.Conv1D(2, 2, padding="causal")),
    (layers.MaxPooling1D, [SEQUENCE], lambda: layers.MaxPooling1D(), lambda: layers.MaxPooling1D(3, strides=1, padding="same")),
    (layers.AveragePooling1D, [SEQUENCE], lambda: layers.AveragePooling1D(2),
     lambda: layers.AveragePooling1D(3, strides=1, padding="same")),
    (layers.GlobalMaxPooling1D, [SEQUENCE], lambda: layers.GlobalMaxPooling1D(), lambda: layers.GlobalMaxPooling1D(keepdims=True)),
    (layers.GlobalAveragePooling1D, [SEQUENCE], lambda: layers.GlobalAveragePooling1D(),
     lambda: layers.GlobalAveragePooling1D(keepdims=True)),
    (layers.ZeroPadding1D, [SEQUENCE], lambda: layers.ZeroPadding1D(), lambda: layers.ZeroPadding1D((2, 0))),
    (layers.Cropping1D, [SEQUENCE], lambda: layers.Cropping1D(), lambda: layers.Cropping1D((2, 0))),
    (layers.UpSampling1D, [SEQUENCE], lambda: layers.UpSampling1D(), lambda: layers.UpSampling1D(3)),
    (layers.Reshape, [(None, 12)], lambda: layers.Reshape((4, 3)), lambda: layers.Reshape((-1, 2))),
    (layers.Permute, [SEQUENCE], lambda: layers.Permute((2, 1)), lambda: layers.Permute((1, 2))),
    (layers.BatchNormalization, [SEQUENCE], lambda: layers.BatchNormalization(),
     lambda: layers.BatchNormalization(
         axis=1, momentum=0.5, epsilon=0.125, center=False, scale=False, moving_mean_initializer=initializers.Ones(),
         moving_variance_initializer=initializers.Zeros(), trainable=False,
         **{f"{v}_{k}": r for i, v in enumerate(("beta", "gamma"), 1) for k, r in (
             ("initializer", initializers.Constant(i + 0.5)), ("regularizer", regularizers.L2(i)), ("constraint", constraints.MaxNorm(i + 0.5)))})),
    (layers.LayerNormalization, [SEQUENCE], lambda: layers.LayerNormalization(),
     lambda: layers.LayerNormalization(
         axis=[1, 2], epsilon=0.125, center=False, scale=False, rms_scaling=True, trainable=False,
         **{f"{v}_{k}": r for i, v in enumerate(("beta", "gamma"), 1) for k, r in (
             ("initializer", initializers.Constant(i + 0.5)), ("regularizer", regularizers.L2(i)), ("constraint", constraints.MaxNorm(i + 0.5)))})),
    (layers.RNN, [SEQUENCE], lambda: layers.RNN(layers.LSTMCell(2, name="lstm_cell")),
     lambda: layers.RNN([layers.LSTMCell(2, unit_forget_bias=False, name="low"), layers.GRUCell(3, reset_after=False, name="high"),
                         layers.GRUCell(3, dropout=0.5, name="top")],
                        return_sequences=True, return_state=True, go_backwards=True, stateful=True, zero_output_for_mask=True,
                        trainable=False)),
    (layers.RNN, [SEQUENCE], lambda: layers.RNN([layers.GRUCell(2, name="gru_cell")]),
     lambda: layers.RNN(layers.SimpleRNNCell(2, name="simple_rnn_cell"), stateful=True)),
    (layers.Bidirectional, [SEQUENCE], lambda: layers.Bidirectional(layers.LSTM(2, name="inside")),
     lambda: layers.Bidirectional(layers.GRU(2, return_sequences=True, name="ahead"), merge_mode="sum",
                                  backward_layer=layers.LSTM(2, return_sequences=True, go_backwards=True, name="back"),
                                  trainable=False)),
]


def record(shapes, make, states=()):
    keras.utils.clear_session()
    layer = make()
    inputs = [Input(batch_shape=shape) for shape in [*shapes, *states]]
    if shapes:
        read, state = inputs[:len(shapes)], inputs[len(shapes):]
        keywords = {"initial_state": state} if state else {}
        outputs = layer(read if len(read) > 1 else read[0], **keywords)
    else:
        inputs = outputs = layer.output
    model = Model(inputs, outputs)
    own = next(entry for entry in model.get_config()["layers"] if entry["name"] == layer.name)
    calls = own["inbound_nodes"]
    groups, variables = {}, []
    with tempfile.TemporaryDirectory() as scratch:
        model.save_weights(file := Path(scratch) / "model.weights.h5")
        with h5py.File(file) as h5:
            def visit(name, item):
                if isinstance(item, h5py.Dataset):
                    variables.append("/" + name)
                elif name.endswith("vars"):
                    groups["/" + name] = item.attrs["name"]
            # Its own, and those of inputs.
            group = next(name for name in h5["layers"] if not shapes or not name.startswith("input_layer"))
            h5["layers"][group].visititems(visit)
    return {"inputs": shapes, "initial_state": states, "group": group, "entry": saving.serialize_keras_object(layer),
            "keywords": calls[0]["kwargs"] if calls else {}, "groups": groups, "variables": variables}


def main():
    records = []
    for kind, shapes, fewest, changed in LAYERS:
        records += [record(shapes, fewest), record(shapes, changed)]
        layer = fewest()
        inside = [layer.forward_layer, layer.backward_layer] if kind is layers.Bidirectional else [layer]
        states = [(2, 2) for each in inside if hasattr(each, "cell") for _ in keras.tree.flatten(each.cell.state_size)]
        if states:
            records.append(record(shapes, fewest, states))
    FILE.write_text("[\n" + ",\n".join(json.dumps(each) for each in records) + "\n]\n")
    print(f"{len(records)} layers, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
