"""VGG16 up to pool5 in PyTorch. Arguments: the file with the pixels (uint8 RGB, 224 x 224), threads. A line is a pass."""

import sys
import time

try:
    import torch
    from torch import nn
except Exception:  # a package that is there and does not load cannot be compared with either
    print("absent")
    sys.exit()

torch.set_num_threads(int(sys.argv[2]))
with open(sys.argv[1], "rb") as file:
    images = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(-1, 224, 224, 3)
means = torch.tensor([103.939, 116.779, 123.68]).reshape(1, 3, 1, 1)

layers = []
channels = 3
for width, convolutions in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
    for _ in range(convolutions):
        layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
        channels = width
    layers.append(nn.MaxPool2d(2))
# Untrained: how long a pass takes does not depend on the weights.
network = nn.Sequential(*layers).eval()


def once(batch):
    pixels = images.permute(0, 3, 1, 2).flip(1).float() - means
    started = time.perf_counter()
    with torch.inference_mode():
        for part in pixels.split(batch):
            network(part)
    return time.perf_counter() - started


for size in (1, 4, 16):
    once(size)
batch = min((1, 4, 16), key=once)

print(f"PyTorch {torch.__version__}, {batch} images a batch", flush=True)
for line in sys.stdin:
    print(once(batch), flush=True)
