"""Cases of record.py that train: every cell, optimizer, loss and metric that Rill trains, twenty updates each.

A batch is the same for all updates of a case, except in stateful ones, which walk along a stream. Weights are recorded after
every call, small as the models are; gradient_* cases use plain gradient descent with a rate of 1, so that the weights after
their first call are the gradient.
"""

from functools import partial

import keras
import numpy as np
from keras import Input, Model, Sequential
from keras.constraints import MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from keras.layers import GRU, LSTM, Activation, Dense, Dropout, Reshape, SimpleRNN, TimeDistributed
from keras.losses import BinaryCrossentropy, CategoricalCrossentropy, Huber, SparseCategoricalCrossentropy
from keras.metrics import (AUC, F1Score, FalseNegatives, FalsePositives, FBetaScore, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU,
                           Precision, PrecisionAtRecall, R2Score, Recall, RecallAtPrecision, RootMeanSquaredError,
                           SensitivityAtSpecificity, SpecificityAtSensitivity, TrueNegatives, TruePositives)
from keras.optimizers import SGD, Adagrad, Adam, AdamW, Nadam, RMSprop
from keras.optimizers import schedules
from keras.regularizers import L1, L2, L1L2

CELLS = {
    "lstm": LSTM,
    "gru": GRU,
    "gru_reset_before": lambda units, **options: GRU(units, reset_after=False, **options),
    "simple_rnn": SimpleRNN,
}


def call(kind, x, y, **more):
    as_list = lambda value: list(value) if isinstance(value, (list, tuple)) else [value]
    return {"call": kind, "x": as_list(x), "y": as_list(y)} | {key: value for key, value in more.items() if value is not None}


def updates(x, y, count=20, **more):
    """That many updates from one batch, a test of it, and what is predicted in the end."""
    return [call("train_on_batch", x, y, **more) for _ in range(count)] + [
        call("test_on_batch", x, y, **more), {"call": "predict_on_batch", "x": x if isinstance(x, list) else [x]}]


def one_hot(draw, *shape):
    return np.eye(shape[-1], dtype="float32")[draw.rng.integers(shape[-1], size=shape[:-1])]


def head(activation, units=3):
    return Dense(units, activation=activation)


def gradient(draw, cell, features=3, units=4, rows=3, steps=5, rate=1.0, **options):
    """One layer and a linear head, mean squared error."""
    model = Sequential([Input((steps, features)), CELLS[cell](units, **options), Dense(2)])
    draw.weights(model)
    model.compile(optimizer=SGD(rate), loss="mse")
    shape = (rows, steps, 2) if options.get("return_sequences") else (rows, 2)
    return model, updates(draw.x(rows, steps, features), draw.x(*shape), count=2)


def learned(draw, optimizer, loss="mse", activation=None, target=None, metrics=(), cell="lstm", sequences=False, weight=None):
    """A small layer and a head, twenty updates."""
    rows, steps = 4, 5
    model = Sequential([Input((steps, 3)), CELLS[cell](4, return_sequences=sequences), head(activation)])
    draw.weights(model)
    model.compile(optimizer=optimizer(), loss=loss() if isinstance(loss, type) or callable(loss) else loss,
                  metrics=[metric() if callable(metric) else metric for metric in metrics])
    shape = (rows, steps) if sequences else (rows,)
    y = {None: lambda: draw.x(*shape, 3),
         "one_hot": lambda: one_hot(draw, *shape, 3),
         "index": lambda: draw.rng.integers(3, size=shape).astype("float32"),
         "binary": lambda: draw.rng.integers(2, size=(*shape, 3)).astype("float32"),
         "share": lambda: draw.rng.dirichlet([1, 1, 1], size=shape).astype("float32"),
         "count": lambda: draw.rng.poisson(2, size=(*shape, 3)).astype("float32")}[target]()
    weights = None if weight is None else draw.rng.random((rows, steps)[:weight]).astype("float32")
    return model, updates(draw.x(rows, steps, 3), y, sample_weight=weights)


