"""Ordinary training of the published head in PyTorch, one thread. Argument: the folder with the data."""

import json
import os
import resource
import sys
import time

try:
    import torch
    from torch import nn
except Exception:  # a package that is there and does not load cannot be compared with either
    print("absent")
    sys.exit()

torch.set_num_threads(1)
folder = sys.argv[1]
batch = 20


def values(name, kind, *shape):
    return torch.from_file(os.path.join(folder, name), size=os.path.getsize(os.path.join(folder, name)) // 4, dtype=kind).reshape(shape).clone()


labels = values("labels.i32", torch.int32, -1).long()
count = len(labels)
rows = values("rows.f32", torch.float32, count, 25088)
loss_of = nn.CrossEntropyLoss()


def made():
    """A network as PyTorch begins it, with initial weights of its own."""
    network = nn.Sequential(
        nn.Linear(25088, 512, bias=False), nn.BatchNorm1d(512, eps=1e-3), nn.ReLU(),
        nn.Linear(512, 512, bias=False), nn.BatchNorm1d(512, eps=1e-3), nn.ReLU(),
        nn.Linear(512, 2),
    )
    return network, torch.optim.SGD(network.parameters(), lr=0.01)


def begin(network):
    """The weights that all sides begin with."""
    with torch.no_grad():
        for layer, name, shape in ((0, "first", (25088, 512)), (3, "second", (512, 512)), (6, "output", (512, 2))):
            network[layer].weight.copy_(values(name + ".f32", torch.float32, *shape).T)
        network[6].bias.zero_()


def train(network, optimiser, epochs):
    losses = []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, count, batch):
            optimiser.zero_grad()
            loss = loss_of(network(rows[start:start + batch]), labels[start:start + batch])
            loss.backward()
            optimiser.step()
            total += loss.item()
        losses.append(total / -(-count // batch))
    return losses


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def clocked(work):
    started, cpu_started = time.perf_counter(), cpu()
    result = work()
    return result, time.perf_counter() - started, cpu() - cpu_started


print(f"PyTorch {torch.__version__}", flush=True)
pair = None
for line in sys.stdin:
    making = (0.0, 0.0)
    if line.strip() == "new":
        pair = None
        pair, *making = clocked(made)
        begin(pair[0])
    epochs = 1 if line.strip() == "new" else int(line)
    losses, *training = clocked(lambda: train(*pair, epochs))
    turn = {"seconds": making[0] + training[0], "cpuSeconds": making[1] + training[1], "losses": losses}
    turn["peakMegabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(turn), flush=True)
