"""The decoder against what the tests themselves write out: PNG and BMP byte for byte, JPEG of every subsampling against libjpeg-turbo (Pillow)."""

import struct
import zlib

import numpy
import pytest
from bmp_reference import bmp_rgb
from drawn_files import SUBSAMPLINGS, bmp_files, encode_jpeg, png_files, saved, tissue
from hostile_files import chunk, png
from PIL import Image
from pixels import DATA, answers, describe
from png_reference import png_rgb
from test_decode import expected_refusal, files, is_broken, needs_corpus

# Largest and mean difference to libjpeg-turbo, in steps of 0..255. The standard allows each inverse DCT one step of error, and what upsampling
# does is its decoder's own affair: libjpeg-turbo rounds up and down in turn where stb_image rounds to nearest (4:2:2, 4:4:0).
MOST_STEPS = 3
MEAN_STEPS = {"444": 0.03, "422": 0.25, "420": 0.13, "440": 0.25, "411": 0.03, "410": 0.03, "441": 0.03, "odd": 0.25}
PILLOWS = {"444": 0, "422": 1, "420": 2}  # Pillow's own names for what it can write


def written(folder, named):
    paths = []
    for name, data in named:
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return paths


def decoded(paths, folder):
    """The core's pixels of each file, [height, width, 3]."""
    outputs = [folder / f"{number}.rgb" for number in range(len(paths))]
    for output, answer in zip(outputs, answers([f"rgb {path} {output}" for path, output in zip(paths, outputs)], folder)):
        width, height = map(int, answer.split()[:2])
        yield numpy.fromfile(output, numpy.uint8).reshape(height, width, 3)


def pillow_steps(path, ours):
    """(largest, mean) difference."""
    difference = numpy.abs(ours.astype(int) - numpy.asarray(Image.open(path).convert("RGB")))
    return difference.max(), difference.mean()


def check_reference(paths, reference, folder):
    for path, answer in zip(paths, answers([f"decode {path}" for path in paths], folder)):
        assert answer == describe(reference(path.read_bytes())), path.name


def whole_corpus(suffix):
    return [path for path in files(DATA / "corpus", suffix) if not is_broken(path.name) and not expected_refusal(path.name)]


@needs_corpus
def test_every_png_of_the_corpus_is_the_reference(tmp_path):
    paths = whole_corpus(".png")
    assert len(paths) > 250
    check_reference(paths, png_rgb, tmp_path)


@needs_corpus
def test_every_bmp_of_the_corpus_is_the_reference(tmp_path):
    check_reference(whole_corpus(".bmp"), bmp_rgb, tmp_path)


def test_drawn_png_and_bmp_are_the_reference(tmp_path):
    check_reference(written(tmp_path, png_files()), png_rgb, tmp_path)
    check_reference(written(tmp_path, bmp_files()), bmp_rgb, tmp_path)


@pytest.mark.parametrize("depth,color_type", [(d, c) for c, ds in {0: (1, 2, 4, 8, 16), 2: (8, 16), 4: (8, 16), 6: (8, 16)}.items() for d in ds])
def test_random_samples_of_every_kind_are_the_reference(depth, color_type, tmp_path):
    random = numpy.random.default_rng(depth + color_type)
    width, height = 37, 11
    row_bytes = (width * {0: 1, 2: 3, 4: 2, 6: 4}[color_type] * depth + 7) // 8
    rows = b"".join(bytes([y % 5]) + random.bytes(row_bytes) for y in range(height))  # each filter in turn
    key = chunk(b"tRNS", struct.pack(">H", 1)) if color_type == 0 else b""
    data = png(width, height, zlib.compress(rows), key, depth, color_type)
    check_reference(written(tmp_path, [("random.png", data)]), png_rgb, tmp_path)


