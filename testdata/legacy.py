"""Writes testdata/legacy: models that Keras 1 and 2 have trained and saved as .h5, late ones as .keras, too, and what these versions make of two further batches.

    git -C KERAS archive 2.2.4 keras | tar x -C keras-2.2.4        # a checkout of github.com/keras-team/keras
    keras-venv/bin/python testdata/legacy.py keras-2.2.4 2.2.4     # the environment of record.py; 1.2.2, 2.0.2, 2.2.4, 2.10.0, 2.15.0
    keras-venv/bin/python testdata/legacy.py keras-1.2.2 1.2.2 forms    # 1.2.2, 2.0.9, 2.2.4, 2.13.1, 2.15.0

Keras itself computes, from its own sources; only names that Python, NumPy, h5py and TensorFlow have dropped since are put back. A
case is three updates, a file, the model loaded from it by the same Keras, two further updates:

NAME.h5.gz        the file after three updates, or NAME.keras.gz
NAME.after.h5.gz  the same model two updates later
NAME.npz          x3, y3, x4, y4: the batches of these two updates (y3_1: of a second output); logs3, logs4: what train_on_batch returned, by
                  sorted names

With `forms`, testdata/legacy/forms: models in forms that only these versions write, not trained, NAME.h5.gz or NAME.keras.gz, and in
NAME.npz inputs x0... and outputs y0....
"""
import collections
import collections.abc
import gzip
import importlib.abc
import importlib.machinery
import inspect
import json
import os
import re
import sys
import tempfile
import types
import zlib
from pathlib import Path

