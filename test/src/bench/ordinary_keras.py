"""Ordinary training of the published head in Keras, one thread: epochs wanted per line in, measured seconds out."""

import json
import os
import resource
import sys
import time

os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"})

try:
    import keras
    import numpy
except ImportError:
    print("absent")
    sys.exit()

if keras.backend.backend() == "tensorflow":
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)

count, batch = int(sys.argv[1]), int(sys.argv[2])
random = numpy.random.default_rng(1)
rows = (random.random((count, 25088), numpy.float32) ** 3 * 60 * (random.random((count, 25088)) < 0.2)).astype("float32")
labels = numpy.arange(count) % 2


def dense(units):
    return [keras.layers.Dense(units, use_bias=False), keras.layers.BatchNormalization(epsilon=1e-3), keras.layers.ReLU()]


network = keras.Sequential([keras.layers.Input((25088,)), *dense(512), *dense(512), keras.layers.Dense(2, "softmax")])
network.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


print(f"Keras {keras.__version__} on {keras.backend.backend()}", flush=True)
for line in sys.stdin:
    started, cpu_started = time.perf_counter(), cpu()
    network.fit(rows, labels, batch_size=batch, epochs=int(line), shuffle=False, verbose=0)
    print(json.dumps({"seconds": time.perf_counter() - started, "cpuSeconds": cpu() - cpu_started}), flush=True)
