"""Writes HDF5 files in the forms that h5py has beside its default one, and what h5py reads from them.

    keras-venv/bin/python testdata/formats/hdf5.py      # h5py and numpy

stored.h5          data sets in every storage, h5py's defaults: chunks (B-tree version 1), gzip, shuffle, fletcher32, either byte order
stored_latest.h5   the same with libver="latest": layouts of version 4 with each kind of index
links.h5           names outside ASCII: groups of the new style, few links (compact) and many (dense), below old ones
links_latest.h5    libver="latest", in the order of creation: dense links and attributes on several levels of a B-tree and a heap
soft.h5            soft and external links beside a data set
stored.npz         every data set ("FILE/PATH"), links.json every name and attribute ("FILE": {"PATH": {...}})
"""
import json
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
os.chdir(HERE)


def numbers(*shape):
    return (np.arange(np.prod(shape)) % 251 - 100).reshape(shape).astype("float32") / 8


def early(f, name, data, chunks):
    """A data set whose chunks are laid out when it is made: libver="latest" gives it no index."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk(chunks)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    h5py.h5d.create(f.id, name.encode(), h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(data.shape), properties).write(
        h5py.h5s.ALL, h5py.h5s.ALL, data)


def stored(file, libver):
    with h5py.File(file, "w", libver=libver) as f:
        f["plain"] = numbers(3, 4)
        f["scalar"] = np.float32(2.5)
        f["empty"] = np.zeros((0, 3), "float32")
        f["bool"] = np.array([True, False, True])
        for name in (">f2", ">f4", ">f8", ">i2", ">i4", ">i8", ">u2"):
            f[f"big{name[1:]}"] = np.array([0, 1, 2, 1000], name)
        f.create_dataset("one", data=numbers(5, 7), chunks=(5, 7))
        f.create_dataset("one_gzip", data=numbers(5, 7), chunks=(5, 7), compression="gzip")
        f.create_dataset("chunks", data=numbers(5, 7), chunks=(2, 3))
        f.create_dataset("chunks3", data=numbers(3, 5, 7), chunks=(2, 2, 4))
        f.create_dataset("line", data=numbers(100), chunks=(7,))
        f.create_dataset("gzip", data=numbers(5, 7), chunks=(2, 3), compression="gzip")
        f.create_dataset("shuffle", data=numbers(5, 7), chunks=(2, 3), shuffle=True)
        f.create_dataset("fletcher32", data=numbers(5, 7), chunks=(2, 3), fletcher32=True)
        f.create_dataset("all", data=numbers(20, 30), chunks=(8, 9), compression="gzip", shuffle=True, fletcher32=True)
        f.create_dataset("all_big", data=numbers(20, 30).astype(">f8"), chunks=(8, 9), compression="gzip", shuffle=True)
        f.create_dataset("odd", data=np.arange(7, dtype="int8"), chunks=(7,), fletcher32=True)
        f.create_dataset("guessed", data=numbers(40, 50), chunks=True, compression="gzip", compression_opts=9)
        early(f, "early", numbers(5, 7), (2, 3))
        f.create_dataset("paged", data=np.arange(2500, dtype="int8"), chunks=(1,))
        f.create_dataset("growing", data=numbers(200, 3), chunks=(1, 2), maxshape=(None, 3))
        f.create_dataset("growing_gzip", data=numbers(30, 3), chunks=(2, 2), maxshape=(40, None), compression="gzip")
        f.create_dataset("bounded", data=numbers(5, 7), chunks=(2, 3), maxshape=(11, 12))
        f.create_dataset("grown", data=numbers(9, 6), chunks=(2, 2), maxshape=(None, None), compression="gzip")
        f.create_dataset("free", data=numbers(60, 6), chunks=(2, 2), maxshape=(None, None))
        f["grown"].resize((5, 5))
        f.create_dataset("unwritten", shape=(4, 4), dtype="float32", chunks=(2, 2))
        f.create_dataset("partly", shape=(4, 4), dtype="float32", chunks=(2, 2))[:2] = 1
        f.create_dataset("lzf", data=numbers(5, 7), chunks=(2, 3), compression="lzf")
        f.attrs["words"] = ["eins", "zwei", "drü"]


def links():
    with h5py.File("links.h5", "w") as f:
        f["few/glättung"] = np.float32(1)
        f["few/plain"] = np.float32(2)
        f["few"].attrs["größe"] = "drüben"
        for i in range(40):
            f[f"many/schätzung_{i}"] = np.float32(i)
        f["tree/straße/länge/x"] = np.float32(3)
    with h5py.File("links_latest.h5", "w", libver="latest", track_order=True) as f:
        for i in range(300):
            f[f"many/a member with a rather long name, number {i}"] = np.float32(i)
        f["few/a"] = np.float32(1)
        for i in range(30):
            f["few"].attrs[f"attribute {i}"] = f"value {i}"
        f["few/a"].attrs["large"] = np.array(["x" * 600] * 120, "S600")
        f["few/a"].attrs["small"] = "y"
    with h5py.File("soft.h5", "w") as f:
        f["a"] = np.float32(1)
        f["b"] = h5py.SoftLink("/a")
        f["c"] = h5py.ExternalLink("links.h5", "/few")


def recorded():
    values, names = {}, {}
    for file in ("stored.h5", "stored_latest.h5", "links.h5", "links_latest.h5"):
        with h5py.File(file) as f:
            def visit(path, item):
                names.setdefault(file, {})[path] = {
                    key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in item.attrs.items()}
                if isinstance(item, h5py.Dataset) and path not in ("unwritten", "partly", "lzf"):
                    data = item[()]
                    values[f"{file}/{path}"] = data.astype(data.dtype.newbyteorder("<"))
            visit("", f)
            f.visititems(visit)
    np.savez_compressed("stored.npz", **values)
    with open("links.json", "w") as out:
        json.dump(names, out, indent=0, default=lambda value: value.decode())


stored("stored.h5", None)
stored("stored_latest.h5", "latest")
links()
recorded()
