"""The work of train_bench in Python, as somebody writes it who wants it to be fast. Answers the same lines on stdin.

train_peer.py DATA CACHE [--network efficientnet_lite0] [--input-size 336x224] [--batch-size 32] [--images 320] [--threads 0] [--memory default|kept]

Besides those of train_bench it knows `use WAY WORKERS`: how batches are made from then on, by a DataLoader with so many persistent workers (0: none)

files         Pillow decodes each file in each epoch (JPEG at a half, a quarter or an eighth of its size where that is enough) and scales it
memmap-pil    images are decoded and scaled once, into a numpy memmap of uint8 in CACHE; Image.transform turns, mirrors and zooms, as for files
memmap-torch  the same memmap; whole batches are sampled at once by grid_sample, with the image reflected beyond its borders as lobule's

--memory kept: freed memory stays with the process, as PyTorch's tuning guide advises: by a preloaded jemalloc where it is installed, else by glibc's mallopt.
"""

import argparse
import ctypes
import ctypes.util
import json
import math
import os
import pathlib
import sys
import time

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # malloc.h
COMPUTE_STEPS = 3  # as in train_bench


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("cache", type=pathlib.Path)
    parser.add_argument("--network", default="efficientnet_lite0")
    parser.add_argument("--input-size", type=lambda text: tuple(map(int, text.split("x"))), default=(336, 224))
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--images", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--memory", choices=["default", "kept"], default="default")
    return parser.parse_args()


arguments = parse_arguments()
if arguments.memory == "kept":  # before torch allocates
    jemalloc = ctypes.util.find_library("jemalloc")
    libc = ctypes.CDLL(None)
    if jemalloc and "MALLOC_CONF" not in os.environ:
        kept = {"LD_PRELOAD": jemalloc, "MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1"}
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **kept})
    elif not jemalloc and not (libc.mallopt(M_MMAP_MAX, 0) and libc.mallopt(M_TRIM_THRESHOLD, -1)):
        sys.exit("train_peer: mallopt refused")

import numpy  # noqa: E402
import PIL  # noqa: E402
import torch  # noqa: E402
from PIL import Image  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

CHANNELS_LAST = torch.channels_last


