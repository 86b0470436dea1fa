"""VGG16 up to pool5 in Keras. Arguments: the file with the pixels (uint8 RGB, 224 x 224), threads. A line is a pass."""

import os
import sys
import time

threads = int(sys.argv[2])
os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": str(threads)})

try:
    import keras
    import numpy
except Exception:  # a package that is there and does not load cannot be compared with either
    print("absent")
    sys.exit()

if keras.backend.backend() == "tensorflow":
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)

images = numpy.fromfile(sys.argv[1], "uint8").reshape(-1, 224, 224, 3)
# Untrained: how long a pass takes does not depend on the weights.
network = keras.applications.VGG16(include_top=False, weights=None)


def once(batch):
    pixels = keras.applications.vgg16.preprocess_input(images.astype("float32"))
    started = time.perf_counter()
    network.predict(pixels, batch_size=batch, verbose=0)
    return time.perf_counter() - started


for size in (1, 4, 16):
    once(size)
batch = min((1, 4, 16), key=once)

print(f"Keras {keras.__version__} on {keras.backend.backend()}, {batch} images a batch", flush=True)
for line in sys.stdin:
    print(once(batch), flush=True)
