"""Cases of record.py for the layers that stand around recurrent ones: each predicts, then trains three updates and predicts.

Updates are plain gradient descent, so that the weights after the first are the gradient. What an optimizer does not train, moving
averages, starts where no initializer would put it.
"""

from functools import partial

import numpy as np
from keras import Input, Model, Sequential
from keras import layers as kl
from keras.optimizers import SGD


def filled(draw, model):
    """Weights of about the size of the inputs; variances stay above zero."""
    model.set_weights([np.abs(draw.x(*w.shape)) + 0.5 if w.name in ("moving_variance", "variance", "gamma") else
                       w.numpy() if w.name == "count" else draw.x(*w.shape) / np.sqrt(max(1, w.shape[0] if len(w.shape) > 1 else 4)) for w in model.weights])
    for layer in model.layers:
        if isinstance(layer, kl.Normalization):
            layer.finalize_state()
    return model


def around(draw, *chain, steps=6, features=4, rows=3, fixed=True):
    """A chain of layers on a sequence, and a linear head; the time axis is known where it has to be."""
    model = filled(draw, Sequential([Input((steps if fixed else None, features)), *[make() for make in chain], kl.Dense(2)]))
    return trained(draw, model, [draw.x(rows, steps, features)])


def trained(draw, model, x, steps=None):
    model.compile(optimizer=SGD(0.05), loss="mse")
    predict = {"call": "predict_on_batch", "x": x}
    y = [draw.x(x[0].shape[0], *(steps if steps and n is None else n for n in output.shape[1:])) for output in model.outputs]
    return model, [predict] + [{"call": "train_on_batch", "x": x, "y": y}] * 3 + [predict]


def stack_stateful(draw):
    """Cells one on the other that carry their states from call to call, over masked steps too; Keras cannot reset them."""
    rnn = kl.RNN(kl.StackedRNNCells([kl.LSTMCell(3), kl.GRUCell(2), kl.SimpleRNNCell(3)]), stateful=True, return_sequences=True)
    model = filled(draw, Sequential([Input(batch_shape=(2, None, 3)), kl.Masking(0.0), rnn, kl.Dense(2)]))
    calls = trained(draw, model, [draw.x(2, 4, 3)], steps=4)[1]
    for steps in (1, 3, 2):
        x = draw.x(2, steps, 3)
        x[0, :1] = 0
        calls.append({"call": "predict_on_batch", "x": [x]})
    return model, calls


def merged(draw, layer, masked=False):
    x = Input((5, 3))
    read = kl.Masking(0.0)(x) if masked else x
    y = layer()([kl.Dense(3)(read), read] if layer is kl.Subtract else [kl.Dense(3)(read), read, kl.Dense(3)(read)])
    model = filled(draw, Model(x, kl.Dense(2)(kl.LSTM(3)(y))))
    data = draw.x(3, 5, 3)
    if masked:
        data[0, 3:] = data[2, :2] = 0
    return trained(draw, model, [data])


def repeated(draw, layer):
    """Inputs of one step, of one feature, and of no time axis, beside a sequence."""
    x = Input((5, 3))
    whole = kl.GRU(3)(x)
    y = layer()([kl.Dense(1)(x), kl.Dense(3)(x), whole, kl.GlobalAveragePooling1D(keepdims=True)(x)])
    return trained(draw, filled(draw, Model(x, kl.Dense(2)(kl.LSTM(2, return_sequences=True)(y)))), [draw.x(3, 5, 3)])


def masks_meet(draw, layer):
    """One input masked and one not, and two masks that differ: what is seen at steps that do not count."""
    a, b = Input((5, 3)), Input((5, 3))
    first, second = kl.Masking(0.0)(a), kl.Masking(0.0)(b)
    outputs = [layer()([first, b]), layer()([b, first]), layer()([first, second]), kl.Dense(3)(b)]
    outputs.append(kl.GRU(2, return_sequences=True)(outputs[2]))
    model = filled(draw, Model([a, b], [kl.Dense(2)(each) for each in outputs]))
    data = [draw.x(3, 5, 3), draw.x(3, 5, 3)]
    data[0][0, 3:] = data[0][2, :2] = data[1][0, :2] = data[1][2, 1:4] = 0
    return trained(draw, model, data)


