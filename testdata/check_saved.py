"""Loads in real Keras what Rill has saved, and compares it with what it was saved from.

    mvn test -Dtest='SavedFilesTest,MadeFilesTest,Hdf5WriterTest,ResumedTrainingTest'   # writes target/saved/NAME.keras and more
    keras-venv/bin/python testdata/check_saved.py                   # in the environment of record.py; all cases, or those named

For every recorded case and every model of testdata/files, which Rill has loaded and saved again:

config       as Keras describes the loaded model is as it describes the original; what Rill drops is listed in DROPPED
file         the configuration in the file is, member for member, what Keras would write for that model
weights      equal to the bit, from NAME.keras and by load_weights from NAME.weights.h5
optimizer    its variables equal to the bit
predictions  of the inputs in NAME.npz: within 1e-6 of the original's, within the tolerance of recorded cases of Rill's
resumed      Keras goes on training from what Rill saved after some updates, by load_model and by load_weights: logs and weights
             are Rill's own, within the tolerance of recorded cases after training; the compile configuration is, member for
             member, what Keras would write, but for the delta of a Huber loss, which Keras forgets
made         what was described in Java: as Keras would write it, with Rill's predictions
structure    h5py reads what Hdf5WriterTest wrote: groups of many members, strings in many heaps
warnings     none but those that the original gives: Keras warns of its own file if the model was compiled and never trained
"""
import json
import sys
import warnings
import zipfile
from pathlib import Path

import h5py

from record import keras, np, tf  # record chooses the backend: import it before anything of Keras

CASES = Path("testdata/cases")
FILES = Path("testdata/files")
MODELS = ("graph", "many", "minimal", "stack", "trained")
SAVED = Path("target/saved")
# Members that say nothing about a model that is not trained further, or nothing at all: Rill writes what stands here.
DROPPED = {"unroll": False, "seed": None}


def plain(config):
    """Without what differs from run to run; initial states in a list, by keyword; one input or output not in a list."""
    if isinstance(config, list):
        return [plain(value) for value in config]
    if not isinstance(config, dict):
        return config
    config = {key: plain(value) for key, value in config.items() if key != "shared_object_id"}
    if "args" in config and len(config["args"]) > 1:
        config = {"args": config["args"][:1], "kwargs": {"initial_state": config["args"][1]}}
    if isinstance(config.get("initial_state"), dict):
        config["initial_state"] = [config["initial_state"]]
    if isinstance(config.get("initial_state_shape", [None])[-1], int):
        config["initial_state_shape"] = [config["initial_state_shape"]]
    for name in ("input_layers", "output_layers"):
        if isinstance(config.get(name), list) and len(config[name]) == 1:
            config[name] = config[name][0]
    return config


