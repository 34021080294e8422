"""network_table.py [NETWORK [WIDTHxHEIGHT [BATCH]]]: images/s of forward and backward passes over a batch in memory, of lobule and of the published PyTorch
port, which take turns. Both in channels_last, float32, on the same threads. Medians; per second of the processor's time where others are at work; and the most
memory that a process held."""

import os
import pathlib
import statistics
import subprocess
import sys
import time

import torch
from efficientnet_lite_pytorch import EfficientNet

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
TURNS = 5


def peak_mebibytes(process):
    (line,) = [line for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


class Port:
    def __init__(self, network, width, height, batch):
        self.network = EfficientNet.from_name(network.replace("_", "-"), image_size=(height, width), num_classes=2)
        self.network = self.network.to(memory_format=torch.channels_last).train()
        self.images = torch.randn(batch, 3, height, width).contiguous(memory_format=torch.channels_last)
        self.labels = torch.arange(batch) % 2

    def step(self):
        start, processor_start = time.perf_counter(), time.process_time()
        self.network.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(self.network(self.images), self.labels).backward()
        return time.perf_counter() - start, time.process_time() - processor_start

    def close(self):
        return peak_mebibytes("self")


class Lobule:
    def __init__(self, network, width, height, batch):
        program = REPOSITORY / "build" / "release" / "bin" / "network_bench"
        command = [program, network, f"{width}x{height}", batch, torch.get_num_threads()]
        self.process = subprocess.Popen([*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def step(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return tuple(map(float, self.process.stdout.readline().split()))

    def close(self):
        peak = peak_mebibytes(self.process.pid)
        self.process.stdin.close()
        self.process.wait()
        return peak


def main(network="efficientnet_lite0", size="336x224", batch="32"):
    width, height = map(int, size.split("x"))
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    sides = {"lobule": Lobule(network, width, height, int(batch)), "PyTorch": Port(network, width, height, int(batch))}
    times = {name: [] for name in sides}
    for turn in range(TURNS + 1):
        for name, side in sides.items():
            taken = side.step()
            if turn > 0:  # the first fills caches
                times[name].append(taken)
    print(f"{network}, {size}, batches of {batch}, {torch.get_num_threads()} threads, torch {torch.__version__}, median of {TURNS}")
    for name, taken in times.items():
        wall, processor = (int(batch) / statistics.median(values) for values in zip(*taken))
        print(f"{name:8} {wall:7.2f} images/s, {processor:.2f} per processor second, {sides[name].close()} MiB")


main(*sys.argv[1:])
