"""Small files that ask for much: each must be answered soon, and with little memory."""

import struct
import zlib

from drawn_files import saved, tissue
from jpeg_writer import encode_jpeg, segment
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BOMB_BYTES = 200_000_000


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, idat, before=b"", depth=8, color_type=2):
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + before + chunk(b"IDAT", idat) + chunk(b"IEND", b"")


def bomb():
    """A zlib stream that inflates to BOMB_BYTES zeros: 200 kB."""
    pack = zlib.compressobj(9)
    zeros = bytes(1_000_000)
    return b"".join(pack.compress(zeros) for _ in range(BOMB_BYTES // len(zeros))) + pack.flush()


def rows(width, height):
    """Black RGB rows, each behind its filter byte."""
    return bytes((3 * width + 1) * height)


def bmp(width, height, bits=24, offset=54, palette=b"", pixels=b"", colors=0):
    """Its file and image sizes are 0xFFFFFFFF."""
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, 0xFFFFFFFF, 0, 0, colors, 0)
    return b"BM" + struct.pack("<IHHI", 0xFFFFFFFF, 0, 0, offset) + info + palette + pixels


def with_frame_size(jpeg, width, height):
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        at = jpeg.find(marker)
        if at >= 0:
            return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]
    raise ValueError("no frame")


def many_scans(width, height, scans):
    """A grey progressive JPEG: a DC scan of zeros, then scans of single AC bits that are one run of empty blocks each."""
    blocks = -(-width // 8) * -(-height // 8)
    file = b"\xff\xd8" + segment(0xDB, bytes([0] + [1] * 64))
    file += segment(0xC2, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0))
    file += segment(0xC4, bytes([0, 1] + [0] * 15 + [0]))  # DC: the code 0 is size 0
    file += segment(0xC4, bytes([0x10, 1] + [0] * 15 + [0xE0]))  # AC: the code 0 is a run of 16384 blocks and more
    file += segment(0xDA, bytes([1, 1, 0, 0, 0, 0])) + bytes(-(-blocks // 8))
    runs = -(-blocks // 32767)
    for number in range(scans):
        k, bit = 1 + number % 63, 13 - number // 63 % 14
        high = 0 if bit == 13 else bit + 1
        bits = ("0" + "1" * 14) * runs
        bits += "1" * (-len(bits) % 8)
        data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).replace(b"\xff", b"\xff\x00")
        file += segment(0xDA, bytes([1, 1, 0, k, k, high << 4 | bit])) + data
    return file + b"\xff\xd9"


def hostile_files():
    """(name, bytes, what the answer says: "refused: " and a cause, or the size of what is decoded)."""
    rgb = tissue(48, 40)
    image = Image.fromarray(rgb)
    jpeg, progressive = encode_jpeg(rgb, [(1, 1)] * 3), saved(image, "JPEG", progressive=True)
    bombs = bomb()
    yield "png_65535.png", png(65535, 65535, bombs), "65535x65535"
    yield "jpeg_65535.jpg", with_frame_size(jpeg, 65535, 65535), "65535x65535"
    yield "progressive_65535.jpg", with_frame_size(progressive, 65535, 65535), "65535x65535"
    yield "bmp_65535.bmp", bmp(65535, 65535), "65535x65535"
    yield "png_0.png", png(0, 100, zlib.compress(b"")), "no pixels"
    yield "jpeg_width_0.jpg", with_frame_size(jpeg, 0, 40), "no pixels"
    yield "jpeg_height_0.jpg", with_frame_size(jpeg, 48, 0), "height"
    yield "bmp_0.bmp", bmp(0, 100), "no pixels"
    # Within the limits, and without the data for it.
    yield "png_hollow.png", png(8000, 6000, zlib.compress(bytes(1000))), "too few pixel data"
    yield "png_hollow_rgba16.png", png(8000, 6000, bombs[:1000], depth=16, color_type=6), "too few pixel data"
    yield "jpeg_hollow.jpg", with_frame_size(jpeg, 8000, 6000), "too short"
    yield "progressive_hollow.jpg", with_frame_size(progressive, 8000, 6000), "too short"
    yield "bmp_hollow.bmp", bmp(8000, 6000, pixels=bytes(1000)), "truncated"
    # A right header, and far more behind it.
    yield "idat_bomb.png", png(64, 64, bombs), "more pixels than the header says"
    yield "idat_one_row_more.png", png(64, 64, zlib.compress(rows(64, 65))), "more pixels than the header says"
    # Texts and profiles are never inflated: what they hide costs nothing, and the image beside them is whole.
    yield "ztxt_bomb.png", png(64, 64, zlib.compress(rows(64, 64)), chunk(b"zTXt", b"a\0\0" + bombs)), "64x64"
    yield "iccp_bomb.png", png(64, 64, zlib.compress(rows(64, 64)), chunk(b"iCCP", b"a\0\0" + bombs)), "64x64"
    yield "scans_101.jpg", many_scans(64, 64, 101), "more than 100 scans"
    yield "scans_882.jpg", many_scans(512, 512, 63 * 14), "more than 100 scans"
    yield "scans_large.jpg", many_scans(8000, 6000, 30), "too many scans for its size"
    # BMP with sizes that are not true.
    yield "bmp_offset_far.bmp", bmp(64, 64, offset=0xFFFFFFFF, pixels=bytes(64 * 64 * 3)), "truncated"
    yield "bmp_offset_inside.bmp", bmp(64, 64, offset=20, pixels=bytes(64 * 64 * 3)), "begin inside the header"
    yield "bmp_height_min.bmp", bmp(64, -(2**31), pixels=bytes(100)), "impossible size"
    yield "bmp_width_negative.bmp", bmp(-64, 64, pixels=bytes(64 * 64 * 3)), "no pixels"
    yield "bmp_palette_of_millions.bmp", bmp(64, 64, 8, offset=54 + 8_000_000, colors=2_000_000, palette=bytes(8_000_000), pixels=bytes(4096)), "damaged"
