"""Resizing against Pillow's, byte for byte, at random sizes and boxes."""

import numpy
import pytest
from PIL import Image
from pixels import WASM, WASM_PROGRAM, answers, describe

SOURCES = [(700, 460), (37, 53), (1, 1), (3, 200), (640, 7), (255, 256)]
PAIRS = 200


def write_sources(folder):
    """Noise: no rounding stays unseen on it."""
    random = numpy.random.default_rng(5)
    pixels = [random.integers(0, 256, (height, width, 3), dtype=numpy.uint8) for width, height in SOURCES]
    for number, rgb in enumerate(pixels):
        Image.fromarray(rgb).save(folder / f"{number}.png")
    return pixels


def random_side(random, source):
    """Any size, a small one, or the source's own: then one pass is left out."""
    return int(random.choice([random.integers(1, 900), random.integers(1, 40), source]))


def random_cases(seed):
    """(source number, box as left, top, width, height, result's width and height); half of the boxes are the whole image."""
    random = numpy.random.default_rng(seed)
    for _ in range(PAIRS):
        number = int(random.integers(len(SOURCES)))
        width, height = SOURCES[number]
        left, top, box_width, box_height = 0, 0, width, height
        if random.random() < 0.5:
            left, top = int(random.integers(width)), int(random.integers(height))
            box_width, box_height = int(random.integers(1, width - left + 1)), int(random.integers(1, height - top + 1))
        yield number, (left, top, box_width, box_height), random_side(random, width), random_side(random, height)


def job(folder, case, name):
    number, box, width, height = case
    return f"resize {folder / f'{number}.png'} {' '.join(map(str, box))} {width} {height} {name}"


@pytest.mark.parametrize("name", ["bilinear", "bicubic"])
def test_resized_bytes_are_pillows(name, tmp_path):
    pixels = write_sources(tmp_path)
    cases = list(random_cases(len(name)))
    for case, answer in zip(cases, answers([job(tmp_path, case, name) for case in cases], tmp_path)):
        number, (left, top, box_width, box_height), width, height = case
        theirs = Image.fromarray(pixels[number]).resize(
            (width, height), Image.Resampling[name.upper()], box=(left, top, left + box_width, top + box_height)
        )
        assert answer == describe(numpy.asarray(theirs)), case


@pytest.mark.skipif(not WASM_PROGRAM.exists(), reason=f"no WebAssembly build at {WASM_PROGRAM}")
def test_the_wasm_build_resizes_to_the_same_bytes(tmp_path):
    write_sources(tmp_path)
    jobs = [job(tmp_path, case, name) for name in ("bilinear", "bicubic") for case in random_cases(9)]
    assert answers(jobs, tmp_path, WASM) == answers(jobs, tmp_path)
