"""Draws files for tests that must run where no real images are: every kind that is read, some that are damaged, a table of predictions.

python drawn_files.py FOLDER
"""

import io
import pathlib
import struct
import sys

import numpy
from jpeg_writer import encode_jpeg, write_jpeg
from PIL import Image

# (horizontal, vertical) sampling factors of Y, Cb and Cr. The last one gives each colour another resolution.
SUBSAMPLINGS = {
    "444": [(1, 1), (1, 1), (1, 1)],
    "422": [(2, 1), (1, 1), (1, 1)],
    "420": [(2, 2), (1, 1), (1, 1)],
    "440": [(1, 2), (1, 1), (1, 1)],
    "411": [(4, 1), (1, 1), (1, 1)],
    "410": [(4, 2), (1, 1), (1, 1)],
    "441": [(1, 4), (1, 1), (1, 1)],
    "odd": [(2, 2), (2, 1), (1, 2)],
}
TABLE_ROWS = 2000


def tissue(width, height, seed=1):
    """Smooth colours of a stain with nuclei and grain: [height, width, 3]."""
    random = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width]
    wave = numpy.sin(x / 17) * numpy.cos(y / 13)
    rgb = numpy.stack([200 + 30 * wave, 120 + 40 * wave, 180 + 20 * numpy.sin((x + y) / 29)], -1)
    for _ in range(max(3, width * height // 600)):
        centre_x, centre_y, radius = random.integers(0, width), random.integers(0, height), random.integers(2, 7)
        rgb[(x - centre_x) ** 2 + (y - centre_y) ** 2 < radius**2] = random.integers(40, 130, 3)
    return (rgb + random.normal(0, 6, rgb.shape)).clip(0, 255).astype(numpy.uint8)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_files():
    rgb = tissue(83, 61)
    alpha = numpy.random.default_rng(2).integers(0, 256, (61, 83, 1), dtype=numpy.uint8)
    image = Image.fromarray(rgb)
    yield "rgb", saved(image, "PNG")
    yield "rgba", saved(Image.fromarray(numpy.concatenate([rgb, alpha], -1)), "PNG")
    yield "grey", saved(image.convert("L"), "PNG")
    yield "grey_alpha", saved(Image.fromarray(numpy.concatenate([rgb[..., :1], alpha], -1)), "PNG")
    yield "grey16", saved(Image.fromarray(rgb[..., 0].astype(numpy.uint16) * 251), "PNG")
    yield "palette", saved(image.quantize(200), "PNG")
    yield "palette4", saved(image.quantize(13), "PNG", bits=4)
    yield "palette_transparent", saved(image.quantize(50), "PNG", transparency=7)
    yield "bilevel", saved(image.convert("1"), "PNG")


def bmp_files():
    image = Image.fromarray(tissue(83, 61))
    for mode in ("RGB", "L", "P", "1"):
        yield f"bmp_{mode}", saved(image.convert(mode), "BMP")
    samples = numpy.random.default_rng(3).integers(0, 65536, (9, 20), dtype="<u2").tobytes()
    header = struct.pack("<IiiHHIIiiII", 40, 20, -9, 1, 16, 0, 0, 0, 0, 0, 0)
    yield "bmp_16", b"BM" + struct.pack("<IHHI", 54 + len(samples), 0, 0, 54) + header + samples


def jpeg_files():
    rgb = tissue(83, 61)
    image = Image.fromarray(rgb)
    for name, sampling in SUBSAMPLINGS.items():
        yield f"jpeg_{name}", encode_jpeg(rgb, sampling)
        yield f"jpeg_{name}_restarts", encode_jpeg(rgb, sampling, restart_interval=3)
        yield f"jpeg_{name}_three_scans", encode_jpeg(rgb, sampling, interleaved=False)
    yield "jpeg_grey", encode_jpeg(rgb, [(1, 1)])
    for subsampling in (0, 1, 2):
        yield f"progressive_{subsampling}", saved(image, "JPEG", progressive=True, subsampling=subsampling, quality=90)
    yield "progressive_grey", saved(image.convert("L"), "JPEG", progressive=True)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"turned_{orientation}", saved(image, "JPEG", exif=exif)


def extreme_jpeg_files():
    """Coefficients that no encoder writes: sums leave 16 bits, where vector instructions saturate and plain code does not."""
    random = numpy.random.default_rng(4)
    for number, quantiser in enumerate((1, 16, 128, 255)):
        blocks = [random.integers(-1023, 1024, (4, 4, 64)) for _ in range(3)]
        sparse = [block * (random.random(block.shape) < 0.1) for block in blocks]
        for kind, coefficients in (("full", blocks), ("sparse", sparse)):
            yield f"extreme_{kind}_{number}", write_jpeg(coefficients, SUBSAMPLINGS["420"], 32, 32, quantiser)


def damaged_jpeg_files(count=200):
    """One byte behind the frame header changed: some are refused, the others must be decoded alike by every build."""
    random = numpy.random.default_rng(5)
    whole = [saved(Image.fromarray(tissue(48, 40)), "JPEG", progressive=progressive, subsampling=2) for progressive in (False, True)]
    for number in range(count):
        data = bytearray(whole[number % 2])
        at = int(random.integers(data.index(b"\xff\xdb"), len(data) - 2))
        data[at] ^= 1 << int(random.integers(8))
        yield f"damaged_{number}", bytes(data)


def prediction_table(rows=TABLE_ROWS, patients=83):
    """predictions.csv of several magnifications and sources, with tied, missing and undecided probabilities."""
    random = numpy.random.default_rng(6)
    labels = random.integers(0, 2, patients)
    lines = ["path,label,patient,magnification,source,p_malignant,threshold_low,threshold_high"]
    for row in range(rows):
        patient = int(random.integers(patients))
        p = numpy.clip(random.normal(0.35 + 0.3 * labels[patient], 0.25), 0, 1)
        p = round(float(p), 1 if row % 5 == 0 else 7)
        label = ["benign", "malignant"][labels[patient]] if row % 50 else ""
        lines.append(f"i{row}.png,{label},p{patient},{(40, 100, 200, 400)[row % 4]},{'ab'[row % 3 == 0]},{p!r},0.45,0.55")
    return "\n".join(lines) + "\n"


def draw_files(folder):
    for suffix, files in (
        (".png", png_files()),
        (".bmp", bmp_files()),
        (".jpg", jpeg_files()),
        (".jpg", extreme_jpeg_files()),
        (".jpg", damaged_jpeg_files()),
    ):
        for name, data in files:
            (folder / f"{name}{suffix}").write_bytes(data)
    (folder / "predictions.csv").write_text(prediction_table())


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    draw_files(target)
