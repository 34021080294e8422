"""The work of pipeline_bench in Python: training images to augmented, normalised, channels-last batches. JSON on stdout.

pipeline_peer.py DATA [--size 336x224] [--batch 32] [--workers 0,1,2,4] [--epochs 5] [--ways files,memmap-pil,memmap-torch]

files         Pillow decodes and resizes each file in each epoch, torchvision's way; Image.transform turns, mirrors and zooms in one bilinear sampling
memmap-pil    images are decoded and resized once into a numpy memmap of uint8; Image.transform as above
memmap-torch  the same memmap; whole batches are sampled at once by torch's grid_sample (reflection at the border, as lobule's)
Workers are DataLoader processes, persistent, which stack batches themselves. Decoding once is not counted, nor is the first epoch.
"""

import argparse
import json
import math
import pathlib
import statistics
import sys
import tempfile
import time

import numpy
import PIL
import torch
from PIL import Image

MEAN = torch.tensor([0.5, 0.5, 0.5])
STDDEV = torch.tensor([0.5, 0.5, 0.5])


def read_fitted(path, size):
    """Cut to the aspect ratio about the centre, then scaled."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    width, height = image.size
    scale = min(width / size[0], height / size[1])
    left, top = (width - size[0] * scale) / 2, (height - size[1] * scale) / 2
    return image.resize(size, Image.Resampling.BILINEAR, box=(left, top, width - left, height - top))


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
    (xx, xy), (yx, yy) = view.tolist()
    x, y = width / 2, height / 2
    return image.transform(image.size, Image.Transform.AFFINE, (xx, xy, x - xx * x - xy * y, yx, yy, y - yx * x - yy * y), Image.Resampling.BILINEAR)


def normalised(batch):
    """[n, height, width, 3] uint8 -> [n, 3, height, width] float32, channels last in memory."""
    return ((batch.float() / 255 - MEAN) / STDDEV).permute(0, 3, 1, 2)


class Batches(torch.utils.data.Dataset):
    """An item is a whole batch, so that no worker's result is copied together again."""

    def __init__(self, way, files, memory, size, batch):
        self.way, self.files, self.memory, self.size, self.batch = way, files, memory, size, batch

    def __len__(self):
        return -(-len(self.files) // self.batch)

    def __getitem__(self, chosen):
        generator = torch.Generator().manual_seed(chosen[0] + int(torch.initial_seed() % 2**31))
        views = random_views(len(chosen), generator)
        if self.way == "memmap-torch":
            images = torch.from_numpy(self.memory[chosen])
            width, height = self.size
            # grid_sample measures in half widths and half heights.
            views = views * torch.tensor([[1, height / width], [width / height, 1]])
            grid = torch.nn.functional.affine_grid(torch.cat([views, torch.zeros(len(chosen), 2, 1)], 2), (len(chosen), 3, height, width), False)
            views = torch.nn.functional.grid_sample(normalised(images), grid, "bilinear", "reflection", False)
            return views.contiguous(memory_format=torch.channels_last)
        out = torch.empty(len(chosen), self.size[1], self.size[0], 3, dtype=torch.uint8)
        for i, index in enumerate(chosen):
            image = read_fitted(self.files[index], self.size) if self.way == "files" else Image.fromarray(self.memory[index])
            out[i] = torch.from_numpy(numpy.array(transformed(image, views[i])))
        return normalised(out)


class ShuffledBatches(torch.utils.data.Sampler):
    def __init__(self, count, batch):
        self.count, self.batch = count, batch

    def __iter__(self):
        return iter([part.tolist() for part in torch.randperm(self.count).split(self.batch)])

    def __len__(self):
        return -(-self.count // self.batch)


def measure(way, files, memory, arguments, workers):
    dataset = Batches(way, files, memory, arguments.size, arguments.batch)
    loader = torch.utils.data.DataLoader(dataset, batch_size=None, sampler=ShuffledBatches(len(files), arguments.batch), num_workers=workers,
                                         persistent_workers=workers > 0, prefetch_factor=2 if workers else None)
    speeds = []
    for epoch in range(arguments.epochs + 1):
        start = time.perf_counter()
        count = 0
        for batch in loader:
            assert batch.is_contiguous(memory_format=torch.channels_last)
            count += len(batch)
        if epoch > 0:
            speeds.append(count / (time.perf_counter() - start))
    return {"way": way, "workers": workers, "images_per_second": statistics.median(speeds), "all": sorted(speeds)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--size", type=lambda text: tuple(map(int, text.split("x"))), default=(336, 224))
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--workers", type=lambda text: [int(number) for number in text.split(",")], default=[0, 1, 2, 4])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--ways", type=lambda text: text.split(","), default=["files", "memmap-pil", "memmap-torch"])
    arguments = parser.parse_args()
    files = sorted(path for path in arguments.data.rglob("*") if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".bmp"))
    if not files:
        sys.exit(f"pipeline_peer: {arguments.data} holds no image")
    with tempfile.TemporaryDirectory() as folder:
        width, height = arguments.size
        memory = numpy.memmap(pathlib.Path(folder) / "images", numpy.uint8, "w+", shape=(len(files), height, width, 3))
        if any(way != "files" for way in arguments.ways):
            for i, path in enumerate(files):
                memory[i] = numpy.asarray(read_fitted(path, arguments.size))
        results = [measure(way, files, memory, arguments, workers) for way in arguments.ways for workers in arguments.workers]
    print(json.dumps({"program": "python", "torch": torch.__version__, "pillow": PIL.__version__, "images": len(files), "width": width, "height": height,
                      "batch": arguments.batch, "results": results}, indent=2))


main()