def attention(draw, normalize=False):
    """Every step of one sequence weighs those of another."""
    a, b = Input((4, 3)), Input((5, 4))
    query, keys = kl.LSTM(4, return_sequences=True)(a), kl.GRU(4, return_sequences=True)(b)
    weights = kl.Softmax()(kl.Dot((2, 2), normalize=normalize)([query, keys]))
    read = kl.Dot((2, 1))([weights, keys])
    last = kl.Dot(1, normalize=normalize)([kl.GRU(3)(read), kl.GRU(3)(a)])
    model = filled(draw, Model([a, b], [kl.Dense(2)(kl.Concatenate()([read, query])), last]))
    return trained(draw, model, [draw.x(3, 4, 3), draw.x(3, 5, 4)])


def behind(draw):
    a, b = Input((4, 3)), Input((2, 3))
    y = kl.Concatenate(axis=1)([kl.LSTM(3, return_sequences=True)(a), b, a])
    z = kl.Concatenate(axis=1)([kl.GRU(2)(y), kl.Dense(2)(kl.GRU(2)(a))])
    return trained(draw, filled(draw, Model([a, b], [kl.Dense(2)(y), z])), [draw.x(3, 4, 3), draw.x(3, 2, 3)])


def behind_masked(draw):
    """Sequences with and without a mask one behind the other, joined again, and both outputs of two directions."""
    a, b = Input((4, 3)), Input((None,))
    first, second = kl.Masking(0.0)(a), kl.Embedding(5, 3, mask_zero=True)(b)
    y = kl.Concatenate(axis=1)([first, kl.GRU(3, return_sequences=True)(second), a])
    z = kl.Concatenate(axis=-2)([y, first])
    ahead, back = kl.Bidirectional(kl.LSTM(2, return_sequences=True), merge_mode=None)(z)
    outputs = [kl.LSTM(2, return_sequences=True)(z), kl.GRU(2)(back), kl.GRU(2)(kl.Concatenate()([ahead, back])), kl.GRU(2)(kl.Add()([y, y]))]
    model = filled(draw, Model([a, b], [kl.Dense(2)(each) for each in outputs]))
    data = draw.x(3, 4, 3)
    data[0, 2:] = data[2, :2] = 0
    return trained(draw, model, [data, np.array([[1, 2, 0, 0, 0], [0, 4, 1, 2, 3], [1, 1, 0, 2, 0]], dtype="float32")], steps=17)


def adapted(axis):
    def make():
        layer = kl.Normalization(axis=axis)
        layer.build((None, 6, 4))
        return layer
    return make


def both_ways(draw, cell, **options):
    inner = {k: options.pop(k) for k in ("return_sequences", "dropout") if k in options}
    x = Input((5, 3))
    options = {k: v() if callable(v) else v for k, v in options.items()}  # layers are made when they are wanted, in their number type
    y = kl.Bidirectional(cell(3, **inner), **options)(kl.Masking(0.0)(x))
    y = y if isinstance(y, (list, tuple)) else [y]
    model = filled(draw, Model(x, [kl.Dense(2)(each) for each in y]))
    data = draw.x(3, 5, 3)
    data[0, 3:] = data[2, :2] = 0
    return trained(draw, model, [data])


def both_ways_states(draw):
    a, b = Input((4, 3)), Input((5, 3))
    encoded, *states = kl.Bidirectional(kl.LSTM(2, return_state=True))(a)
    decoded = kl.Bidirectional(kl.LSTM(2, return_sequences=True))(b, initial_state=states)
    model = filled(draw, Model([a, b], [kl.Dense(2)(decoded), encoded]))
    return trained(draw, model, [draw.x(3, 4, 3), draw.x(3, 5, 3)])


def nested(draw, shared=False):
    inner = Sequential([Input((5, 3)), kl.LSTM(3, return_sequences=True), kl.BatchNormalization(), kl.Dense(2)], name="inner")
    a, b = Input((5, 3)), Input((5, 3))
    y = kl.Concatenate()([inner(a), inner(b) if shared else b])
    model = filled(draw, Model([a, b], kl.Dense(2)(kl.GRU(3)(y))))
    return trained(draw, model, [draw.x(3, 5, 3), draw.x(3, 5, 3)])


def nested_functional(draw):
    i = Input((5, 3))
    inner = Model(i, [kl.Dense(3)(i), kl.LSTM(2)(i)], name="inner")
    a = Input((5, 3))
    sequence, last = inner(a)
    model = filled(draw, Model(a, kl.Concatenate()([kl.GRU(2)(sequence), last])))
    return trained(draw, model, [draw.x(3, 5, 3)])