def walk(draw, cell, rows=2, window=4, count=10):
    """A stateful layer along a stream, with a reset on the way."""
    model = Sequential([Input(batch_shape=(rows, window, 2)), CELLS[cell](4, stateful=True, return_sequences=True), Dense(2)])
    draw.weights(model)
    model.compile(optimizer=RMSprop(0.01), loss="mse")
    calls = []
    for number in range(count):
        calls.append(call("train_on_batch", draw.x(rows, window, 2), draw.x(rows, window, 2)))
        if number == count // 2:
            calls.append({"call": "reset_states"})
    return model, calls + [call("test_on_batch", draw.x(rows, window, 2), draw.x(rows, window, 2))]


def seed_characters(draw):
    """LSTM(32, stateful) and a softmax over 16 characters: follow-up batches of 10 steps."""
    rows = 8
    model = Sequential([Input(batch_shape=(rows, 10, 16)), LSTM(32, stateful=True), Dense(16, activation="softmax")])
    draw.weights(model)
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    calls = [call("train_on_batch", one_hot(draw, rows, 10, 16), one_hot(draw, rows, 16)) for _ in range(8)]
    return model, [*calls, {"call": "reset_states"}, call("test_on_batch", one_hot(draw, rows, 10, 16), one_hot(draw, rows, 16))]


def seed_one_by_one(draw):
    """LSTM(10, stateful), one row, one step, sigmoid; the state is reset every five batches."""
    model = Sequential([Input(batch_shape=(1, 1, 1)), LSTM(10, stateful=True), Dense(1, activation="sigmoid")])
    draw.weights(model)
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    calls = []
    for number in range(20):
        calls.append(call("train_on_batch", draw.x(1, 1, 1), draw.rng.integers(2, size=(1, 1)).astype("float32")))
        if number % 5 == 4:
            calls.append({"call": "reset_states"})
    return model, calls


def stack(draw):
    """Three cells one on the other, an activation, a head at every step."""
    model = Sequential([Input((5, 3)), LSTM(4, return_sequences=True), GRU(3, return_sequences=True), Dropout(0.0),
                        SimpleRNN(4, return_sequences=True), Activation("softsign"), TimeDistributed(Dense(2))])
    for layer in model.layers:
        layer.set_weights([draw.x(*weight.shape, scale=0.5) for weight in layer.get_weights()])
    model.compile(optimizer=Adam(0.01), loss="mse", metrics=["mae"])
    return model, updates(draw.x(3, 5, 3), draw.x(3, 5, 2))


def encoder_decoder(draw, cell):
    """The final states of one layer are the initial ones of another: their gradients flow back."""
    source, target = Input((4, 2)), Input((3, 3))
    _, *states = CELLS[cell](4, return_state=True)(source)
    out = Dense(2)(CELLS[cell](4, return_sequences=True)(target, initial_state=states))
    model = draw.weights(Model([source, target], out))
    model.compile(optimizer=SGD(0.5), loss="mse")
    return model, updates([draw.x(2, 4, 2), draw.x(2, 3, 3)], draw.x(2, 3, 2), count=5)


def shared(draw, cell):
    """One layer on two inputs: its gradients add up."""
    a, b = Input((4, 2)), Input((4, 2))
    layer = CELLS[cell](3)
    model = draw.weights(Model([a, b], [Dense(2)(layer(a)), Dense(2)(layer(b))]))
    model.compile(optimizer=SGD(0.3), loss="mse")
    return model, updates([draw.x(2, 4, 2), draw.x(2, 4, 2)], [draw.x(2, 2), draw.x(2, 2)], count=5)


def shared_stateful(draw, cell):
    """One state for two inputs: each application goes on from the one before it, as from a constant."""
    a, b = Input(batch_shape=(2, 3, 2)), Input(batch_shape=(2, 3, 2))
    layer = CELLS[cell](3, stateful=True)
    model = draw.weights(Model([a, b], [Dense(2)(layer(a)), Dense(2)(layer(b))]))
    model.compile(optimizer=SGD(0.3), loss="mse")
    return model, [call("train_on_batch", [draw.x(2, 3, 2), draw.x(2, 3, 2)], [draw.x(2, 2), draw.x(2, 2)]) for _ in range(4)]


