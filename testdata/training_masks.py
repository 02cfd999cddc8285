"""Cases of record.py that train through masks, ids, repeated and joined signals, and by what their layers put out.

Ids that occur twice in a batch go with plain gradient descent only: Keras on TensorFlow gives Adam and RMSprop the squares of
each occurrence's gradient, where every other backend and Rill give them the square of the sum.
"""

from functools import partial

import numpy as np
from keras import Input, Model, Sequential
from keras.layers import GRU, LSTM, Activation, Concatenate, Dense, Dropout, Embedding, Masking, RepeatVector, SimpleRNN
from keras.layers import TimeDistributed
from keras.losses import MeanSquaredError, SparseCategoricalCrossentropy
from keras.optimizers import SGD, Adam, RMSprop
from keras.regularizers import L1, L2, L1L2, OrthogonalRegularizer

from training import CELLS, call, head, one_hot, updates

FILL = -1.5


def padded(draw, rows, steps, features, ends=True):
    """Sequences of several lengths, a gap in one, a masked first step in another, and one that is masked throughout."""
    x = draw.x(rows, steps, features)
    for row in range(rows):
        if ends:
            x[row, steps - row % steps:] = FILL
        if row % 3 == 1:
            x[row, 1] = FILL
        if row % 3 == 2:
            x[row, 0] = FILL
    x[-1] = FILL
    return x


def masked(draw, cell, sequences=True, rows=5, steps=5, loss="mse", weight=None, optimizer=None, count=3, **options):
    model = Sequential([Input((steps, 3)), Masking(FILL), CELLS[cell](4, return_sequences=sequences, **options), Dense(2)])
    draw.weights(model)
    model.compile(optimizer=optimizer or SGD(0.3), loss=loss, metrics=["mae"])
    y = draw.x(*((rows, steps, 2) if sequences else (rows, 2)))
    weights = None if weight is None else draw.rng.random((rows, steps)[:weight]).astype("float32")
    return model, updates(padded(draw, rows, steps, 3), y, count=count, sample_weight=weights)


def masked_stack(draw):
    """The mask goes on from layer to layer, up to the loss."""
    model = Sequential([Input((6, 2)), Masking(FILL), LSTM(4, return_sequences=True), Dropout(0.0), Activation("softsign"),
                        GRU(3, return_sequences=True, zero_output_for_mask=True), TimeDistributed(Dense(3, activation="tanh")),
                        SimpleRNN(4, return_sequences=True, go_backwards=True), Dense(3, activation="softmax")])
    draw.weights(model)
    model.compile(optimizer=Adam(0.02), loss="categorical_crossentropy", metrics=["accuracy"])
    return model, updates(padded(draw, 5, 6, 2), one_hot(draw, 5, 6, 3), count=6)


def masked_walk(draw, cell, rows=3, window=4, count=6):
    """A stateful layer along streams with gaps."""
    model = Sequential([Input(batch_shape=(rows, window, 2)), Masking(FILL),
                        CELLS[cell](4, stateful=True, return_sequences=True), Dense(2)])
    draw.weights(model)
    model.compile(optimizer=RMSprop(0.01), loss="mse")
    calls = [call("train_on_batch", padded(draw, rows, window, 2), draw.x(rows, window, 2)) for _ in range(count)]
    return model, [*calls[:4], {"call": "reset_states"}, *calls[4:]]


def masked_fit(draw, rows=7, batch=3):
    """The loss of an epoch counts batches by rows, metrics by steps; the last batch is masked throughout."""
    model = Sequential([Input((4, 2)), Masking(FILL), GRU(4, return_sequences=True), Dense(1, activation="sigmoid")])
    draw.weights(model)
    model.compile(optimizer=Adam(0.05), loss="binary_crossentropy", metrics=["accuracy", "mse"])
    x, y = padded(draw, rows, 4, 2), draw.rng.integers(2, size=(rows, 4, 1)).astype("float32")
    both = dict(batch_size=batch)
    return model, [call("fit", x, y, **both, epochs=3, shuffle=False), call("evaluate", x, y, **both),
                   call("test_on_batch", x[-1:], y[-1:])]


def initial_states(draw, cell):
    """What a masked encoder has come to starts a decoder."""
    source, target = Input((5, 2)), Input((3, 3))
    _, *states = CELLS[cell](4, return_state=True)(Masking(FILL)(source))
    out = Dense(2)(CELLS[cell](4, return_sequences=True)(target, initial_state=states))
    model = draw.weights(Model([source, target], out))
    model.compile(optimizer=SGD(0.5), loss="mse")
    return model, updates([padded(draw, 4, 5, 2), draw.x(4, 3, 3)], draw.x(4, 3, 2), count=3)