def nested_outputs(draw):
    """Applications of models as outputs, where Keras counts those of a functional model from 1 and all others from 0."""
    i, j = Input((5, 3)), Input((5, 3))
    inner = Model(i, [kl.LSTM(3, return_sequences=True)(i), kl.GRU(2)(i)], name="inner")
    chain = Sequential([j, kl.SpatialDropout1D(0.0), kl.SimpleRNN(2)], name="chain")
    a, b = Input((5, 3)), Input((5, 3))
    first, last = inner(a)
    model = filled(draw, Model([a, b], [inner(b)[1], kl.Dense(2)(last), chain(first), chain(b), last]))
    return trained(draw, model, [draw.x(3, 5, 3), draw.x(3, 5, 3)])


def nested_masked(draw):
    """Models that are handed masks, and hand them on: which operations stand behind them decides the order of layers."""
    i, j = Input((4, 3)), Input((4, 3))
    both = Model([i, j], [kl.Add()([kl.LSTM(3, return_sequences=True)(i), kl.Dense(3)(i)]), kl.GRU(3, return_sequences=True)(j)], name="both")
    one = Sequential([Input((4, 3)), kl.LSTM(3, return_sequences=True)], name="one")
    a, b = Input((4,)), Input((4,))
    first, second = kl.Embedding(5, 3, mask_zero=True)(a), kl.Embedding(5, 3, mask_zero=True)(b)
    longer = kl.Concatenate(axis=1)([kl.LSTM(3, return_sequences=True)(second), kl.Dense(3)(second)])
    sums, seen = both([kl.Add()([first, first]), second])
    y = [kl.GRU(2)(longer), kl.Dense(2)(kl.LSTM(2)(one(kl.Concatenate()([kl.Dense(2)(first), kl.Dense(1)(first)])))), kl.LSTM(2)(sums), kl.LSTM(2)(seen)]
    model = filled(draw, Model([a, b], kl.Dense(2)(kl.Concatenate()(y))))
    ids = [np.array(x, dtype="float32") for x in ([[1, 2, 0, 0], [0, 4, 1, 2], [1, 1, 0, 2]], [[0, 1, 2, 3], [2, 0, 0, 0], [4, 3, 2, 1]])]
    return trained(draw, model, ids)


def chain(*makes):
    return lambda draw: around(draw, *makes)