def fitted(draw, stateful=False, rows=10, batch=4):
    """Three epochs in batches; without a state the last one is short."""
    size = batch if stateful else None
    model = Sequential([Input(batch_shape=(size, 4, 2)), GRU(4, stateful=stateful), Dense(1, activation="sigmoid")])
    draw.weights(model)
    model.compile(optimizer=Adam(0.05), loss="binary_crossentropy", metrics=["accuracy", "mse"])
    x, y = draw.x(rows, 4, 2), draw.rng.integers(2, size=(rows, 1)).astype("float32")
    both = dict(batch_size=batch)
    return model, [call("fit", x, y, **both, epochs=3, shuffle=False), call("evaluate", x, y, **both),
                   {"call": "predict", "x": [x], **both}]


def targets(draw, loss, *shape):
    """What a loss of that name learns from, for outputs of this shape."""
    if loss == "categorical_crossentropy":
        return one_hot(draw, *shape)
    if loss == "sparse_categorical_crossentropy":
        return draw.rng.integers(shape[-1], size=shape[:-1]).astype("float32")
    return draw.rng.random(shape).astype("float32")


def outputs(draw, sequences=False, weighted=True, count=6, target="categorical_crossentropy", rows=4, named=list, **compiled):
    """Two heads on one layer, whose names are not in the order of the alphabet: `word`, a softmax, and `size`."""
    steps = 3
    x = Input((steps, 2))
    h = LSTM(3, return_sequences=sequences)(x)
    model = Model(x, named([Dense(3, activation="softmax", name="word")(h), Dense(2, name="size")(h)]))
    draw.weights(model)
    model.compile(**{"optimizer": SGD(0.2)} | {key: value() if callable(value) else value for key, value in compiled.items()})
    shape = (rows, steps) if sequences else (rows,)
    y = [targets(draw, target, *shape, 3), targets(draw, None, *shape, 2)]
    if named is not list:
        y = keras.tree.flatten(named(y))
    weights = draw.rng.random(shape).astype("float32") if weighted else None
    return model, updates(draw.x(rows, steps, 2), y, count=count, sample_weight=weights)


def named(heads):
    """By names that are none of the layers'."""
    return dict(zip(["topic", "extent"], heads))


def wide(draw, loss="kl_divergence", target=None, **compiled):
    """An output of rank 4: losses and metrics go along its last axis."""
    model = Sequential([Input((3, 2)), LSTM(6, return_sequences=True), Dense(6, activation="sigmoid"),
                        TimeDistributed(Reshape((2, 3)))])
    draw.weights(model)
    model.compile(optimizer=SGD(0.2), loss=loss, **compiled)
    y = targets(draw, target or loss, 4, 3, 2, 3)
    return model, updates(draw.x(4, 3, 2), y, count=4)


def outputs_fitted(draw, **options):
    """Epochs of several outputs; the last batch is short."""
    model, _ = outputs(draw, **{"loss": ["categorical_crossentropy", "mse"], "loss_weights": [1.0, 0.3],
                                "metrics": [["accuracy"], ["mae", "mae"]]} | options)
    x, y = draw.x(7, 3, 2), [one_hot(draw, 7, 3), draw.x(7, 2)]
    if "named" in options:
        y = keras.tree.flatten(options["named"](y))
    return model, [call("fit", x, y, batch_size=3, epochs=2, shuffle=False), call("evaluate", x, y, batch_size=3)]


def resumed(draw, optimizer, metrics=None, before=5):
    """Saved in mid-training: what the optimizer remembers is in the file. One layer is not trained, so that it has no slots."""
    model = Sequential([Input((5, 3)), LSTM(4), Dense(4, activation="tanh", trainable=False), head(None)])
    draw.weights(model)
    model.compile(optimizer=optimizer(), loss="mse", metrics=metrics)
    x, y = draw.x(4, 5, 3), draw.x(4, 3)
    for _ in range(before):
        model.train_on_batch(x, y)
    return model, updates(x, y, count=8)


