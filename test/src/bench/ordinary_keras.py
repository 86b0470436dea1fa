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


def made(jit):
    """A network as Keras begins it, with initial weights of its own."""
    network = keras.Sequential([keras.layers.Input((25088,)), *dense(512), *dense(512), keras.layers.Dense(2, "softmax")])
    network.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", jit_compile=jit)
    return network


def begin(network):
    """The weights that all sides begin with."""
    for layer, name, shape in ((0, "first", (25088, 512)), (3, "second", (512, 512))):
        network.layers[layer].set_weights([values(name, *shape)])
    network.layers[6].set_weights([values("output", 512, 2), numpy.zeros(2, "float32")])


def train(network, epochs):
    return network.fit(rows, labels, batch_size=batch, epochs=epochs, shuffle=False, verbose=0).history["loss"]


def clocked(work):
    started, cpu_started = time.perf_counter(), cpu()
    result = work()
    return result, numpy.array([time.perf_counter() - started, cpu() - cpu_started])


def started(jit):
    """A new network after its first epoch, in which Keras traces and XLA compiles; what both took."""
    network, making = clocked(lambda: made(jit))
    begin(network)
    losses, training = clocked(lambda: train(network, 1))
    return network, losses, making + training


def whole(jit):
    """CPU time of twenty epochs, told from the first two."""
    network, _, first = started(jit)
    return (first + 19 * clocked(lambda: train(network, 1))[1])[1]


# Once unmeasured: what the library does only once in a process.
whole(True)
quicker = min((False, True), key=whole)
network = None

print(f"Keras {keras.__version__} on {keras.backend.backend()}{', jit_compile' if quicker else ''}", flush=True)
for line in sys.stdin:
    if line.strip() == "new":
        network = None
        network, losses, took = started(quicker)
    else:
        losses, took = clocked(lambda: train(network, int(line)))
    turn = {"seconds": took[0], "cpuSeconds": took[1], "losses": losses}
    turn["peakMegabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(turn), flush=True)
