"""Makes what the pages use: a series of measurements, and a model that Keras trains on it to forecast the next load.

    python make.py        # sensors.csv, model.keras, x.npy, y.npy, targets.npy, high.npy, beside this file
"""
import os
from pathlib import Path

os.environ.update(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3")

import keras
import numpy as np
from keras.layers import LSTM, Dense

here = Path(__file__).parent
keras.utils.set_random_seed(1)
hours = np.arange(600)
noise = np.random.default_rng(1).normal(0, 0.05, (600, 3))
temperature = np.sin(2 * np.pi * hours / 24) + 0.5 * np.sin(2 * np.pi * hours / 160) + noise[:, 0]
sunshine = np.clip(np.sin(2 * np.pi * (hours - 3) / 24), 0, None) + noise[:, 1]
load = 0.6 * np.cos(2 * np.pi * hours / 24) - 0.4 * np.roll(temperature, 2) + noise[:, 2]
series = np.stack([temperature, sunshine, load], axis=1).round(3).astype("float32")
np.savetxt(here / "sensors.csv", series, "%.3f", ",", header="temperature,sunshine,load", comments="")

x = series[:-1].reshape(-1)[: 19 * 31 * 3].reshape(19, 31, 3)
y = series[1:, 2:].reshape(-1)[: 19 * 31].reshape(19, 31, 1)
model = keras.Sequential([keras.Input((None, 3)), LSTM(16, return_sequences=True), Dense(1)])
model.compile("adam", "mse")
model.fit(x[:16], y[:16], batch_size=4, epochs=60, verbose=0)
print("mean squared error on hours it has not seen:", model.evaluate(x[16:], y[16:], verbose=0))
model.save(here / "model.keras")
np.save(here / "x.npy", x[16:])
np.save(here / "y.npy", model.predict(x[16:], verbose=0))
np.save(here / "targets.npy", y[16:])
np.save(here / "high.npy", (y[16:] > 0.5).astype("float32"))
