"""Writes the LSTM of each size and the readers of windows that OnnxRuntime.java measures: models.py FOLDER."""
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZES = [(16, 32), (32, 32), (64, 64), (64, 128), (128, 256), (512, 512), (1024, 1024)]


random = np.random.default_rng(1)


def weights(name, *shape):
    return numpy_helper.from_array(random.uniform(-0.05, 0.05, shape).astype(np.float32), name)


def value(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def model(graph):
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


def lstm(inputs, units):
    node = helper.make_node("LSTM", ["x", "w", "r", "b", "", "h", "c"], ["y", "new_h", "new_c"], hidden_size=units)
    graph = helper.make_graph(
        [node], "lstm",
        [value("x", "steps", "rows", inputs), value("h", 1, "rows", units), value("c", 1, "rows", units)],
        [value("y", "steps", 1, "rows", units), value("new_h", 1, "rows", units), value("new_c", 1, "rows", units)],
        [weights("w", 1, 4 * units, inputs), weights("r", 1, 4 * units, units), weights("b", 1, 8 * units)])
    return model(graph)


class Window:
    """A chain of layers on (rows, steps, 8), in the form in which models come from Keras: rows first, time made first for an LSTM."""

    def __init__(self):
        self.nodes, self.constants, self.at = [], [], "x"

    def add(self, kind, *constants, **options):
        name = f"s{len(self.nodes)}"
        self.constants += constants
        self.nodes.append(helper.make_node(kind, [self.at] + [c.name for c in constants], [name], **options))
        self.at = name
        return self

    def convolution(self, inputs, filters, size):
        n = len(self.nodes)
        return (self.add("Transpose", perm=[0, 2, 1])
                .add("Conv", weights(f"k{n}", filters, inputs, size), weights(f"b{n}", filters))
                .add("Relu").add("Transpose", perm=[2, 0, 1]))

    def recurrent(self, inputs, units, sequences, directions=1):
        n = len(self.nodes)
        constants = [weights(f"w{n}", directions, 4 * units, inputs), weights(f"r{n}", directions, 4 * units, units),
                     weights(f"b{n}", directions, 8 * units)]
        self.constants += constants
        names = [f"s{n}", f"h{n}"]
        self.nodes.append(helper.make_node("LSTM", [self.at] + [c.name for c in constants], names, hidden_size=units,
                                           direction="bidirectional" if directions == 2 else "forward"))
        self.at = names[0 if sequences else 1]
        if sequences:
            return self.add("Squeeze", numpy_helper.from_array(np.array([1]), f"one{n}"))
        return (self.add("Transpose", perm=[1, 0, 2])
                .add("Reshape", numpy_helper.from_array(np.array([-1, directions * units]), f"flat{n}")))

    def save(self, name, width):
        self.nodes[-1].output[0] = "y"
        graph = helper.make_graph(self.nodes, name, [value("x", "rows", "steps", 8)], [value("y", "rows", width)], self.constants)
        onnx.save(model(graph), Path(sys.argv[1]) / f"window-{name}.onnx")


Window().add("Transpose", perm=[1, 0, 2]).recurrent(8, 64, True).recurrent(64, 64, False).save("stacked", 64)
Window().add("Transpose", perm=[1, 0, 2]).recurrent(8, 64, False, 2).save("bidirectional", 128)
Window().convolution(8, 64, 5).recurrent(64, 64, False).save("convolution", 64)

for size in SIZES:
    onnx.save(lstm(*size), Path(sys.argv[1]) / f"{size[0]}-{size[1]}.onnx")
