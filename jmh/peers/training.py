"""One training batch of PyTorch, Keras and Rill, one thread each, in turn: LSTM, softmax on its last step, RMSprop; ms."""
import json
import os
import statistics
import subprocess
import time

os.environ.update(CUDA_VISIBLE_DEVICES="", KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", OMP_NUM_THREADS="1")

import keras
import numpy as np
import tensorflow as tf
import torch

SHAPES = [(32, 10, 16, 32), (32, 50, 64, 128), (64, 100, 128, 256)]
ROUNDS = 3
SECONDS = 2

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
torch.set_num_threads(1)


def data(rows, steps, inputs):
    random = np.random.default_rng(1)
    x = random.uniform(-1, 1, (rows, steps, inputs)).astype(np.float32)
    return x, np.arange(rows) % inputs


def of_torch(rows, steps, inputs, units):
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = torch.nn.LSTM(inputs, units, batch_first=True)
            self.dense = torch.nn.Linear(units, inputs)

        def forward(self, x):
            return self.dense(self.lstm(x)[0][:, -1])

    net = Net()
    optimizer = torch.optim.RMSprop(net.parameters())
    x, targets = map(torch.from_numpy, data(rows, steps, inputs))

    def batch():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), targets).backward()
        optimizer.step()

    return batch


def of_keras(rows, steps, inputs, units):
    model = keras.Sequential([
        keras.Input((steps, inputs)), keras.layers.LSTM(units), keras.layers.Dense(inputs, activation="softmax")])
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    # Without the loop around it: tensors that are there already, one call of the compiled function.
    x, targets = map(tf.constant, data(rows, steps, inputs))
    return lambda: model.train_on_batch(x, targets)


def of_rill(rows, steps, inputs, units):
    command = ["java", "-p", "target/rill.jar", "-m", "dev.rill", "bench", "--layer", "lstm", "--train", "--json"]
    sizes = {"--input": inputs, "--units": units, "--batch": rows, "--steps": steps, "--seconds": SECONDS}
    for option, value in sizes.items():
        command += [option, str(value)]
    printed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    result = json.loads(printed)
    if not result["kernels"].startswith("simd"):
        raise SystemExit(f"SIMD has not taken over: {result['kernels']}")
    return result["ns_per_call"]["p50"] / 1e6


def millis(batch):
    times = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        batch()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


print(f"PyTorch {torch.__version__}, Keras {keras.__version__} on TensorFlow {tf.__version__}\n")
print("| rows, steps, inputs, units | Rill | PyTorch | Keras | better of both / Rill |\n|---|---|---|---|---|")
for shape in SHAPES:
    peers = [of_torch(*shape), of_keras(*shape)]
    for batch in peers:
        batch(), batch()
    rounds = [[of_rill(*shape)] + [millis(batch) for batch in peers] for _ in range(ROUNDS)]
    rill, pytorch, keras_ = (statistics.median(column) for column in zip(*rounds))
    ratio = min(pytorch, keras_) / rill
    print(f"| {', '.join(map(str, shape))} | {rill:.3g} ms | {pytorch:.3g} ms | {keras_:.3g} ms | {ratio:.2f} |", flush=True)