def test_gamma_and_colour_profiles_are_ignored(tmp_path):
    rows = zlib.compress(b"".join(b"\0" + bytes(range(y, y + 60)) for y in range(20)))
    plain = png(20, 20, rows)
    gamma = png(20, 20, rows, chunk(b"gAMA", struct.pack(">I", 100000)))
    profile = png(20, 20, rows, chunk(b"iCCP", b"linear\0\0" + zlib.compress(bytes(200))))
    paths = written(tmp_path, [("plain.png", plain), ("gamma.png", gamma), ("profile.png", profile)])
    assert len(set(answers([f"decode {path}" for path in paths], tmp_path))) == 1


@pytest.mark.parametrize("name", SUBSAMPLINGS)
def test_restart_markers_and_separate_scans_change_no_pixel(name, tmp_path):
    rgb = tissue(83, 61)
    kinds = ({}, {"restart_interval": 1}, {"restart_interval": 3}, {"interleaved": False}, {"interleaved": False, "restart_interval": 5})
    paths = written(tmp_path, [(f"{number}.jpg", encode_jpeg(rgb, SUBSAMPLINGS[name], **options)) for number, options in enumerate(kinds)])
    assert len(set(answers([f"decode {path}" for path in paths], tmp_path))) == 1


@pytest.mark.parametrize("name", SUBSAMPLINGS)
@pytest.mark.parametrize("size", [(83, 61), (16, 16), (17, 33), (1, 1), (160, 96)])
def test_drawn_jpeg_of_every_subsampling_is_close_to_pillows(name, size, tmp_path):
    (path,) = written(tmp_path, [("drawn.jpg", encode_jpeg(tissue(*size), SUBSAMPLINGS[name]))])
    largest, _ = pillow_steps(path, next(decoded([path], tmp_path)))
    assert largest <= MOST_STEPS


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("name", PILLOWS)
def test_jpeg_pixels_of_tissue_are_close_to_pillows(name, progressive, tmp_path):
    """On real images where there are some, else on drawn ones."""
    real = files(DATA / "breakhis", ".jpg")[::60] if (DATA / "breakhis").exists() else []
    sources = [Image.open(path) for path in real] or [Image.fromarray(tissue(300, 200, seed)) for seed in range(5)]
    options = {"quality": 90, "subsampling": PILLOWS[name], "progressive": progressive}
    paths = written(tmp_path, [(f"{number}.jpg", saved(image, "JPEG", **options)) for number, image in enumerate(sources)])
    steps = [pillow_steps(path, ours) for path, ours in zip(paths, decoded(paths, tmp_path))]
    assert max(largest for largest, _ in steps) <= MOST_STEPS
    assert max(mean for _, mean in steps) < MEAN_STEPS[name]


def test_progressive_and_baseline_of_the_same_coefficients_are_the_same_pixels(tmp_path):
    for name in PILLOWS:
        kinds = [saved(Image.fromarray(tissue(90, 70)), "JPEG", subsampling=PILLOWS[name], progressive=progressive) for progressive in (False, True)]
        paths = written(tmp_path, [("baseline.jpg", kinds[0]), ("progressive.jpg", kinds[1])])
        assert len(set(answers([f"decode {path}" for path in paths], tmp_path))) == 1, name


def test_print_modes_of_jpeg_are_refused_by_name(tmp_path):
    image = Image.fromarray(tissue(40, 40))
    baseline = saved(image, "JPEG")
    frame = baseline.index(b"\xff\xc0")
    kinds = {
        "CMYK": saved(image.convert("CMYK"), "JPEG"),
        "12-bit": baseline[: frame + 4] + b"\x0c" + baseline[frame + 5 :],
        "arithmetic": baseline[: frame + 1] + b"\xc9" + baseline[frame + 2 :],
    }
    for path, cause in zip(written(tmp_path, [(f"{name}.jpg", data) for name, data in kinds.items()]), kinds):
        (answer,) = answers([f"decode {path}"], tmp_path)
        assert answer.startswith("error: JPEG") and cause in answer