def words(draw, mask_zero, sequences=False, stateful=False):
    """Ids that occur more than once, and 0."""
    model = Sequential([Input(batch_shape=(3 if stateful else None, 6)), Embedding(7, 4, mask_zero=mask_zero),
                        LSTM(5, return_sequences=sequences, stateful=stateful), head("softmax")])
    draw.weights(model)
    model.compile(optimizer=SGD(0.3, momentum=0.5), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    ids = lambda: draw.rng.integers(7, size=(3, 6)).astype("float32")
    y = lambda: draw.rng.integers(3, size=(3, 6) if sequences else (3,)).astype("float32")
    return model, [call("train_on_batch", ids(), y()) for _ in range(4)] + [call("test_on_batch", ids(), y())]


def words_once(draw, optimizer):
    """Every id at most once a batch."""
    model = Sequential([Input((3,)), Embedding(12, 4), GRU(4), Dense(2)])
    draw.weights(model)
    model.compile(optimizer=optimizer(), loss="mse")
    ids = lambda: draw.rng.permutation(12)[:9].reshape(3, 3).astype("float32")
    return model, [call("train_on_batch", ids(), draw.x(3, 2)) for _ in range(6)]


def tagger(draw):
    """Two tables side by side, masks joined, a label at every step with a weight."""
    left, right = Input((5,)), Input((5,))
    joined = Concatenate()([Embedding(9, 3, mask_zero=True)(left), Embedding(4, 2, mask_zero=True)(right)])
    y = Dense(3, activation="softmax")(GRU(5, return_sequences=True)(joined))
    model = draw.weights(Model([left, right], y))
    model.compile(optimizer=SGD(0.2), loss=SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
                  metrics=["accuracy"])
    ids = lambda bound: (draw.rng.integers(bound, size=(4, 5)) * draw.rng.integers(2, size=(4, 5))).astype("float32")
    return model, updates([ids(9), ids(4)], draw.rng.integers(3, size=(4, 5)).astype("float32"), count=3,
                          sample_weight=draw.rng.random((4, 5)).astype("float32"))


def sequence_to_sequence(draw, cell):
    model = Sequential([Input((4, 3)), CELLS[cell](5), RepeatVector(3), CELLS[cell](4, return_sequences=True), head("softmax")])
    draw.weights(model)
    model.compile(optimizer=Adam(0.01), loss="categorical_crossentropy", metrics=["accuracy"])
    return model, updates(draw.x(3, 4, 3), one_hot(draw, 3, 3, 3), count=5)


def towers(draw):
    a, b, c = Input((4, 3)), Input((2, 5)), Input((2,))
    joined = Concatenate()([LSTM(3)(a), GRU(4)(b), c])
    model = draw.weights(Model([a, b, c], [Dense(2)(joined), joined]))
    model.compile(optimizer=SGD(0.3), loss="mse")
    return model, updates([draw.x(3, 4, 3), draw.x(3, 2, 5), draw.x(3, 2)], [draw.x(3, 2), draw.x(3, 9)], count=3)


def joined_masks(draw):
    a, b = Input((6, 2)), Input((6, 3))
    left, right = Masking(FILL)(a), LSTM(2, return_sequences=True)(Masking(FILL)(b))
    both = Concatenate()([left, right])
    model = draw.weights(Model([a, b], [LSTM(3, return_sequences=True)(both), GRU(3)(Concatenate()([both, b]))]))
    model.compile(optimizer=SGD(0.3), loss="mse")
    return model, updates([padded(draw, 4, 6, 2), padded(draw, 4, 6, 3, ends=False)], [draw.x(4, 6, 3), draw.x(4, 3)], count=3)


def guess_first(draw):
    """A softmax that is learned for itself, and read by what comes behind it."""
    x = Input((4, 3))
    guess = Dense(3, activation="softmax")(GRU(4)(x))
    model = draw.weights(Model(x, [guess, Dense(2, activation="softmax")(Concatenate()([guess, LSTM(3)(x)])), guess]))
    model.compile(optimizer=SGD(0.5), loss="categorical_crossentropy")
    return model, updates(draw.x(3, 4, 3), [one_hot(draw, 3, 3), one_hot(draw, 3, 2), one_hot(draw, 3, 3)], count=4)


def activity(draw, cell, regularizer, sequences, mask=False):
    model = Sequential([Input((4, 3)), *([Masking(FILL)] if mask else []),
                        CELLS[cell](4, return_sequences=sequences, activity_regularizer=regularizer), Dense(2)])
    draw.weights(model)
    model.compile(optimizer=SGD(0.3), loss="mse")
    x = padded(draw, 4, 4, 3) if mask else draw.x(4, 4, 3)
    return model, updates(x, draw.x(*((4, 4, 2) if sequences else (4, 2))), count=3)


def activity_heads(draw):
    """A layer applied twice counts twice, states count, and a softmax has its own loss beside it."""
    a, b = Input((4, 3)), Input((3, 3))
    layer = GRU(4, return_state=True, activity_regularizer=L2(0.1))
    (left, _), (right, state) = layer(a), layer(b)
    frozen = Dense(3, trainable=False, activity_regularizer=L1(0.05))(left)
    model = Model([a, b], [Dense(3, activation="softmax", activity_regularizer=L1L2(0.2, 0.3))(right), frozen,
                           Dense(2, activation="sigmoid", activity_regularizer=L2(0.2))(state)])
    draw.weights(model)
    model.compile(optimizer=SGD(0.3), loss=["categorical_crossentropy", "mse", "binary_crossentropy"])
    return model, updates([draw.x(3, 4, 3), draw.x(3, 3, 3)],
                          [one_hot(draw, 3, 3), draw.x(3, 3), draw.rng.integers(2, size=(3, 2)).astype("float32")], count=3)


def catalogue():
    """(name, function of a Draw) of every case."""
    for cell in CELLS:
        yield f"train_mask_{cell}", partial(masked, cell=cell)
        yield f"train_mask_{cell}_last", partial(masked, cell=cell, sequences=False)
        yield f"train_mask_{cell}_zero_output", partial(masked, cell=cell, zero_output_for_mask=True)
        yield f"train_mask_{cell}_walk", partial(masked_walk, cell=cell)
    yield "train_mask_last_zero_output", partial(masked, cell="lstm", sequences=False, zero_output_for_mask=True)
    yield "train_mask_backwards", partial(masked, cell="lstm", go_backwards=True)
    yield "train_mask_weighted", partial(masked, cell="gru", weight=2)
    yield "train_mask_sum", partial(masked, cell="gru", loss=MeanSquaredError(reduction="sum"), optimizer=SGD(0.05))
    yield "train_mask_weighted_mean", partial(masked, cell="lstm", weight=2, loss=MeanSquaredError(reduction="mean_with_sample_weight"))
    yield "train_mask_adam", partial(masked, cell="lstm", optimizer=Adam(0.01), count=10)
    yield "train_mask_stack", masked_stack
    yield "train_mask_fit", masked_fit
    yield "train_mask_states_lstm", partial(initial_states, cell="lstm")
    yield "train_mask_states_gru", partial(initial_states, cell="gru")
    for mask_zero in (False, True):
        name = "train_embedding_mask" if mask_zero else "train_embedding"
        yield name, partial(words, mask_zero=mask_zero)
        yield name + "_sequences", partial(words, mask_zero=mask_zero, sequences=True)
    yield "train_embedding_stateful", partial(words, mask_zero=True, stateful=True)
    yield "train_embedding_once_adam", partial(words_once, optimizer=partial(Adam, 0.02))
    yield "train_embedding_once_rmsprop", partial(words_once, optimizer=partial(RMSprop, 0.01))
    yield "train_embedding_tagger", tagger
    yield "train_repeat_lstm", partial(sequence_to_sequence, cell="lstm")
    yield "train_repeat_gru", partial(sequence_to_sequence, cell="gru")
    yield "train_concatenate_towers", towers
    yield "train_concatenate_masks", joined_masks
    yield "train_guess_first", guess_first
    yield "train_activity_l1", partial(activity, cell="lstm", regularizer=L1(0.1), sequences=False)
    yield "train_activity_l2_sequences", partial(activity, cell="gru", regularizer=L2(0.05), sequences=True)
    yield "train_activity_both_masked", partial(activity, cell="lstm", regularizer=L1L2(0.02, 0.05), sequences=True, mask=True)
    yield "train_activity_orthogonal", partial(activity, cell="simple_rnn", regularizer=OrthogonalRegularizer(0.3), sequences=False)
    yield "train_activity_heads", activity_heads
