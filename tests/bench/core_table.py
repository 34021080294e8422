"""One table of what the core's steps cost: native, as WebAssembly under node, Pillow with numpy, and a canvas in Chromium.

core_table.py [IMAGE]    without an image: a drawn one of 700 x 460 pixels as JPEG, quality 95, colours at full resolution
"""

import io
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
NATIVE = [REPOSITORY / "build/release/bin/core_bench"]
NODE = ["node", "--no-experimental-fetch", REPOSITORY / "build/wasm/bin/core_bench.js"]
CANVAS = ["node", REPOSITORY / "tests/bench/canvas_bench.mjs"]
COLUMNS = ["native", "node", "Pillow", "canvas"]
ROUNDS = 5  # the columns take turns, so that a busy moment of the machine does not fall on one of them
RUNS = 15  # as in core_bench
SIZES = [((700, 460), (336, 224)), ((700, 460), (144, 96)), ((2048, 1536), (336, 224)), ((4000, 3000), (224, 224)), ((224, 224), (336, 336))]
MEAN, STDDEV = numpy.float32([0.485, 0.456, 0.406]), numpy.float32([0.229, 0.224, 0.225])

STB = "decode: stb_image as it comes"
WHOLE = "whole way: decode, preprocess"
WITH_QUALITY = "whole way with quality"


def printed_times(program, path):
    done = subprocess.run([*program, path], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return {name: float(milliseconds) for name, milliseconds in (line.split("\t") for line in done.stdout.splitlines())}


def pillow_times(encoded):
    def decode():
        return Image.open(io.BytesIO(encoded)).convert("RGB")

    def preprocess(image):
        samples = numpy.asarray(image.resize((336, 224), Image.Resampling.BILINEAR), dtype=numpy.float32)
        return numpy.ascontiguousarray(((samples / 255 - MEAN) / STDDEV).transpose(2, 0, 1))

    image = decode()
    steps = {"decode": decode, "preprocess to 336x224": lambda: preprocess(image), WHOLE: lambda: preprocess(decode())}
    for source_size, size in SIZES:
        source = image.resize(source_size, Image.Resampling.BILINEAR)
        for name in ("bilinear", "bicubic"):
            row = f"resize {source_size[0]}x{source_size[1]} to {size[0]}x{size[1]}, {name}"
            steps[row] = lambda source=source, size=size, name=name: source.resize(size, Image.Resampling[name.upper()])
    fastest = dict.fromkeys(steps, float("inf"))
    for run in range(-1, RUNS):  # the first is not counted
        for row, work in steps.items():
            start = time.perf_counter()
            work()
            if run >= 0:
                fastest[row] = min(fastest[row], 1000 * (time.perf_counter() - start))
    return fastest


def measure(path):
    """Column -> row -> milliseconds, medians of the rounds' fastest runs."""
    encoded = path.read_bytes()
    rounds = {column: [] for column in COLUMNS}
    for _ in range(ROUNDS):
        rounds["native"].append(printed_times(NATIVE, path))
        rounds["node"].append(printed_times(NODE, path))
        rounds["Pillow"].append(pillow_times(encoded))
        rounds["canvas"].append(printed_times(CANVAS, path))
    return {column: {row: statistics.median(each[row] for each in results) for row in results[0]} for column, results in rounds.items()}


def print_table(times):
    def cell(column, row):
        return f"{times[column][row]:9.3f}" if row in times[column] else f"{'':9}"

    def ratio(value, base):
        return f"{value / base:9.2f}" if value and base else f"{'':9}"

    print(f"{'milliseconds':44}" + "".join(f"{name:>14}" for name in (*COLUMNS, "node/native", "Pillow/native")))
    for row in times["native"]:
        cells = [cell(column, row) for column in COLUMNS]
        cells += [ratio(times["node"][row], times["native"][row]), ratio(times["Pillow"].get(row), times["native"][row])]
        print(f"{row:44}" + "".join(f"{text:>14}" for text in cells))
    native = times["native"]
    to_stb, to_native = native[WITH_QUALITY] / native[STB], times["node"][WITH_QUALITY] / native[WITH_QUALITY]
    print(f"\n{WITH_QUALITY} / stb_image as it comes: {to_stb:.2f}; wasm / native: {to_native:.2f}")


def drawn_jpeg(folder):
    drawn = folder / "drawn.png"
    subprocess.run([*NATIVE, "--draw", drawn], check=True)
    path = folder / "drawn.jpg"
    with Image.open(drawn) as image:
        image.save(path, quality=95, subsampling=0)
    return path


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else drawn_jpeg(pathlib.Path(folder))
        with Image.open(path) as image:
            print(f"{path.name}: {image.format}, {image.width} x {image.height} pixels, {path.stat().st_size} bytes")
        print_table(measure(path))


main()