def watched(draw, activation, loss, target, metrics, least=2, weighted=True, sequences=False):
    """A head that is only watched: the same metrics without and with sample weights, over batches of several sizes."""
    steps = 5
    model = Sequential([Input((steps, 3)), GRU(4, return_sequences=sequences), head(activation, 4)])
    draw.weights(model)
    model.compile(optimizer=SGD(0.0), loss=loss, metrics=metrics(), weighted_metrics=metrics() if weighted else None)

    def batch(rows):
        shape = (rows, steps) if sequences else (rows,)
        y = {"binary": lambda: draw.rng.integers(2, size=(*shape, 4)).astype("float32"),
             "one_hot": lambda: one_hot(draw, *shape, 4),
             "index": lambda: draw.rng.integers(4, size=(*shape, 1)).astype("float32"),
             "real": lambda: draw.x(*shape, 4)}[target]()
        # Whole numbers, because Keras counts unions in int64.
        weight = draw.rng.integers(4, size=shape).astype("float32") if weighted else None
        return call("test_on_batch", draw.x(rows, steps, 3), y, sample_weight=weight)

    return model, [batch(rows) for rows in range(least + 5, least - 1, -1)] + [call("evaluate", draw.x(11, steps, 3), batch(11)["y"],
                                                                         batch_size=4)]


def random_compiled(draw):
    """A model of one to three outputs, compiled and trained before it is saved in one of the ways that there are."""
    pick = lambda choices: choices[draw.rng.integers(len(choices))]
    flip = lambda: bool(draw.rng.integers(2))
    count, sequences, rows, steps = 1 + draw.rng.integers(3), flip(), 5, 3
    names = [f"{letter}_out" for letter in draw.rng.permutation(list("abcxyz"))[:count]]
    kinds = [pick(["categorical_crossentropy", "sparse_categorical_crossentropy", "mse", "mae", "huber", "log_cosh"]) for _ in names]
    x = Input((steps, 2))
    h = CELLS[pick(list(CELLS))](3, return_sequences=sequences)(x)
    heads = [Dense(3, activation="softmax" if "categorical" in kind else None, name=name)(h) for name, kind in zip(names, kinds)]
    model = draw.weights(Model(x, heads if count > 1 else heads[0]))
    watch = lambda kind: [pick(["accuracy", "acc"] + ([] if "sparse" in kind else ["mse", "mae", "root_mean_squared_error"]))
                          for _ in range(draw.rng.integers(4))]

    def form(values, complete=True):
        """One an output, in one of the forms that Keras takes: a list or a dict in any order."""
        if flip():
            return list(values)
        order = draw.rng.permutation(count)
        return {names[i]: values[i] for i in order if complete or values[i]}

    loss = list(kinds) if count == 1 and flip() else kinds[0] if count == 1 else form(kinds)
    weight = [float(draw.rng.uniform(0.2, 2)) for _ in names]
    rate = pick([0.01, schedules.ExponentialDecay(0.02, 4, 0.7), schedules.CosineDecay(0.02, 9, warmup_target=0.03, warmup_steps=4),
                 schedules.PiecewiseConstantDecay([2, 6], [0.02, 0.01, 0.005]), schedules.CosineDecayRestarts(0.02, 3)])
    limit = pick([{}, {"clipnorm": 0.3}, {"clipvalue": 0.05}, {"global_clipnorm": 0.3}, {"weight_decay": 0.02}])
    optimizer = pick([
        lambda: SGD(rate, momentum=pick([0.0, 0.7]), **limit), lambda: SGD(rate, momentum=0.6, nesterov=True, **limit),
        lambda: RMSprop(rate, momentum=pick([0.0, 0.5]), centered=flip(), epsilon=1e-4, **limit),
        lambda: Adam(rate, amsgrad=flip(), epsilon=1e-4, **limit), lambda: AdamW(rate, epsilon=1e-4),
        lambda: Nadam(rate, epsilon=1e-4, **limit), lambda: Adagrad(rate, **limit)])
    model.compile(optimizer=optimizer(), loss=loss,
                  loss_weights=None if flip() else pick([weight[0], [weight[0]]]) if count == 1 else form(weight),
                  metrics=None if flip() else watch(kinds[0]) if count == 1 else form([watch(kind) for kind in kinds], False),
                  weighted_metrics=None if flip() else watch(kinds[0]) if count == 1 else form([watch(kind) for kind in kinds], False))
    shape = (rows, steps) if sequences else (rows,)
    batch = draw.x(rows, steps, 2), [targets(draw, kind, *shape, 3) for kind in kinds]
    weights = draw.rng.random(shape).astype("float32") if flip() else None
    for _ in range(pick([0, 4])):
        model.train_on_batch(batch[0], batch[1] if count > 1 else batch[1][0], sample_weight=weights)
    return model, updates(*batch, count=6, sample_weight=weights)