def renamed(model):
    """With the operations that compute masks called by their class and their place: Keras counts them from run to run."""
    if model["class_name"] != "Functional":
        return model
    operations = [entry for entry in model["config"]["layers"] if entry["module"].startswith("keras.src.ops")]
    names = {entry["name"]: f"{entry['class_name']} {i}" for i, entry in enumerate(operations)}

    def walk(value):
        if isinstance(value, dict):
            return {key: walk(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        return names.get(value, value) if isinstance(value, str) else value
    return walk(model)


def differences(a, b, path=""):
    """Where two configurations differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in list(a) + [key for key in b if key not in a]:
            if key not in a or key not in b:
                yield f"{path}.{key}: only in the {'first' if key in a else 'second'}"
            else:
                yield from differences(a[key], b[key], f"{path}.{key}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (c, d) in enumerate(zip(a, b)):
            yield from differences(c, d, f"{path}[{i}]")
    elif a != b or isinstance(a, bool) is not isinstance(b, bool):  # 2 and 2.0 say the same
        if path.rsplit(".")[-1] not in DROPPED or b != DROPPED[path.rsplit(".")[-1]]:
            yield f"{path}: {a} became {b}"


def stored(path):
    with zipfile.ZipFile(path) as archive:
        return renamed(plain(json.loads(archive.read("config.json"))))


def described(model, path):
    """The configuration that Keras writes for a model."""
    model.save(path)
    return stored(path)


def same(expected, actual, what):
    if len(expected) != len(actual):
        yield f"{what}: {len(expected)} became {len(actual)}"
    for i, (a, b) in enumerate(zip(expected, actual)):
        if a.shape != b.shape or a.dtype != b.dtype or not np.array_equal(a, b, equal_nan=True):
            yield f"{what} {i} differs"


def values(variables):
    return [np.asarray(variable) for variable in variables]


def predict(model, x):
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    return [np.asarray(y) for y in tf.nest.flatten(model.predict_on_batch(x if len(x) > 1 else x[0]))]


def near(expected, actual, rtol, atol, what):
    if len(expected) != len(actual):
        yield f"{what}: {len(expected)} outputs became {len(actual)}"
    for i, (a, b) in enumerate(zip(expected, actual)):
        if a.shape != b.shape or not np.allclose(b, a, rtol=rtol, atol=atol, equal_nan=True):
            yield f"{what}: output {i} differs" + (f" by {np.nanmax(np.abs(a - b))}" if a.shape == b.shape else "")


def heard(call, *arguments):
    """What a call returns, and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call(*arguments)
    return result, sorted({str(warning.message) for warning in caught})


def check(name):
    source = FILES / f"{name}.keras" if name in MODELS else CASES / name / "model.keras"
    original, expected = heard(keras.models.load_model, source)
    file = SAVED / f"{name}.keras"
    model, warned = heard(keras.models.load_model, file)
    if warned != expected:
        yield f"warnings: {warned}"
    fresh = keras.models.clone_model(model)
    warned = heard(fresh.load_weights, SAVED / f"{name}.weights.h5")[1]
    if warned and warned != expected:
        yield f"warnings of load_weights: {warned}"
    for found in differences(described(original, SAVED / "original.keras"), described(model, SAVED / "again.keras")):
        yield "config " + found
    for found in differences(stored(SAVED / "again.keras"), stored(file)):
        yield "file " + found
    yield from same(original.get_weights(), model.get_weights(), "weight")
    yield from same(original.get_weights(), fresh.get_weights(), "weight of load_weights")
    if getattr(original, "optimizer", None) is not None:
        if getattr(model, "optimizer", None) is None:
            yield "the optimizer is gone"
        else:
            yield from same(values(original.optimizer.variables), values(model.optimizer.variables), "optimizer variable")
    with np.load(SAVED / f"{name}.npz") as arrays:
        x = [arrays[f"x{i}"] for i in range(len(original.inputs))]
        y = [arrays[f"y{i}"] for i in range(len(original.outputs))]
    expected = predict(original, x)
    yield from near(expected, predict(model, x), 0, 1e-6, "predictions")
    yield from near(expected, predict(fresh, x), 0, 1e-6, "predictions after load_weights")
    yield from near(expected, y, 1e-5, 2e-6, "Rill's predictions")


def resumed(file):
    """Trains on from a model that ResumedTrainingTest has saved, as Rill has gone on after that."""
    model, warned = heard(keras.models.load_model, file)
    if warned:
        yield f"warnings: {warned}"
    other = keras.models.load_model(file)
    # Weights of which nothing is true any more, the optimizer's memory included; a built optimizer takes it from the file.
    for variable in other.variables + other.optimizer.variables:
        variable.assign(keras.ops.ones_like(variable))
    warned = heard(other.load_weights, file.with_suffix(".weights.h5"))[1]
    if warned:
        yield f"warnings of load_weights: {warned}"
    written = [config["compile_config"] for config in (described(model, SAVED / "again.keras"), stored(file))]
    yield from (f"compile {found}" for found in differences(*written) if not found.endswith(".config.delta: only in the second"))
    logs = json.loads(file.with_suffix(".json").read_text())["logs"]
    with np.load(file.with_suffix(".npz")) as arrays:
        for how, trained in (("load_model", model), ("load_weights", other)):
            for i, expected in enumerate(logs):
                actual = trained.train_on_batch(arrays[f"x{i}"], [arrays[f"y{i}_0"], arrays[f"y{i}_1"]],
                                                sample_weight=[arrays[f"w{i}"]] * 2, return_dict=True)
                if list(actual) != list(expected):
                    yield f"{how}: Rill logs {list(expected)}, Keras {list(actual)}"
                for name in expected:
                    if not np.isclose(actual[name], expected[name], rtol=1e-4, atol=1e-5):
                        yield f"{how}: update {i}, {name}: Rill {expected[name]}, Keras {actual[name]}"
            weights = [arrays[f"weight{i}"] for i in range(len(trained.get_weights()))]
            yield from near(weights, trained.get_weights(), 1e-4, 1e-5, f"weights after {how}")


def made(name):
    """What is amiss in a model that was described in Java."""
    file = SAVED / f"{name}.keras"
    model, warned = heard(keras.models.load_model, file)
    if warned:
        yield f"warnings: {warned}"
    for found in differences(described(model, SAVED / "again.keras"), stored(file)):
        yield "file " + found
    with np.load(SAVED / f"{name}.npz") as arrays:
        x = [arrays[f"x{i}"] for i in range(len(model.inputs))]
        y = [arrays[f"y{i}"] for i in range(len(model.outputs))]
    yield from near(predict(model, x), y, 1e-5, 2e-6, "Rill's predictions")


def structure():
    """What h5py finds amiss in files without a model."""
    for path in sorted(SAVED.glob("members_*.h5")):
        count = int(path.stem.split("_")[1])
        with h5py.File(path) as file:
            members = file["many"]
            if len(members) != count or members.attrs["name"] != f"group of {count}":
                yield f"{path.name}: {len(members)} members"
            for i in range(count):
                expected = (i + np.arange(4) / 8).astype(np.float32)[1:2 + i % 3]
                if not np.array_equal(members[str(i)], expected):
                    yield f"{path.name}: member {i} differs"
    with h5py.File(SAVED / "strings.h5") as file:
        for name, group in file.items():
            number = int(name.lstrip("groupln"))
            expected = "y" * number if name[0] == "l" else "ä😀" * (number % 7) + "x" * (number * 13 % 200)
            if list(group.attrs.values()) != [expected]:
                yield f"strings.h5: the attribute of {name} differs"


def main():
    names = sys.argv[1:] or sorted(path.parent.name for path in CASES.glob("*/model.keras")) + list(MODELS) \
        + sorted(path.stem for path in SAVED.glob("made_*.keras"))
    failed = 0
    for name in names:
        found = list(made(name) if name.startswith("made_") else check(name))
        failed += bool(found)
        for line in found[:8]:
            print(f"{name}: {line}", flush=True)
        keras.backend.clear_session()
    for file in sorted((SAVED / "resumed").glob("*.keras")) if not sys.argv[1:] else []:
        found = list(resumed(file))
        failed += bool(found)
        names.append(file.stem)
        for line in found[:8]:
            print(f"resumed {file.stem}: {line}", flush=True)
        keras.backend.clear_session()
    for line in structure():
        print(line, flush=True)
        failed += 1
    for scratch in ("original.keras", "again.keras"):
        (SAVED / scratch).unlink(missing_ok=True)
    print(f"{len(names)} models, {failed} failures")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
