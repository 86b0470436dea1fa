"""Ordinary training of the published head in Keras, one thread. Argument: the folder with the data."""

import json
import os
import resource
import sys
import time

os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"})

try:
    import keras
    import numpy
except Exception:  # a package that is there and does not load cannot be compared with either
    print("absent")
    sys.exit()

if keras.backend.backend() == "tensorflow":
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)

folder = sys.argv[1]
labels = numpy.fromfile(os.path.join(folder, "labels.i32"), "int32")
batch = 20


def values(name, *shape):
    return numpy.fromfile(os.path.join(folder, name + ".f32"), "float32").reshape(shape)


rows = values("rows", len(labels), 25088)


def dense(units):
    return [keras.layers.Dense(units, use_bias=False), keras.layers.BatchNormalization(epsilon=1e-3), keras.layers.ReLU()]


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def compiled(jit):
    """A network from the given weights, after one epoch that is not counted: XLA compiles in it."""
    network = keras.Sequential([keras.layers.Input((25088,)), *dense(512), *dense(512), keras.layers.Dense(2, "softmax")])
    network.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", jit_compile=jit)
    train(network, 1)
    for layer, name, shape in ((0, "first", (25088, 512)), (3, "second", (512, 512))):
        network.layers[layer].set_weights([values(name, *shape)])
    network.layers[6].set_weights([values("output", 512, 2), numpy.zeros(2, "float32")])
    for layer in (1, 4):
        network.layers[layer].set_weights([numpy.ones(512), numpy.zeros(512), numpy.zeros(512), numpy.ones(512)])
    return network


def train(network, epochs):
    return network.fit(rows, labels, batch_size=batch, epochs=epochs, shuffle=False, verbose=0)


def cost(network):
    started = cpu()
    train(network, 1)
    return cpu() - started


quicker = min((False, True), key=lambda jit: cost(compiled(jit)))
network = compiled(quicker)

print(f"Keras {keras.__version__} on {keras.backend.backend()}{', jit_compile' if quicker else ''}", flush=True)
for line in sys.stdin:
    started, cpu_started = time.perf_counter(), cpu()
    history = train(network, int(line))
    turn = {"seconds": time.perf_counter() - started, "cpuSeconds": cpu() - cpu_started, "losses": history.history["loss"]}
    turn["peakMegabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(turn), flush=True)