def find_files(data, count):
    """As many as asked for, evenly spread; 0: all."""
    files = sorted(path for path in data.rglob("*") if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".bmp"))
    if not files:
        sys.exit(f"train_peer: {data} holds no image")
    return files if count == 0 else [files[i * len(files) // min(count, len(files))] for i in range(min(count, len(files)))]


def read_fitted(path, size):
    """Cut to the aspect ratio about the centre, then scaled."""
    with Image.open(path) as opened:
        opened.draft("RGB", size)  # JPEG only
        image = opened.convert("RGB")
    width, height = image.size
    scale = min(width / size[0], height / size[1])
    left, top = (width - size[0] * scale) / 2, (height - size[1] * scale) / 2
    return image.resize(size, Image.Resampling.BILINEAR, box=(left, top, width - left, height - top))


def open_memmap(files, size, folder):
    """[n, height, width, 3] uint8, written when it is not there."""
    file = folder / f"images-{len(files)}-{size[0]}x{size[1]}.npy"
    if not file.exists():
        shape = (len(files), size[1], size[0], 3)
        written = numpy.lib.format.open_memmap(file, "w+", numpy.uint8, shape)
        for i, path in enumerate(files):
            written[i] = numpy.asarray(read_fitted(path, size))
        written.flush()
    return numpy.load(file, mmap_mode="r")


def random_views(count, generator):
    """[count, 2, 2]: output position about the centre -> source position."""
    mirror = 1 - 2 * (torch.rand(count, 2, generator=generator) < 0.5).float()
    angle = (2 * torch.rand(count, generator=generator) - 1) * math.pi
    zoom = 0.8 + 0.45 * torch.rand(count, generator=generator)
    cosine, sine = torch.cos(angle) / zoom, torch.sin(angle) / zoom
    rows = [cosine * mirror[:, 0], sine * mirror[:, 0], -sine * mirror[:, 1], cosine * mirror[:, 1]]
    return torch.stack(rows, 1).view(count, 2, 2)


def transformed(image, view):
    width, height = image.size
    (xx, xy), (yx, yy) = view
    x, y = width / 2, height / 2
    return image.transform(image.size, Image.Transform.AFFINE, (xx, xy, x - xx * x - xy * y, yx, yy, y - yx * x - yy * y), Image.Resampling.BILINEAR)


def normalised(batch):
    """[n, height, width, 3] uint8 -> [n, 3, height, width] float32 from -1 to 1, channels last in memory; lobule's mean and deviation are 0.5, too."""
    return batch.permute(0, 3, 1, 2).float().mul_(1 / 127.5).sub_(1)


class Batches(torch.utils.data.Dataset):
    """An item is a whole batch, so that no worker's result is copied together again; of bytes where that will do, a quarter of what floats would be to hand over."""

    def __init__(self, way, files, memory, size):
        self.way, self.files, self.memory, self.size = way, files, memory, size
        self.labels = torch.tensor(["malignant" in str(path) for path in files], dtype=torch.int64)

    def __getitem__(self, chosen):
        views = random_views(len(chosen), torch.Generator().manual_seed(chosen[0] + torch.initial_seed() % 2**31))
        return self.images(chosen, views), self.labels[chosen]

    def images(self, chosen, views):
        width, height = self.size
        if self.way == "memmap-torch":
            # grid_sample measures in half widths and half heights.
            views = views * torch.tensor([[1, height / width], [width / height, 1]])
            grid = F.affine_grid(torch.cat([views, torch.zeros(len(chosen), 2, 1)], 2), (len(chosen), 3, height, width), False)
            images = normalised(torch.from_numpy(self.memory[chosen]))
            return F.grid_sample(images, grid, "bilinear", "reflection", False).contiguous(memory_format=CHANNELS_LAST)
        out = numpy.empty((len(chosen), height, width, 3), numpy.uint8)
        for i, (index, view) in enumerate(zip(chosen, views.tolist())):
            image = read_fitted(self.files[index], self.size) if self.way == "files" else Image.fromarray(self.memory[index])
            out[i] = numpy.asarray(transformed(image, view))
        return torch.from_numpy(out)


class ShuffledBatches(torch.utils.data.Sampler):
    def __init__(self, count, batch):
        self.count, self.batch = count, batch

    def __iter__(self):
        return iter([part.tolist() for part in torch.randperm(self.count).split(self.batch)])

    def __len__(self):
        return -(-self.count // self.batch)


class SeedCnn(nn.Sequential):
    """lobule's seed_cnn."""

    def __init__(self, width, height):
        layers = []
        for channels, filters in [(3, 16), (16, 32), (32, 48)]:
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
        super().__init__(*layers, nn.Conv2d(48, 24, 3, padding=1), nn.ReLU(inplace=True), nn.Flatten(),
                         nn.Linear(24 * (width // 8) * (height // 8), 64), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(64, 2))


class Learning:
    """Network and optimiser with the settings that lobule has for them."""

    def __init__(self, network, size):
        width, height = size
        if network == "seed_cnn":
            self.network, self.smoothing = SeedCnn(width, height), 0.0
            groups, kind = [{"params": list(self.network.parameters())}], torch.optim.Adam
            rate = 1e-3
        else:
            from efficientnet_lite_pytorch import EfficientNet
            self.network, self.smoothing = EfficientNet.from_name(network.replace("_", "-"), image_size=(height, width), num_classes=2), 0.05
            for module in self.network.modules():
                if isinstance(module, nn.ReLU6):
                    module.inplace = True  # its author did not; it saves a third of what is kept for the backward pass
            parameters = list(self.network.parameters())
            groups = [{"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.05}, {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0}]
            kind, rate = torch.optim.AdamW, 5e-4
        self.network = self.network.to(memory_format=CHANNELS_LAST).train()
        self.optimizer = kind(groups, lr=rate, fused=True)

    def step(self, images, labels):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss = F.cross_entropy(self.network(images), labels, label_smoothing=self.smoothing)
        self.loss.backward()
        self.optimizer.step()

    def finish(self):
        if not math.isfinite(self.loss.item()):
            sys.exit("train_peer: the training has diverged")


class Bench:
    def __init__(self):
        self.files = find_files(arguments.data, arguments.images)
        self.way, self.loader, self.learning, self.in_memory = ("memmap-pil", 0), None, None, []

    def load(self):
        self.learning = Learning(arguments.network, arguments.input_size)
        self.use(*self.way)

    def use(self, way, workers):
        self.way, self.loader = (way, workers), None  # the workers of the loader before end
        memory = None if way == "files" else open_memmap(self.files, arguments.input_size, arguments.cache)
        self.loader = torch.utils.data.DataLoader(Batches(way, self.files, memory, arguments.input_size), batch_size=None,
                                                  sampler=ShuffledBatches(len(self.files), arguments.batch_size), num_workers=workers,
                                                  persistent_workers=workers > 0, prefetch_factor=2 if workers else None)

    def batches(self):
        for images, labels in self.loader:
            yield (normalised(images) if images.dtype == torch.uint8 else images), labels

    def pipeline(self):
        for images, _ in self.batches():
            assert images.is_contiguous(memory_format=CHANNELS_LAST)
        return len(self.files)

    def compute(self):
        for batch in self.in_memory:
            self.learning.step(*batch)
        self.learning.finish()
        return sum(len(labels) for _, labels in self.in_memory)

    def epoch(self):
        for batch in self.batches():
            self.learning.step(*batch)
        self.learning.finish()
        return len(self.files)

    def first_step(self):
        self.load()
        batch = next(iter(self.batches()))
        say(begins=True)
        self.learning.step(*batch)
        self.learning.finish()
        say(images=len(batch[1]))

    def answer(self, line):
        name, *words = line.split()
        if name == "use":
            self.way = (words[0], int(words[1]))
            if self.learning:
                self.use(*self.way)
            return say(way=words[0], workers=int(words[1]))
        if name == "first-step":
            return self.first_step()
        if self.learning is None:
            self.load()
        if name == "load":
            return say(program="python", python=sys.version.split()[0], torch=torch.__version__, pillow=PIL.__version__, numpy=numpy.__version__,
                       images=len(self.files), threads=torch.get_num_threads(), optimizer=type(self.learning.optimizer).__name__)
        if name == "compute" and not self.in_memory:
            self.in_memory = [batch for batch, _ in zip(self.batches(), range(COMPUTE_STEPS))]
        start = time.perf_counter()
        images = {"pipeline": self.pipeline, "compute": self.compute, "epoch": self.epoch}[name]()
        return say(seconds=time.perf_counter() - start, images=images)


def say(**facts):
    print(json.dumps(facts), flush=True)


def main():
    torch.manual_seed(1)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    bench = Bench()
    for line in sys.stdin:
        bench.answer(line)


main()
