"""Reads the event files that Rill's TensorBoard callback has written, with real TensorBoard, and holds them against the CSV log of the same run.

    rill train MODEL DATA --validate 0.2 --tensorboard FOLDER --log LOG.csv -o OUT.keras
    keras-venv/bin/python testdata/events.py FOLDER LOG.csv
"""
import csv
import sys

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util


def read(folder):
    events = EventAccumulator(folder, size_guidance={"tensors": 0})
    events.Reload()
    return {tag: [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)]
            for tag in events.Tags()["tensors"]}, events


def main():
    folder, log = sys.argv[1:]
    train, events = read(f"{folder}/train")
    validation, _ = read(f"{folder}/validation")
    with open(log) as file:
        lines = list(csv.DictReader(file))
    checked = 0
    for name in lines[0]:
        if name in ("epoch", "learning_rate"):
            continue
        where, tag = (validation, f"epoch_{name[4:]}") if name.startswith("val_") else (train, f"epoch_{name}")
        expected = [(int(line["epoch"]), np.float32(line[name])) for line in lines if line[name] != "NA"]
        assert [(step, np.float32(value)) for step, value in where[tag]] == expected, tag
        checked += len(expected)
    plugins = {tag: events.SummaryMetadata(tag).plugin_data.plugin_name for tag in train}
    histograms = [tag for tag, plugin in plugins.items() if plugin == "histograms"]
    for tag in histograms:
        for _, buckets in train[tag]:
            assert buckets.shape == (30, 3) and (buckets[:, 1] >= buckets[:, 0]).all() and buckets[:, 2].sum() > 0, tag
    texts = [tag for tag, plugin in plugins.items() if plugin == "text"]
    print(f"{checked} figures as in the log; histograms: {', '.join(histograms) or 'none'}; texts: {', '.join(texts)}")


main()
