"""image_seeds.py FOLDER [CORPUS]: seeds of the decoders into FOLDER/decode_png, decode_jpeg, decode_bmp and exif.

Drawn here: small images of every kind that the decoder reads. From CORPUS (a folder of test images), where it is there: the
files of at most 16 KiB.
"""

import io
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image

LARGEST = 16 << 10  # bytes: larger inputs make the fuzzer slow and teach it nothing


def picture(width=19, height=13):
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 13 % 256, y * 19 % 256, (x * y) % 256], axis=2).astype(np.uint8)
    rgb[4:9, 5:12] = (120, 40, 140)
    return Image.fromarray(rgb)


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_seeds():
    rgb = picture()
    for mode in ["RGB", "L", "P", "1", "RGBA", "LA"]:
        yield encoded(rgb.convert(mode), "PNG")
    yield encoded(rgb.quantize(4), "PNG", bits=2, transparency=1)
    yield encoded(rgb.convert("L"), "PNG", transparency=7)
    yield encoded(Image.fromarray(np.arange(20 * 16, dtype=np.uint16).reshape(16, 20) * 200), "PNG")
    yield encoded(rgb, "PNG", compress_level=0)


def jpeg_seeds():
    rgb = picture()
    exif = Image.Exif()
    exif[0x0112] = 6
    for options in [{}, {"progressive": True}, {"subsampling": 0}, {"subsampling": 1}, {"restart_marker_blocks": 1}, {"exif": exif}, {"optimize": True}]:
        yield encoded(rgb, "JPEG", **options)
    yield encoded(rgb.convert("L"), "JPEG")
    yield encoded(rgb.convert("L"), "JPEG", progressive=True)
    yield encoded(rgb.convert("CMYK"), "JPEG")


def bmp_seeds():
    rgb = picture()
    for mode in ["RGB", "L", "P", "1", "RGBA"]:
        yield encoded(rgb.convert(mode), "BMP")


def exif_seeds():
    for orientation in [1, 3, 6, 8]:
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "maker"
        yield exif.tobytes()


def main(folder, corpus):
    drawn = {"decode_png": png_seeds(), "decode_jpeg": jpeg_seeds(), "decode_bmp": bmp_seeds(), "exif": exif_seeds()}
    for target, seeds in drawn.items():
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (place / f"drawn{number}").write_bytes(seed)
    if corpus is None:
        return
    kinds = {".png": "decode_png", ".jpg": "decode_jpeg", ".jpeg": "decode_jpeg", ".bmp": "decode_bmp"}
    for file in sorted(corpus.rglob("*")):
        if file.suffix.lower() in kinds and file.stat().st_size <= LARGEST:
            shutil.copyfile(file, folder / kinds[file.suffix.lower()] / file.name)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else None)
