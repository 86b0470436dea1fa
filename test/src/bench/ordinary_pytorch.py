"""Ordinary training of the published head in PyTorch, one thread: epochs wanted per line in, measured seconds out."""

import json
import resource
import sys
import time

try:
    import torch
    from torch import nn
except ImportError:
    print("absent")
    sys.exit()

torch.set_num_threads(1)
count, batch = int(sys.argv[1]), int(sys.argv[2])
torch.manual_seed(1)
rows = torch.rand(count, 25088) ** 3 * 60 * (torch.rand(count, 25088) < 0.2)
labels = torch.arange(count) % 2
network = nn.Sequential(
    nn.Linear(25088, 512, bias=False), nn.BatchNorm1d(512, eps=1e-3), nn.ReLU(),
    nn.Linear(512, 512, bias=False), nn.BatchNorm1d(512, eps=1e-3), nn.ReLU(),
    nn.Linear(512, 2),
)
optimiser = torch.optim.SGD(network.parameters(), lr=0.01)
loss_of = nn.CrossEntropyLoss()


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


print(f"PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    started, cpu_started = time.perf_counter(), cpu()
    for _ in range(int(line)):
        for start in range(0, count, batch):
            optimiser.zero_grad()
            loss_of(network(rows[start:start + batch]), labels[start:start + batch]).backward()
            optimiser.step()
    print(json.dumps({"seconds": time.perf_counter() - started, "cpuSeconds": cpu() - cpu_started}), flush=True)
