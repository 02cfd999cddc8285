"""Writes one LSTM for each size and length that OnnxRuntime.java measures: models.py FOLDER."""
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZES = [(16, 32), (32, 32), (64, 64), (64, 128), (128, 256), (512, 512), (1024, 1024)]


def lstm(inputs, units):
    random = np.random.default_rng(1)

    def weights(name, *shape):
        return numpy_helper.from_array(random.uniform(-0.05, 0.05, shape).astype(np.float32), name)

    def value(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    node = helper.make_node("LSTM", ["x", "w", "r", "b", "", "h", "c"], ["y", "new_h", "new_c"], hidden_size=units)
    graph = helper.make_graph(
        [node], "lstm",
        [value("x", "steps", "rows", inputs), value("h", 1, "rows", units), value("c", 1, "rows", units)],
        [value("y", "steps", 1, "rows", units), value("new_h", 1, "rows", units), value("new_c", 1, "rows", units)],
        [weights("w", 1, 4 * units, inputs), weights("r", 1, 4 * units, units), weights("b", 1, 8 * units)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


for size in SIZES:
    onnx.save(lstm(*size), Path(sys.argv[1]) / f"{size[0]}-{size[1]}.onnx")