def ruled(draw, cell):
    """Regularizers, constraints, and a layer that is not trained."""
    model = Sequential([
        Input((5, 3)),
        CELLS[cell](4, return_sequences=True, kernel_regularizer=L1L2(0.01, 0.02), recurrent_regularizer=L2(0.05),
                    bias_regularizer=L2(0.03), kernel_constraint=MaxNorm(0.9), recurrent_constraint=UnitNorm(axis=1)),
        Dense(3, trainable=False, kernel_regularizer=L2(0.5)),
        Dense(2, kernel_regularizer=L1(0.02), kernel_constraint=MinMaxNorm(0.4, 0.8, rate=0.7), bias_constraint=NonNeg())])
    draw.weights(model)
    model.compile(optimizer=Adam(0.02), loss="mse")
    return model, updates(draw.x(4, 5, 3), draw.x(4, 5, 2), count=6)


def catalogue(random=0):
    """(name, function of a Draw) of every case; as many random ones as are asked for."""
    for cell in CELLS:
        name = f"train_gradient_{cell}"
        yield name, partial(gradient, cell=cell)
        yield name + "_sequences", partial(gradient, cell=cell, return_sequences=True)
        yield name + "_no_bias", partial(gradient, cell=cell, use_bias=False)
        yield name + "_backwards", partial(gradient, cell=cell, go_backwards=True, return_sequences=True)
        yield name + "_wide", partial(gradient, cell=cell, features=17, units=19, rows=5, rate=0.1)
        yield f"train_walk_{cell}", partial(walk, cell=cell)
        yield f"train_encoder_decoder_{cell}", partial(encoder_decoder, cell=cell)
        yield f"train_rules_{cell}", partial(ruled, cell=cell)
        yield f"train_shared_{cell}", partial(shared, cell=cell)
        yield f"train_shared_{cell}_stateful", partial(shared_stateful, cell=cell)
    for activation in ("relu", "elu", "selu", "softplus", "softsign", "hard_sigmoid", "gelu", "silu", "mish", "exponential",
                       "leaky_relu", "hard_tanh", "tanh_shrink", "squareplus", "log_sigmoid", "softmax", "hard_silu", "relu6",
                       "soft_shrink", "hard_shrink", "sparse_plus", "sparse_sigmoid", "celu", "log_softmax", "linear"):
        yield f"train_activation_{activation}", partial(
            gradient, cell=["lstm", "gru", "gru_reset_before", "simple_rnn"][len(activation) % 4], activation=activation, rate=0.1)
    for gate in ("hard_sigmoid", "softsign", "silu"):
        for cell in ("lstm", "gru", "gru_reset_before"):
            yield f"train_gate_{gate}_{cell}", partial(gradient, cell=cell, recurrent_activation=gate, rate=0.1)
    for name, optimizer in {
        "sgd": partial(SGD, 0.1), "sgd_momentum": partial(SGD, 0.05, momentum=0.9),
        "sgd_nesterov": partial(SGD, 0.05, momentum=0.9, nesterov=True),
        "rmsprop": partial(RMSprop, 0.01), "rmsprop_momentum": partial(RMSprop, 0.005, momentum=0.5),
        "rmsprop_centered": partial(RMSprop, 0.005, centered=True, rho=0.8),
        "rmsprop_both": partial(RMSprop, 0.005, centered=True, momentum=0.5),
        "adam": partial(Adam, 0.01), "adam_amsgrad": partial(Adam, 0.01, amsgrad=True, beta_1=0.8), "adamw": partial(AdamW, 0.01),
        "nadam": partial(Nadam, 0.01), "adagrad": partial(Adagrad, 0.1),
        "decay": partial(SGD, 0.1, weight_decay=0.05), "clipvalue": partial(Adam, 0.01, clipvalue=0.01),
        "clipnorm": partial(SGD, 0.1, clipnorm=0.1), "global_clipnorm": partial(SGD, 0.1, global_clipnorm=0.2),
    }.items():
        yield f"train_optimizer_{name}", partial(learned, optimizer=optimizer)
    for name, schedule in {
        "exponential": lambda: schedules.ExponentialDecay(0.2, 5, 0.5),
        "staircase": lambda: schedules.ExponentialDecay(0.2, 5, 0.5, staircase=True),
        "inverse": lambda: schedules.InverseTimeDecay(0.2, 4, 0.7),
        "polynomial": lambda: schedules.PolynomialDecay(0.2, 12, 0.01, power=2.0),
        "cycle": lambda: schedules.PolynomialDecay(0.2, 6, 0.01, cycle=True),
        "piecewise": lambda: schedules.PiecewiseConstantDecay([3, 9], [0.2, 0.1, 0.02]),
        "cosine": lambda: schedules.CosineDecay(0.2, 15, alpha=0.1),
        "warm_up": lambda: schedules.CosineDecay(0.0, 12, warmup_target=0.2, warmup_steps=5),
    }.items():
        yield f"train_schedule_{name}", partial(learned, optimizer=lambda schedule=schedule: SGD(schedule()))
    sgd = partial(SGD, 0.1)
    for name, options in {
        "categorical": dict(loss="categorical_crossentropy", activation="softmax", target="one_hot",
                            metrics=["accuracy"]),
        "categorical_smooth": dict(loss=partial(CategoricalCrossentropy, label_smoothing=0.2), activation="softmax", target="one_hot"),
        "categorical_logits": dict(loss=partial(CategoricalCrossentropy, from_logits=True), target="one_hot"),
        "categorical_plain": dict(loss="categorical_crossentropy", activation="exponential", target="share"),
        "categorical_sequences": dict(loss="categorical_crossentropy", activation="softmax", target="one_hot", sequences=True,
                                      metrics=["accuracy"]),
        "sparse": dict(loss="sparse_categorical_crossentropy", activation="softmax", target="index", metrics=["accuracy"]),
        "sparse_logits": dict(loss=partial(SparseCategoricalCrossentropy, from_logits=True), target="index"),
        "sparse_plain": dict(loss="sparse_categorical_crossentropy", activation="hard_sigmoid", target="index"),
        "sparse_sequences": dict(loss="sparse_categorical_crossentropy", activation="softmax", target="index", sequences=True,
                                 metrics=["accuracy"]),
        "binary": dict(loss="binary_crossentropy", activation="sigmoid", target="binary", metrics=["binary_accuracy"]),
        "binary_smooth": dict(loss=partial(BinaryCrossentropy, label_smoothing=0.2), activation="sigmoid", target="binary"),
        "binary_logits": dict(loss=partial(BinaryCrossentropy, from_logits=True), target="binary"),
        "binary_plain": dict(loss="binary_crossentropy", activation="hard_sigmoid", target="binary"),
        "mae": dict(loss="mae", metrics=["mse", RootMeanSquaredError]), "mape": dict(loss="mape"),
        "huber": dict(loss=Huber), "log_cosh": dict(loss="log_cosh"), "cosine": dict(loss="cosine_similarity"),
        "kl": dict(loss="kl_divergence", activation="softmax", target="share"),
        "poisson": dict(loss="poisson", activation="softplus", target="count"),
        "weighted": dict(loss="mse", weight=1), "weighted_sequences": dict(loss="mse", weight=2, sequences=True),
    }.items():
        yield f"train_loss_{name}", partial(learned, optimizer=sgd if name != "mape" else partial(SGD, 0.001), **options)
    yield "train_stack", stack
    yield "train_fit", fitted
    yield "train_fit_stateful", partial(fitted, stateful=True, rows=8)
    yield "train_seed_characters", seed_characters
    yield "train_seed_one_by_one", seed_one_by_one
    for name, options in {
        "binary": dict(activation="sigmoid", loss="binary_crossentropy", target="binary", metrics=lambda: [
            Precision(), Recall(), "Precision", "recall", TruePositives(), FalsePositives(0.4), TrueNegatives([0.6]),
            FalseNegatives(name="missed"), Precision(0.3, name="p3"), Precision(top_k=2, name="p_top"), Recall(top_k=2, name="r_top"),
            Precision(class_id=1, name="p_one"), Recall(class_id=2, thresholds=0.45, name="r_two"),
            Recall(top_k=3, class_id=0, thresholds=0.5, name="r_all"), F1Score(average="micro", threshold=0.5, name="f_micro"),
            FBetaScore(average="macro", beta=2.0, threshold=0.4, name="f_two")]),
        "areas": dict(activation="sigmoid", loss="binary_crossentropy", target="binary", metrics=lambda: [
            AUC(), "AUC", AUC(curve="PR", name="pr"), AUC(num_thresholds=5, name="few"),
            AUC(num_thresholds=7, curve="PR", name="pr_few"), AUC(summation_method="minoring", num_thresholds=9, name="minor"),
            AUC(summation_method="majoring", num_thresholds=9, name="major"),
            AUC(curve="PR", summation_method="majoring", num_thresholds=9, name="pr_major"),
            AUC(thresholds=[0.9, 0.5, 0.31], name="own"), AUC(thresholds=[0.4], curve="PR", name="pr_own")]),
        "limits": dict(activation="sigmoid", loss="binary_crossentropy", target="binary", least=5, metrics=lambda: [
            SensitivityAtSpecificity(0.513), SpecificityAtSensitivity(0.617, num_thresholds=20), PrecisionAtRecall(0.431, class_id=1),
            RecallAtPrecision(0.547, num_thresholds=33), RecallAtPrecision(0.991, name="never"),
            SensitivityAtSpecificity(0.307, num_thresholds=1, name="one")]),
        "logits": dict(activation=None, loss=BinaryCrossentropy(from_logits=True), target="binary", metrics=lambda: [
            AUC(from_logits=True), Precision(thresholds=0), Recall(thresholds=0.0)]),
        "classes": dict(activation="softmax", loss="categorical_crossentropy", target="one_hot", metrics=lambda: [
            F1Score(average="macro"), F1Score(average="weighted", name="f_weighted"), F1Score(average="micro", name="f_micro"),
            FBetaScore(average="weighted", beta=0.5, name="f_half"),
            OneHotMeanIoU(4), MeanIoU(4, sparse_y_true=False, sparse_y_pred=False),
            IoU(4, [1, 3], sparse_y_true=False, sparse_y_pred=False), OneHotIoU(4, [0], ignore_class=2)]),
        "indices": dict(activation="softmax", loss="sparse_categorical_crossentropy", target="index", metrics=lambda: [
            MeanIoU(4, sparse_y_pred=False, ignore_class=1), "accuracy"]),
        "regression": dict(activation=None, loss="mse", target="real", least=16, metrics=lambda: [
            R2Score(), R2Score(class_aggregation="variance_weighted_average", name="r2_variance"), "r2_score", "mape", "mae",
            RootMeanSquaredError(), "cosine_similarity"]),
        "steps": dict(activation="sigmoid", loss="binary_crossentropy", target="binary", sequences=True, metrics=lambda: [
            Precision(), Recall(), AUC(), TruePositives()]),
    }.items():
        yield f"train_metrics_{name}", partial(watched, **options)
    both = ["categorical_crossentropy", "mse"]
    for name, options in {
        "list": dict(loss=both, loss_weights=[0.4, 2.0], metrics=[["accuracy", "mse"], ["mae", "mae"]],
                     weighted_metrics=[["accuracy"], ["mse", "mae", "mae"]]),
        "dict": dict(loss={"size": "mae", "word": "categorical_crossentropy"}, loss_weights={"size": 0.3, "word": 1.5},
                     metrics={"size": "mse"}, weighted_metrics={"word": ["accuracy", "categorical_crossentropy"], "size": "mse"}),
        "weights_sorted": dict(loss=both, loss_weights={"word": 0.2, "size": 2.0}),
        "sequences": dict(loss=["sparse_categorical_crossentropy", "huber"], loss_weights=[1.0, 0.5], sequences=True,
                          target="sparse_categorical_crossentropy", metrics=[["acc"], []], weighted_metrics=[["acc"], ["mae"]]),
        "one_loss": dict(loss=["categorical_crossentropy", None], weighted=False, metrics=lambda: ["accuracy", RootMeanSquaredError()]),
        # The head that learns nothing has no gradients: weight decay, too, leaves it as it is.
        "one_loss_decay": dict(loss=["categorical_crossentropy", None], weighted=False, optimizer=lambda: AdamW(0.05, weight_decay=0.5)),
        "for_all": dict(loss="mse", loss_weights=0.5, weighted=False, optimizer=lambda: Adam(0.01)),
        # A dict calls outputs by names of its own.
        "named": dict(named=named, loss={"topic": "categorical_crossentropy", "extent": "mae"}, loss_weights={"topic": 1.5, "extent": 0.3},
                      metrics={"topic": ["accuracy", "mse"]}, weighted_metrics={"extent": ["mse"], "topic": ["accuracy"]}),
        "named_lists": dict(named=named, loss=["mae", "categorical_crossentropy"], loss_weights=[0.3, 1.5], metrics=[["mae"], ["accuracy"]]),
        "named_weights_listed": dict(named=named, loss={"topic": "categorical_crossentropy", "extent": "mae"}, loss_weights=[0.3, 1.5]),
        "named_in_part": dict(named=named, loss={"topic": "mse"}, loss_weights=[0.5], metrics={"extent": ["mae"]}),
        "named_for_all": dict(named=named, loss="mse", metrics=["mae", "mse"]),
        "named_one": dict(named=lambda heads: {"extent": heads[1]}, loss={"extent": "mse"}, metrics={"extent": ["mae"]}),
        # As the layers, but each as the other: a list of metrics goes by the layers then.
        "named_crosswise": dict(named=lambda heads: {"word": heads[1], "size": heads[0]}, loss=["categorical_crossentropy", "mse"],
                                metrics=[["mae"], ["accuracy"]]),
    }.items():
        yield f"train_outputs_{name}", partial(outputs, **options)
    yield "train_outputs_fit", outputs_fitted
    yield "train_outputs_named_fit", partial(outputs_fitted, named=named, loss={"topic": "mse", "extent": "mae"}, loss_weights=None,
                                             metrics={"topic": ["accuracy"]})
    yield "train_wide_divergence", partial(wide, metrics=["accuracy", "categorical_accuracy", "mse"])
    yield "train_wide_classes", partial(wide, loss="categorical_crossentropy", metrics=["accuracy", "mse"])
    yield "train_wide_indices", partial(wide, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    yield "train_wide_cosine", partial(wide, loss="cosine_similarity", metrics=["mae", "kl_divergence"])
    for name, optimizer in {
        "momentum": partial(SGD, 0.05, momentum=0.9, nesterov=True),
        "rmsprop": partial(RMSprop, 0.005, centered=True, momentum=0.5),
        "amsgrad": partial(Adam, 0.01, amsgrad=True), "nadam": partial(Nadam, 0.01), "adagrad": partial(Adagrad, 0.1),
        "schedule": lambda: AdamW(schedules.PolynomialDecay(0.05, 12, 0.001, power=2.0)),
    }.items():
        yield f"train_resumed_{name}", partial(resumed, optimizer=optimizer, metrics=["mse", "mae"] if name == "amsgrad" else None)
    for number in range(random):
        yield f"train_random_{number:02}", random_compiled
