"""Trains the model of `rill demo` in real Keras and records what Keras forecasts with it, step by step.

    keras-venv/bin/pip install statsmodels         # on top of the environment of record.py
    keras-venv/bin/python testdata/demo.py         # about a minute

The series: monthly means of the CO2 record of Mauna Loa, March 1958 to December 2001, in ppm, from the weekly record in
`statsmodels.datasets.co2` (C. D. Keeling and T. P. Whorf, Atmospheric CO2 concentrations derived from flask air samples at sites
in the SIO network, Carbon Dioxide Information Analysis Center, Oak Ridge National Laboratory, 2004; public domain). The five
months without a sample are interpolated linearly; values are rounded to 0.01 ppm.

Written to src/main/resources/dev/rill/cli/demo:

series.csv    `date,value`: one month a line, date as YYYY-MM, value in ppm
demo.json     `scale` (ppm), `held_out` (the first month that training never saw), title, unit, source
model.keras   stateful LSTM(16), batch 1, any number of steps, one feature; Dense(1) at every step
forecast.csv  `date,output,forecast` for every held-out month: the model's own output (a float32) and the forecast in ppm

With v[0..n-1] the values of series.csv, as doubles, and month i in question:

    x[i] = (float) ((v[i] - v[i-1]) / scale)     input of the step at the end of month i, for i = 1, 2, ...
    y[i] = the model's output of that step       the state carries on from step to step, from zero before i = 1
    forecast of v[i+1] = v[i] + scale * y[i]     y widened to double

So the forecast for the first held-out month H comes out of the step with x[H-1]; the steps 1..H-2 before it warm the state up. Each
later step is given the true value of the month just past: forecasts are one month ahead.
"""
import json
from pathlib import Path

from record import keras, np, tf  # record chooses the backend: import it before anything of Keras

import statsmodels.api as sm
from keras import Input, Sequential
from keras.layers import LSTM, Dense

RESOURCES = Path(__file__).parent.parent / "src/main/resources/dev/rill/cli/demo"
SCALE = 1.2          # ppm; about one standard deviation of the change from month to month
HELD_OUT = "1992-01"
WINDOW, BLIND = 72, 24  # months in a training window, and those at its start that only fill the state
EPOCHS = 40


def series():
    weekly = sm.datasets.co2.load_pandas().data["co2"]
    monthly = weekly.resample("MS").mean().interpolate().round(2)
    return monthly.index.strftime("%Y-%m").tolist(), monthly.to_numpy()


def layers():
    return [LSTM(16, return_sequences=True), Dense(1)]


def trained(x):
    """Windows of the early years, each from zero state; the loss counts a month once two years have passed before it."""
    model = Sequential([Input((None, 1)), *layers()])
    starts = np.arange(len(x) - WINDOW)
    inputs = np.stack([x[start:start + WINDOW] for start in starts])[..., None]
    targets = np.stack([x[start + 1:start + WINDOW + 1] for start in starts])[..., None]
    counted = np.tile(np.arange(WINDOW) >= BLIND, (len(starts), 1)).astype("float32")
    batches = -(-len(starts) // 32)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * batches)), "mse")
    model.fit(inputs, targets, sample_weight=counted, batch_size=32, epochs=EPOCHS, verbose=0)
    return model


def streaming(model):
    """The same weights in a stateful model of one row, uncompiled."""
    layer, head = layers()
    layer = LSTM.from_config(layer.get_config() | {"stateful": True})
    twin = Sequential([Input(batch_shape=(1, None, 1)), layer, head], name="co2")
    twin.set_weights(model.get_weights())
    return twin


def main():
    keras.utils.set_random_seed(1)
    tf.config.experimental.enable_op_determinism()
    dates, v = series()
    held_out = dates.index(HELD_OUT)
    x = np.concatenate([[np.nan], np.diff(v) / SCALE]).astype("float32")  # x[0] does not exist

    fitted = trained(x[1:held_out])
    keras.utils.clear_session()
    model = streaming(fitted)
    RESOURCES.mkdir(parents=True, exist_ok=True)
    model.save(RESOURCES / "model.keras")

    y = np.full(len(v), np.nan, "float32")
    for month in range(1, len(v) - 1):
        y[month] = model.predict_on_batch(x[month].reshape(1, 1, 1))[0, 0, 0]
    forecast = np.full(len(v), np.nan)
    forecast[2:] = v[1:-1] + SCALE * y[1:-1].astype("float64")

    (RESOURCES / "series.csv").write_text("date,value\n" + "".join(f"{d},{value:.2f}\n" for d, value in zip(dates, v)))
    (RESOURCES / "forecast.csv").write_text("date,output,forecast\n" + "".join(
        f"{dates[i]},{y[i - 1]!s},{float(forecast[i])!r}\n" for i in range(held_out, len(v))))
    (RESOURCES / "demo.json").write_text(json.dumps({
        "title": "CO2 at Mauna Loa, monthly means", "unit": "ppm", "scale": SCALE, "held_out": HELD_OUT,
        "source": "C. D. Keeling and T. P. Whorf, CDIAC, Oak Ridge National Laboratory, 2004 (public domain); by way of statsmodels"},
        indent=1) + "\n")

    truth, last = v[held_out:], v[held_out - 1:-1]
    year_before = v[held_out - 12:-12] - v[held_out - 13:-13]
    for name, guess in (("last month's value", last), ("last year's change", last + year_before), ("model", forecast[held_out:])):
        error = truth - guess
        print(f"{name:20} mean absolute error {np.abs(error).mean():.3f} ppm, root mean square {np.sqrt((error ** 2).mean()):.3f} ppm")


if __name__ == "__main__":
    main()
