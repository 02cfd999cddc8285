"""Records what Keras makes of your model, as a case that `rill verify` replays.

    python record_case.py MODEL.keras X.npy FOLDER             # predictions, in batches of 32
    python record_case.py MODEL.keras X.npy FOLDER --y Y.npy   # and five updates with the optimizer it was compiled with

From Python, for any calls in any order (states that go on, resets, training):

    from record_case import Case
    case = Case(model, "my_case")                  # saves the model as it is now
    case.call("predict_on_batch", x)
    case.call("reset_states")
    case.call("fit", x, y, batch_size=32, epochs=2, shuffle=False)
    case.write()
"""
import argparse
import json
from pathlib import Path

import keras
import numpy as np


class Case:
    def __init__(self, model, folder):
        self.model, self.folder, self.calls, self.arrays = model, Path(folder), [], {}
        self.folder.mkdir(parents=True)
        model.save(self.folder / "model.keras")

    def call(self, name, x=None, y=None, **options):
        """Makes a call of the model and keeps what went in and came out; options are Keras' own."""
        stateful = [layer for layer in self.model._flatten_layers(include_self=False) if getattr(layer, "stateful", False)]
        given = {key: value for key, value in (("x", x), ("y", y)) if value is not None}
        entry = {"call": name} | {key: self.names(keras.tree.flatten(value)) for key, value in given.items()} | options
        if options.get("sample_weight") is not None:
            entry["sample_weight"] = self.names([options["sample_weight"]])[0]
        how = {"verbose": 0} if name in ("predict", "evaluate", "fit") else {}
        how |= {"return_dict": True} if name in ("train_on_batch", "test_on_batch", "evaluate") else {}
        expect = {}
        if name == "reset_states":
            [layer.reset_states() for layer in stateful if options.get("layer", layer.name) == layer.name]
        else:
            result = getattr(self.model, name)(*given.values(), **options, **how)
            if name.startswith("predict"):
                expect["outputs"] = self.names(keras.tree.flatten(result))
            elif name == "fit":
                expect["history"] = result.history
            else:
                expect["logs"] = {key: float(value) for key, value in result.items()}
        if stateful:
            expect["states"] = {layer.name: self.names(layer.states) for layer in stateful}
        if name in ("fit", "train_on_batch"):
            expect["weights"] = {layer.name: self.names(layer.trainable_variables)
                                 for layer in self.model.layers if layer.trainable_variables}
        self.calls.append(entry | {"expect": expect})

    def names(self, arrays):
        first = len(self.arrays)
        names = [f"a{first + i:04d}" for i in range(len(arrays))]
        self.arrays |= {name: keras.ops.convert_to_numpy(array) for name, array in zip(names, arrays)}
        return names

    def write(self):
        head = f'"format": 1, "keras": "{keras.__version__}", "backend": "{keras.backend.backend()}"'
        calls = ",\n  ".join(map(json.dumps, self.calls))
        (self.folder / "calls.json").write_text(f'{{{head},\n "calls": [\n  {calls}]}}\n', encoding="utf-8")
        np.savez_compressed(self.folder / "arrays.npz", **self.arrays)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Records a case for rill verify.")
    [options.add_argument(name) for name in ("model", "x", "folder", "--y")]
    given = options.parse_args()
    case, x = Case(keras.saving.load_model(given.model), given.folder), np.load(given.x)
    case.call("predict", x, batch_size=32)
    for _ in range(5 if given.y else 0):
        case.call("train_on_batch", x, np.load(given.y))
    case.write()
