"""Writes the files that the reader tests read, and what h5py and numpy read from them.

Run with Keras 3.15.1 (TensorFlow backend), h5py and numpy: CUDA_VISIBLE_DEVICES= python testdata/formats/make.py
values.npz holds every data set of every HDF5 file as h5py reads it ("FILE/PATH"), attributes.json every attribute.
"""
import io
import json
import os
import zipfile

import h5py
import keras
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
os.chdir(HERE)
keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)


def models():
    model = keras.Sequential([
        keras.Input(batch_shape=(2, 5, 4)),
        keras.layers.LSTM(3, stateful=True, return_sequences=True, name="memory"),
        keras.layers.Dense(2, activation="softmax", name="ausgang"),
    ], name="small")
    model.compile(optimizer="adam", loss="mean_squared_error")
    model.train_on_batch(rng.normal(size=(2, 5, 4)), rng.random((2, 5, 2)))
    model.save("lstm.keras")
    model.save_weights("lstm.weights.h5")
    model.save("legacy.h5")
    a = keras.Input((None, 2), name="a")
    b = keras.Input((None,), name="b", dtype="int32")
    e = keras.layers.Embedding(5, 2, name="emb")(b)
    x = keras.layers.Concatenate()([a, e])
    x = keras.layers.Bidirectional(keras.layers.GRU(2, return_sequences=True))(x)
    x = keras.layers.RNN([keras.layers.LSTMCell(2), keras.layers.SimpleRNNCell(1)])(x)
    keras.Model([a, b], [x, keras.layers.Dense(1, use_bias=False)(x)], name="graph").save("graph.keras")
    with zipfile.ZipFile("graph.keras") as source, \
            zipfile.ZipFile("graph.deflated.keras", "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))


def types():
    with h5py.File("types.h5", "w") as f:
        for name in ("float16", "float32", "float64"):
            f[name] = np.array([[0, -0.0, 1.5], [np.inf, -2, 6e-8]], name)
        f["nan"] = np.array([np.nan], "float32")
        for name in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"):
            i = np.iinfo(name)
            f[name] = np.array([i.min, 0, 1, i.max], name)
        f["bool"] = np.array([True, False, True])
        f["bfloat16"] = np.array([0x3F80, 0xC049, 0x7F80], "<u2").view("V2")
        f["bfloat16"].attrs["dtype"] = "bfloat16"
        f["opaque"] = np.array([1, 2], "<u2").view("V2")
        f["scalar"] = np.float32(2.5)
        f["empty"] = np.zeros((0, 3), "float32")
        f["uint64"] = np.array([1], "uint64")
        f["big_endian"] = np.array([1.5], ">f4")
        f["text"] = "a string"
        f.create_dataset("chunked", data=np.arange(100, dtype="float32"), chunks=(10,))
        f.create_dataset("gzip", data=np.arange(100, dtype="float32"), compression="gzip")
        f.create_dataset("unwritten", shape=(4,), dtype="float32")
        f.create_dataset("null", data=h5py.Empty("float32"))
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        data = np.array([1, 2, 3], "float32")
        h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((3,)), compact).write(
            h5py.h5s.ALL, h5py.h5s.ALL, data)
        f.create_dataset("external", shape=(2,), dtype="float32", external=[("elsewhere.bin", 0, 8)])
        f.attrs["number"] = 3
        f.attrs["none"] = []
        f.attrs["words"] = ["eins", "zwei", "drü"]
        f.attrs["fixed"] = np.array([b"kernel:0", b"bias:0"])
        f.attrs["fixed_one"] = np.bytes_(b"tensorflow")
        for i in range(3):
            f.attrs[f"split{i}"] = [f"part{i}", "x"]
    with h5py.File("soft_link.h5", "w") as f:
        f["a"] = np.float32(1)
        f["b"] = h5py.SoftLink("/a")
    with h5py.File("external_link.h5", "w") as f:
        f["b"] = h5py.ExternalLink("types.h5", "/float32")
    with h5py.File("hard_link.h5", "w") as f:
        f["group/a"] = np.float32(1)
        f["group/again"] = f["group"]
    for version in ("latest", "v108"):
        with h5py.File(f"{version}.h5", "w", libver=version) as f:
            f["a"] = np.float32(1)
    with h5py.File("user_block.h5", "w", userblock_size=512) as f:
        f["a"] = np.float32(1)
    many = io.BytesIO()
    with h5py.File(many, "w") as f:
        group = f.create_group("many")
        for i in range(600):
            group[str(i)] = np.float32(i)
            group.create_group(f"group{i}").attrs["name"] = f"layer {i}"
    with zipfile.ZipFile("many.zip", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("many.h5", many.getvalue())


def keras2():
    """A weights file as Keras 2 wrote it: fixed-length byte strings, time stamps, ':0' in the names."""
    with h5py.File("keras2.h5", "w") as f:
        f.attrs["layer_names"] = np.array([b"lstm_1", b"dense_1"])
        f.attrs["backend"] = np.bytes_(b"tensorflow")
        f.attrs["keras_version"] = np.bytes_(b"2.3.1")
        for layer, shapes in (("lstm_1", {"kernel": (2, 12), "recurrent_kernel": (3, 12), "bias": (12,)}),
                              ("dense_1", {"kernel": (3, 1), "bias": (1,)})):
            group = f.create_group(layer)
            group.attrs["weight_names"] = np.array([f"{layer}/{name}:0".encode() for name in shapes])
            for name, shape in shapes.items():
                data = rng.normal(size=shape).astype("float32")
                group.create_dataset(f"{layer}/{name}:0", data=data, track_times=True)


def arrays():
    named = {
        "half": np.array([1.5, -2, 65504, 6e-8], "<f2"),
        "single": rng.normal(size=(2, 3, 4)).astype("<f4"),
        "double": rng.normal(size=(5,)),
        "byte": np.array([[-128, 127]], "i1"),
        "octet": np.array([0, 255], "u1"),
        "short": np.array([-32768, 32767], "<i2"),
        "word": np.array([0, 65535], "<u2"),
        "integer": np.array([-2**31, 2**31 - 1], "<i4"),
        "unsigned": np.array([0, 2**32 - 1], "<u4"),
        "long": np.array([-2**63, 2**63 - 1, 2**53 + 1], "<i8"),
        "flags": np.array([[True], [False]]),
        "scalar": np.float32(7),
        "empty": np.zeros((3, 0), "<f4"),
        "fortran": np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)),
    }
    np.savez("plain.npz", **named)
    np.savez_compressed("packed.npz", **named)
    np.save("single.npy", named["single"])
    np.save("big_endian.npy", np.array([1.5], ">f4"))
    np.save("objects.npy", np.array([{}, None], dtype=object))
    np.save("fields.npy", np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
    np.save("complex.npy", np.zeros(2, "<c8"))
    for version in ((2, 0), (3, 0)):
        with open(f"version{version[0]}.npy", "wb") as f:
            np.lib.format.write_array(f, named["single"], version=version)


READABLE = ("float16", "float32", "float64", "nan", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64",
            "bool", "bfloat16", "scalar", "empty", "compact")


def recorded():
    values, attributes = {}, {}

    def read(name, source):
        with h5py.File(source, "r") as f:
            def visit(path, item):
                here = attributes.setdefault(name, {}).setdefault(path, {})
                for key, value in item.attrs.items():
                    if isinstance(value, np.ndarray):
                        value = value.tolist()
                    if isinstance(value, list):
                        value = [v.decode() if isinstance(v, bytes) else v for v in value]
                    value = value.decode() if isinstance(value, bytes) else value
                    here[key] = value if isinstance(value, (str, list)) else str(value)
                if isinstance(item, h5py.Dataset) and name != "types.h5" or path in READABLE:
                    data = item[()]
                    values[f"{name}/{path}"] = data.view("<u2") if data.dtype.kind == "V" else data
            visit("", f)
            f.visititems(visit)

    for name in ("lstm.keras", "graph.keras"):
        with zipfile.ZipFile(name) as z:
            read(name, io.BytesIO(z.read("model.weights.h5")))
    for name in ("lstm.weights.h5", "legacy.h5", "keras2.h5", "types.h5"):
        read(name, name)
    np.savez_compressed("values.npz", **values)
    with open("attributes.json", "w") as f:
        json.dump(attributes, f, indent=1)


models()
types()
keras2()
arrays()
recorded()