FOLDER, VERSION = Path(sys.argv[1]).absolute(), sys.argv[2]
TARGET = Path(__file__).parent / "legacy"
ANCIENT = VERSION not in ("2.10.0", "2.13.1", "2.15.0")
os.environ.update(CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow")


# ---------------------------------------------------------------------------------------------------------------------
# What has gone since.

class Nothing(type):
    """Stands for what is imported and not used."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(name, (), {"__init__": lambda self, *args, **options: None})


class Absent(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(Nothing("nothing", (), {}), name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    TOPS = {"keras_applications", "keras_preprocessing", "yaml", "PIL"} | ({"scipy", "pkg_resources"} if ANCIENT else set())

    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in self.TOPS or not ANCIENT and name.startswith(("keras.protobuf.", "keras.applications")):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        module.issparse = lambda x: False
        module.set_keras_submodules = lambda **modules: None


def replaced(path, *pairs):
    if path.exists():
        text = path.read_text()
        for old, new in pairs:
            text = re.sub(old, new, text)
        path.write_text(text)


COUNTED_LAST = """
def counted_last(updates):
    import tensorflow.compat.v1 as tf
    counters = [update[0] for update in updates if isinstance(update, tuple) and len(update) == 1]
    others = [update for update in updates if not (isinstance(update, tuple) and len(update) == 1)]
    with tf.control_dependencies([update for update in others if not isinstance(update, tuple)]):
        return others + [K.update_add(counter, 1) for counter in counters]

"""


def put_back():
    for name in ("Iterable", "Mapping", "Sequence", "Callable"):
        setattr(collections, name, getattr(collections.abc, name))
    inspect.ArgSpec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")
    inspect.getargspec = lambda function: inspect.ArgSpec(*inspect.getfullargspec(function)[:4])
    sys.meta_path.insert(0, Finder())
    source = FOLDER / "keras"
    if not ANCIENT:
        replaced(source / "optimizers/optimizer_v2/optimizer_v2.py", (", metaclass=abc.ABCMeta\\)", ")"))
        return
    for path in source.rglob("*.py"):
        if "import tensorflow as tf" in path.read_text():
            replaced(path, ("import tensorflow as tf", "import tensorflow.compat.v1 as tf"))
    replaced(source / "backend/tensorflow_backend.py", ("control_flow_ops.while_loop", "tf.while_loop"),
             ("isinstance\\(x, tf_ops._TensorLike\\) or tf_ops.is_dense_tensor_like\\(x\\)",
              "isinstance(x, (tf.Tensor, tf.Variable)) or hasattr(x, 'get_shape')"))
    # Which of two operations comes first, TensorFlow does not say: that which reads the iterations is meant to, and that which counts.
    replaced(source / "optimizers.py", ("K.update_add\\(self.iterations, 1\\)", "(self.iterations,)"),
             ("return self.updates", "return counted_last(self.updates)"), ("lr \\*= ", "lr = lr * "),
             ("\\nclass Optimizer", COUNTED_LAST + "\\nclass Optimizer"))
    replaced(source / "layers/recurrent.py", ("if b:", "if b is not None:"))
    replaced(source / "utils/io_utils.py", ("np\\.string_", "np.bytes_"))
    for name in ("engine/saving.py", "engine/topology.py", "models.py"):
        replaced(source / name, ("([A-Za-z_.]+(?:\\['?[a-z_]+'?\\])?)\\.decode\\('utf-?8'\\)",
                                 "(lambda x: x.decode('utf8') if isinstance(x, bytes) else x)(\\1)"),
                 ("if weight_names:", "if len(weight_names):"))


put_back()
sys.path.insert(0, str(FOLDER))
if ANCIENT:
    import tensorflow.compat.v1 as tf
    tf.disable_v2_behavior()
    # Else a layer's gradient may be made from weights that have already been updated.
    tf.enable_resource_variables()
    tf.contrib = None
else:
    import tensorflow as tf
    import tensorflow.compat.v2
    tensorflow.compat.v2.__internal__.register_load_context_function = lambda *args: None
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

import h5py
import keras
import numpy as np
from keras import backend, layers, models, optimizers

if not ANCIENT:
    from keras import losses, metrics
    from keras.saving import saving_lib
    # It met Keras before that had a version.
    saving_lib.keras = keras

assert keras.__version__ == VERSION, keras.__version__


# ---------------------------------------------------------------------------------------------------------------------
# Models.

def recurrent(kind, units, **options):
    if VERSION.startswith("1."):
        return kind(units, **{"consume_less": "gpu"} | options)
    if VERSION > "2.0.2":
        options["recurrent_activation"] = "sigmoid"
    if not ANCIENT:
        # Unrolled, it does not lead to a kernel of its own.
        options["unroll"] = True
    return kind(units, **options)


def chain(**options):
    """A layer that is not trained between two that are."""
    return models.Sequential([
        recurrent(layers.LSTM, 3, return_sequences=True, input_shape=(3, 2), **options), recurrent(layers.GRU, 2, **options),
        layers.Dense(3, activation="tanh", trainable=False), layers.Dense(2)])


def fork():
    """Layers around layers, normalization, two outputs."""
    x = layers.Input(shape=(3, 2))
    around = layers.Bidirectional(recurrent(layers.GRU, 2, return_sequences=True), merge_mode="concat")(x)
    inner = layers.TimeDistributed(layers.Dense(2, use_bias=False))(around)
    # Before 2.3 a running mean began anew with each file.
    last = recurrent(layers.LSTM, 2)(inner if ANCIENT else layers.BatchNormalization()(inner))
    return models.Model(x, [layers.Dense(2, activation="sigmoid", name="word")(last), layers.Dense(1, name="size")(last)])


def nested():
    """A model that another applies twice: to its input, and for an output."""
    i, x = layers.Input(shape=(3, 2)), layers.Input(shape=(3, 2))
    inner = models.Model(i, layers.Dense(2)(recurrent(layers.LSTM, 3)(i)))
    tower = models.Sequential([recurrent(layers.GRU, 2, return_sequences=True, input_shape=(3, 2))])
    first, second = inner(x), inner(tower(x))
    return models.Model(x, [second, layers.Dense(1)(first)])


def randomized(model, rng):
    model.set_weights([rng.uniform(0.1, 0.9, w.shape) if w.ndim == 1 else rng.uniform(-0.7, 0.7, w.shape)
                       for w in model.get_weights()])
    return model


# ---------------------------------------------------------------------------------------------------------------------
# Cases.

def squeezed(source, name):
    (TARGET / f"{name}{source.suffix}.gz").write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))


def case(name, model, optimizer, loss="mse", goes_on=True, ending=".h5", **options):
    """`goes_on`: whether Rill trains it further."""
    name = f"{VERSION}_{name}"
    rng = np.random.RandomState(zlib.crc32(name.encode()))
    randomized(model, rng)
    model.compile(optimizer=optimizer, loss=loss, **options)

    def batch():
        y = [rng.uniform(0, 1, (4, 2)).astype("float32"), rng.uniform(-1, 1, (4, 1)).astype("float32")]
        if isinstance(loss, (dict, list)):
            y[0] = np.round(y[0])
        return rng.uniform(-1, 1, (4, 3, 2)).astype("float32"), y[:len(model.outputs)]
    for _ in range(3):
        x, y = batch()
        model.train_on_batch(x, y if len(y) > 1 else y[0])
    arrays = {}
    with tempfile.TemporaryDirectory() as scratch:
        model.save(file := str(Path(scratch) / f"model{ending}"))
        squeezed(Path(file), name)
        if not goes_on:
            return
        names = list(model.metrics_names)
        model = models.load_model(file)
        for i in (3, 4):
            x, y = batch()
            arrays[f"x{i}"] = x
            arrays |= {f"y{i}" + (f"_{o}" if o else ""): value for o, value in enumerate(y)}
            logs = np.atleast_1d(model.train_on_batch(x, y if len(y) > 1 else y[0])).astype("float64")
            arrays[f"logs{i}"] = logs[np.argsort(names)]
        model.save(file)
        squeezed(Path(file), name + ".after")
    np.savez_compressed(TARGET / f"{name}.npz", **arrays)
    backend.clear_session()


def standalone():
    """Keras on its own: before TensorFlow took it over."""
    case("adam", chain(), optimizers.Adam(0.01, beta_1=0.8, beta_2=0.95, epsilon=1e-3, decay=0.3, clipnorm=0.2))
    case("rmsprop", chain(), optimizers.RMSprop(0.01, rho=0.8, epsilon=1e-2, decay=0.3))
    if VERSION.startswith("1."):
        case("gates", chain(consume_less="cpu"), optimizers.SGD(0.05, momentum=0.8, nesterov=True, decay=0.2, clipvalue=0.02))
        return
    case("sgd", chain(), optimizers.SGD(0.1))
    if VERSION == "2.2.4":
        case("amsgrad", chain(), optimizers.Adam(0.01, beta_2=0.9, amsgrad=True))
        case("nesterov", chain(), optimizers.SGD(0.05, momentum=0.8, nesterov=True, decay=0.2, clipvalue=0.02))
        case("adagrad", chain(), optimizers.Adagrad(0.01, epsilon=1e-2))
        case("cosine", chain(), optimizers.SGD(0.1), "cosine_proximity")
        case("fork", fork(), optimizers.Adam(0.01), {"size": "mae", "word": "binary_crossentropy"}, metrics=["acc", "mse"],
             loss_weights={"size": 0.3})
        case("nested", nested(), optimizers.SGD(0.05))
        case("nadam", chain(), optimizers.Nadam(), goes_on=False)
        case("adadelta", chain(), optimizers.Adadelta(), goes_on=False)
        cudnn()


def cudnn():
    """odd/cudnn.h5, compiled: nothing here runs such layers, whose optimizer had made no update."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "model.h5"
        file.write_bytes((TARGET.parent / "odd" / "cudnn.h5").read_bytes())
        with h5py.File(file, "a") as h5:
            h5.attrs["training_config"] = json.dumps({"loss": "mse", "metrics": [], "sample_weight_mode": None, "loss_weights": None,
                "optimizer_config": {"class_name": "SGD", "config": optimizers.SGD(0.1).get_config()}}).encode()
        squeezed(file, f"{VERSION}_cudnn")


def within_tensorflow(o, new):
    """Those of 2.0 to 2.10, and those that were new in 2.11."""
    decay = {} if new else {"decay": 0.3}
    case("adam", chain(), o.Adam(0.01, beta_1=0.8, beta_2=0.95, epsilon=1e-3, clipnorm=0.1, **decay))
    case("amsgrad", chain(), o.Adam(0.01, beta_2=0.9, amsgrad=True, global_clipnorm=0.2))
    case("rmsprop", chain(), o.RMSprop(0.01, rho=0.8, epsilon=1e-2, **decay))
    case("rmsprop_centered", chain(), o.RMSprop(0.01, rho=0.8, epsilon=1e-2, centered=True))
    case("rmsprop_momentum", chain(), o.RMSprop(0.01, rho=0.8, momentum=0.6, epsilon=1e-2, centered=True))
    case("sgd", chain(), o.SGD(0.1, **decay))
    case("nesterov", chain(), o.SGD(0.05, momentum=0.8, nesterov=True, clipvalue=0.02))
    case("adagrad", chain(), o.Adagrad(0.05, initial_accumulator_value=0.01, epsilon=1e-2))
    case("schedule", chain(), o.Adam(optimizers.schedules.ExponentialDecay(0.05, 3, 0.5)))
    case("fork", fork(), o.Adam(0.01), ["binary_crossentropy", losses.MeanAbsoluteError()], loss_weights=[1.0, 0.3],
         metrics=[["accuracy", metrics.Precision()], ["mse"]])
    case("nested", nested(), o.SGD(0.05))
    if new:
        archive = {"ending": ".keras"}
        case("archive_named", chain(), "adam", **archive, metrics=["mae"])
        case("archive_rmsprop", chain(), o.RMSprop(0.01, rho=0.8, momentum=0.6, epsilon=1e-2, centered=True), **archive,
             loss=losses.Huber(0.5))
        case("archive_fork", fork(), o.Adam(optimizers.schedules.ExponentialDecay(0.05, 3, 0.5), clipnorm=0.1),
             ["binary_crossentropy", losses.MeanAbsoluteError()], **archive, loss_weights=[1.0, 0.3],
             metrics=[["accuracy", metrics.Precision()], ["mse"]])
        case("archive_nested", nested(), o.SGD(0.05), **archive)
        case("archive_old", chain(), optimizers.legacy.adam.Adam(0.01, decay=0.3), losses.mean_squared_error, **archive)
        case("adamw", chain(), o.AdamW(0.01, weight_decay=0.03))
    case("nadam", chain(), o.Nadam(0.01), goes_on=False)


# ---------------------------------------------------------------------------------------------------------------------
# Forms.

def form(name, model, *x, ending=".h5"):
    name = f"{VERSION}_{name}"
    rng = np.random.RandomState(zlib.crc32(name.encode()))
    randomized(model, rng)
    shapes = model.input_shape if isinstance(model.input_shape, list) else [model.input_shape]
    x = list(x) or [rng.uniform(-1, 1, (2, *shape[1:])).astype("float32") for shape in shapes]
    y = model.predict(x if len(x) > 1 else x[0])
    with tempfile.TemporaryDirectory() as scratch:
        model.save(file := str(Path(scratch) / f"model{ending}"))
        squeezed(Path(file), f"forms/{name}")
    np.savez_compressed(TARGET / "forms" / f"{name}.npz", **{f"x{i}": value.astype("float32") for i, value in enumerate(x)}, y0=y)
    backend.clear_session()


def sequential(*all_layers):
    model = models.Sequential()
    for layer in all_layers:
        model.add(layer)
    return model


def keras1_forms():
    gates = {"inner_activation": "sigmoid"}
    form("words", sequential(
        layers.Embedding(9, 4, input_length=5, mask_zero=True, init="normal", W_regularizer="l2", dropout=0.2),
        layers.LSTM(3, U_regularizer="l1", **gates), layers.Dense(2, W_constraint="maxnorm")),
         np.array([[1, 2, 3, 0, 0], [8, 7, 6, 5, 4]]))
    last = layers.Dense(3)
    steps = sequential(layers.LSTM(4, input_shape=(5, 2), **gates), last)
    more = sequential(layers.GRU(4, input_shape=(4, 3), **gates), last)
    plain = sequential(layers.Dense(3, input_dim=2), layers.advanced_activations.PReLU())
    inner = sequential(layers.Merge([more, plain], mode="concat"), layers.Dense(3))
    form("joined", sequential(layers.Merge([steps, inner], mode="sum"), layers.advanced_activations.ThresholdedReLU(0.3)))
    form("ends", sequential(layers.ZeroPadding1D({"left_pad": 1, "right_pad": 2}, input_shape=(4, 2)),
                            layers.LSTM(3, return_sequences=True, **gates)))


def keras2_forms():
    gates = {"recurrent_activation": "sigmoid"}
    inside = sequential(layers.Dense(4, input_shape=(2,)), layers.Dense(3, activation="tanh"))
    form("nested", sequential(
        sequential(layers.LSTM(4, return_sequences=True, input_shape=(5, 3), **gates), layers.Dense(2)), layers.TimeDistributed(inside),
        layers.InputLayer((5, 3)), sequential(layers.GRU(3, input_shape=(5, 3), **gates)), layers.ThresholdedReLU(0.1)))


def late_forms():
    for ending in (".h5", ".keras"):
        inside = sequential(layers.Dense(4, input_shape=(2,)), layers.BatchNormalization())
        form("nested_" + ending[1:], sequential(
            layers.TimeDistributed(inside, input_shape=(5, 2)), sequential(layers.LSTM(3, return_sequences=True, input_shape=(5, 4))),
            sequential(layers.GRU(3, input_shape=(5, 3)), layers.Dense(2)), layers.Dense(2)), ending=ending)
        x = layers.Input((6, 3))
        y = layers.Conv1D(4, 2, activation=layers.LeakyReLU(0.1))(x)
        y = layers.TimeDistributed(layers.Dense(4, activation=layers.ELU(0.5)))(y)
        y = layers.LSTM(4, activation=layers.ReLU())(y)
        y = layers.Dense(4, activation=layers.ReLU(max_value=0.5))(y)
        form("activations_" + ending[1:], models.Model(x, layers.Activation(layers.LeakyReLU(0.4))(layers.Dense(3)(y))), ending=ending)


TARGET.mkdir(exist_ok=True)
if sys.argv[3:] == ["forms"]:
    (TARGET / "forms").mkdir(exist_ok=True)
    keras1_forms() if VERSION.startswith("1.") else keras2_forms() if ANCIENT else late_forms()
elif ANCIENT:
    standalone()
else:
    if VERSION == "2.15.0":
        from keras.optimizers import adagrad, adam, adamw, nadam, rmsprop, sgd
        within_tensorflow(types.SimpleNamespace(Adagrad=adagrad.Adagrad, Adam=adam.Adam, AdamW=adamw.AdamW, Nadam=nadam.Nadam,
                                                RMSprop=rmsprop.RMSprop, SGD=sgd.SGD), True)
    else:
        within_tensorflow(optimizers, False)