def catalogue():
    lstm = partial(kl.LSTM, 3)
    whole = partial(kl.LSTM, 3, return_sequences=True)
    for name, layer in {
        "relu": kl.ReLU, "relu_options": partial(kl.ReLU, 0.8, negative_slope=0.1, threshold=0.2), "leaky_relu": kl.LeakyReLU,
        "elu": partial(kl.ELU, 0.7), "softmax": kl.Softmax, "rescaling": partial(kl.Rescaling, 0.5, 0.25),
        "gaussian_noise": partial(kl.GaussianNoise, 0.0), "gaussian_dropout": partial(kl.GaussianDropout, 0.0),
        "alpha_dropout": partial(kl.AlphaDropout, 0.0), "activity_regularization": partial(kl.ActivityRegularization, 0.1, 0.2),
        "identity": kl.Identity, "activation_regularized": partial(kl.Activation, "tanh", activity_regularizer="l2"),
        "spatial_dropout": partial(kl.SpatialDropout1D, 0.0),
        "batch_normalization": kl.BatchNormalization,
        "batch_normalization_plain": partial(kl.BatchNormalization, momentum=0.5, epsilon=0.01, center=False, scale=False),
        "batch_normalization_steps": partial(kl.BatchNormalization, axis=1),
        "layer_normalization": kl.LayerNormalization,
        "layer_normalization_time": partial(kl.LayerNormalization, axis=1),
        "layer_normalization_both": partial(kl.LayerNormalization, axis=(1, -1), gamma_regularizer="l2"),
        "layer_normalization_rms": partial(kl.LayerNormalization, rms_scaling=True),
        "layer_normalization_plain": partial(kl.LayerNormalization, epsilon=0.01, center=False, scale=False),
    }.items():
        yield f"around_{name}", chain(partial(kl.Dense, 5), layer, lstm)
    yield "around_prelu", chain(partial(kl.PReLU, alpha_regularizer="l2"), lstm)
    yield "around_prelu_shared", chain(partial(kl.Dense, 3), partial(kl.PReLU, shared_axes=[1], alpha_constraint="non_neg"), lstm)
    yield "around_normalization", chain(adapted(-1), lstm)
    yield "around_normalization_axes", chain(adapted((1, 2)), lstm, partial(kl.Normalization, mean=0.5, variance=2.0))
    yield "around_normalization_given", chain(
        partial(kl.Normalization, mean=[0.5, -1.0, 0.0, 2.0], variance=[1.0, 4.0, 0.0, 0.25], invert=True), lstm)
    yield "around_batch_normalization_masked", chain(partial(kl.Masking, 0.0), kl.BatchNormalization, lstm)
    yield "around_batch_normalization_steps_masked", chain(
        partial(kl.Masking, 0.0), partial(kl.BatchNormalization, axis=1), partial(kl.LayerNormalization, axis=[1]), lstm)
    yield "around_normalization_deep", chain(
        partial(kl.Reshape, (3, 2, 4)), partial(kl.BatchNormalization, axis=2), partial(kl.BatchNormalization, axis=-3), kl.BatchNormalization,
        partial(kl.LayerNormalization, axis=(2, 3)), partial(kl.LayerNormalization, axis=1), lambda: kl.TimeDistributed(kl.Flatten()), lstm)
    yield "around_batch_normalization_last", chain(lstm, kl.BatchNormalization, partial(kl.Dense, 3), kl.BatchNormalization)
    yield "around_flatten", chain(whole, kl.Flatten, partial(kl.Dense, 3))
    yield "around_permute", chain(partial(kl.Permute, (2, 1)), lstm)
    yield "around_reshape", chain(partial(kl.Reshape, (3, -1)), whole, partial(kl.Reshape, (9,)), partial(kl.Dense, 2))
    conv = partial(kl.Conv1D, 5, 3)
    yield "around_conv", chain(conv, lstm)
    yield "around_conv_same", chain(partial(conv, padding="same", strides=2, activation="relu"), lstm)
    yield "around_conv_causal", chain(partial(conv, padding="causal", dilation_rate=2, activation="tanh"), whole)
    yield "around_conv_groups", chain(partial(kl.Conv1D, 6, 2, groups=2, use_bias=False, padding="causal"), lstm)
    for mode in ("max", "average"):
        pool = kl.MaxPooling1D if mode == "max" else kl.AveragePooling1D
        whole_pool = kl.GlobalMaxPooling1D if mode == "max" else kl.GlobalAveragePooling1D
        yield f"around_{mode}_pooling", chain(conv, partial(pool, 2), lstm)
        yield f"around_{mode}_pooling_same", chain(partial(pool, 3, strides=1, padding="same"), lstm)
        yield f"around_global_{mode}_pooling", chain(whole, whole_pool)
        yield f"around_global_{mode}_pooling_kept", chain(whole, partial(whole_pool, keepdims=True))
    yield "around_global_average_pooling_masked", chain(partial(kl.Masking, 0.0), whole, kl.GlobalAveragePooling1D)
    yield "around_zero_padding", chain(partial(kl.ZeroPadding1D, (2, 1)), conv, whole)
    yield "around_cropping", chain(whole, partial(kl.Cropping1D, (1, 2)))
    yield "around_up_sampling", chain(partial(kl.UpSampling1D, 2), whole)
    for layer in (kl.Add, kl.Subtract, kl.Multiply, kl.Average, kl.Maximum, kl.Minimum):
        yield f"around_{layer.__name__.lower()}", partial(merged, layer=layer)
    for layer in (kl.Add, kl.Multiply, kl.Average, kl.Maximum):
        yield f"around_{layer.__name__.lower()}_repeated", partial(repeated, layer=layer)
    for layer in (kl.Add, kl.Subtract, kl.Multiply, kl.Average, kl.Maximum):
        yield f"around_{layer.__name__.lower()}_masks_meet", partial(masks_meet, layer=layer)
    yield "around_dot", attention
    yield "around_dot_normalized", partial(attention, normalize=True)
    yield "around_concatenate_time", behind
    yield "around_concatenate_time_masked", behind_masked
    yield "around_add_masked", partial(merged, layer=kl.Add, masked=True)
    for mode in ("concat", "sum", "mul", "ave", None):
        yield f"around_bidirectional_{mode or 'none'}".lower(), partial(both_ways, cell=kl.LSTM, merge_mode=mode)
    yield "around_bidirectional_gru", partial(both_ways, cell=kl.GRU, return_sequences=True)
    yield "around_bidirectional_simple_rnn", partial(both_ways, cell=kl.SimpleRNN, return_sequences=True, merge_mode="sum")
    yield "around_bidirectional_two_layers", partial(both_ways, cell=kl.LSTM, return_sequences=True,
                                                     backward_layer=lambda: kl.GRU(3, return_sequences=True, go_backwards=True))
    yield "around_bidirectional_backward_first", partial(both_ways, cell=partial(kl.LSTM, go_backwards=True), return_sequences=True,
                                                         backward_layer=lambda: kl.LSTM(3, return_sequences=True))
    yield "around_bidirectional_cells", chain(partial(kl.Masking, 0.0), lambda: kl.Bidirectional(
        kl.RNN([kl.LSTMCell(3), kl.GRUCell(2)], return_sequences=True)), lambda: kl.Bidirectional(kl.RNN(kl.SimpleRNNCell(2)), merge_mode="sum"))
    yield "around_bidirectional_states", both_ways_states
    yield "around_rnn_cell", chain(lambda: kl.RNN(kl.GRUCell(3)))
    yield "around_rnn_stack", chain(lambda: kl.RNN([kl.LSTMCell(3), kl.GRUCell(2), kl.SimpleRNNCell(3)]))
    yield "around_rnn_stack_of_one", chain(lambda: kl.RNN([kl.LSTMCell(3)]))
    yield "around_rnn_stack_backward", chain(partial(kl.Masking, 0.0), lambda: kl.RNN(
        [kl.GRUCell(3), kl.LSTMCell(2)], go_backwards=True, return_sequences=True))
    yield "around_rnn_stack_stateful", stack_stateful
    yield "around_nested", nested
    yield "around_nested_shared", partial(nested, shared=True)
    yield "around_nested_functional", nested_functional
    yield "around_nested_outputs", nested_outputs
    yield "around_nested_masked", nested_masked
    yield "around_time_distributed_leaky", chain(lambda: kl.TimeDistributed(kl.LeakyReLU()), lstm)
    yield "around_softmax_time", chain(lambda: kl.Dense(2), partial(kl.Softmax, axis=1), lstm)
    yield "around_time_distributed_batch_normalization", chain(lambda: kl.TimeDistributed(kl.BatchNormalization()), lstm)
    yield "around_time_distributed_batch_normalization_axis", chain(
        partial(kl.Reshape, (3, 2, 4)), lambda: kl.TimeDistributed(kl.BatchNormalization(axis=1)), lambda: kl.TimeDistributed(kl.LSTM(2)))
    yield "around_time_distributed_trained_averages", chain(lambda: kl.TimeDistributed(Sequential(
        [Input((4,)), kl.Dense(5, activation="tanh"), kl.BatchNormalization(momentum=0.5), kl.Dense(3)])), lstm)
    yield "around_time_distributed_twice", chain(partial(kl.Reshape, (3, 2, 4)), lambda: kl.TimeDistributed(kl.TimeDistributed(Sequential(
        [Input((4,)), kl.Dense(3), kl.BatchNormalization(momentum=0.5)]))), lambda: kl.TimeDistributed(kl.Flatten()), lstm)
    yield "around_time_distributed_model", chain(lambda: kl.TimeDistributed(Sequential(
        [Input((4,)), kl.Dense(5, activation="tanh"), kl.LayerNormalization(), kl.Dense(3)])), lstm)
    yield "around_time_distributed_lstm", chain(partial(kl.Reshape, (3, 2, 4)), lambda: kl.TimeDistributed(lstm()), lstm)
    yield "around_time_distributed_repeated", chain(lambda: kl.TimeDistributed(Sequential(
        [Input((4,)), kl.RepeatVector(3), kl.GRU(2, return_sequences=True)])), lambda: kl.TimeDistributed(kl.Flatten()), lstm)
    yield "around_time_distributed_both_ways", chain(
        partial(kl.Reshape, (3, 2, 4)), lambda: kl.TimeDistributed(kl.Bidirectional(whole())),
        lambda: kl.TimeDistributed(kl.Flatten()), lstm)
