"""Writes baseline JPEG of any subsampling, with restart markers, in one scan or one a component: what Pillow cannot write."""

import struct

import numpy

# Position in the block, row by row, of each coefficient in zig-zag order (ITU-T T.81, figure A.6).
ZIGZAG = sorted(range(64), key=lambda at: (at // 8 + at % 8, at // 8 if (at // 8 + at % 8) % 2 else at % 8))
# Huffman tables as plain as can be: every symbol has the same length.
DC_SYMBOLS, DC_BITS = list(range(12)), 4
AC_SYMBOLS, AC_BITS = [0x00, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 11)], 8


def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def huffman_table(kind, symbols, bits):
    counts = [0] * 16
    counts[bits - 1] = len(symbols)
    return segment(0xC4, bytes([kind << 4, *counts, *symbols]))


class BitWriter:
    def __init__(self):
        self.text = []

    def put(self, value, bits):
        if bits:
            self.text.append(format(value, f"0{bits}b"))

    def take(self):
        """The bits so far, filled up with ones, each byte 0xFF stuffed."""
        bits = "".join(self.text)
        self.text = []
        bits += "1" * (-len(bits) % 8)
        return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).replace(b"\xff", b"\xff\x00")


def put_number(out, value, size):
    out.put(value if value > 0 else value + (1 << size) - 1, size)


def put_block(out, block, prediction):
    """block: 64 coefficients in zig-zag order."""
    difference = int(block[0]) - prediction
    size = abs(difference).bit_length()
    out.put(DC_SYMBOLS.index(size), DC_BITS)
    put_number(out, difference, size)
    run = 0
    last = numpy.flatnonzero(block[1:])[-1] + 1 if block[1:].any() else 0
    for value in map(int, block[1 : last + 1]):
        if value == 0:
            run += 1
            continue
        while run > 15:
            out.put(AC_SYMBOLS.index(0xF0), AC_BITS)
            run -= 16
        size = abs(value).bit_length()
        out.put(AC_SYMBOLS.index(run << 4 | size), AC_BITS)
        put_number(out, value, size)
        run = 0
    if last < 63:
        out.put(AC_SYMBOLS.index(0x00), AC_BITS)


def scan_data(components, restart_interval, mcus):
    """components: (blocks [rows, columns, 64], horizontal, vertical) of each; mcus: (rows, columns)."""
    out, data, predictions = BitWriter(), b"", [0] * len(components)
    for number in range(mcus[0] * mcus[1]):
        if restart_interval and number and number % restart_interval == 0:
            data += out.take() + bytes([0xFF, 0xD0 + (number // restart_interval - 1) % 8])
            predictions = [0] * len(components)
        row, column = divmod(number, mcus[1])
        for index, (blocks, horizontal, vertical) in enumerate(components):
            for y in range(vertical):
                for x in range(horizontal):
                    block = blocks[row * vertical + y, column * horizontal + x]
                    put_block(out, block, predictions[index])
                    predictions[index] = int(block[0])
    return data + out.take()


def write_jpeg(coefficients, sampling, width, height, quantiser=1, restart_interval=0, interleaved=True):
    """coefficients: of each component, whole MCUs: [block rows, block columns, 64 in zig-zag order], quantised. sampling: (horizontal, vertical) of each."""
    file = b"\xff\xd8" + segment(0xDB, bytes([0] + [quantiser] * 64))
    frame = b"".join(bytes([index + 1, h << 4 | v, 0]) for index, (h, v) in enumerate(sampling))
    file += segment(0xC0, struct.pack(">BHHB", 8, height, width, len(sampling)) + frame)
    file += huffman_table(0, DC_SYMBOLS, DC_BITS) + huffman_table(1, AC_SYMBOLS, AC_BITS)
    if restart_interval:
        file += segment(0xDD, struct.pack(">H", restart_interval))
    most_h, most_v = max(h for h, _ in sampling), max(v for _, v in sampling)
    scans = [list(range(len(sampling)))] if interleaved else [[index] for index in range(len(sampling))]
    for scan in scans:
        file += segment(0xDA, bytes([len(scan)] + [byte for index in scan for byte in (index + 1, 0)] + [0, 63, 0]))
        if len(scan) > 1:
            parts = [(coefficients[index], *sampling[index]) for index in scan]
            mcus = (-(-height // (8 * most_v)), -(-width // (8 * most_h)))
        else:  # a component alone has no MCUs of several blocks, and none of its blocks lies beyond its own edge (A.2.2)
            (h, v), parts = sampling[scan[0]], [(coefficients[scan[0]], 1, 1)]
            mcus = (-(-(-(-height * v // most_v)) // 8), -(-(-(-width * h // most_h)) // 8))
        file += scan_data(parts, restart_interval, mcus)
    return file + b"\xff\xd9"


def encode_jpeg(rgb, sampling, quantiser=2, **options):
    """rgb: [height, width, 3]. One component in sampling: grey."""
    height, width, _ = rgb.shape
    most_h, most_v = max(h for h, _ in sampling), max(v for _, v in sampling)
    padded = numpy.pad(rgb.astype(float), ((0, -height % (8 * most_v)), (0, -width % (8 * most_h)), (0, 0)), "edge")
    red, green, blue = padded[..., 0], padded[..., 1], padded[..., 2]
    luma = 0.299 * red + 0.587 * green + 0.114 * blue  # JFIF: ITU-R BT.601
    planes = [luma, 128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402]
    k, n = numpy.arange(8)[:, None], numpy.arange(8)[None, :]
    dct = numpy.cos((2 * n + 1) * k * numpy.pi / 16) / 2
    dct[0] /= numpy.sqrt(2)
    coefficients = []
    for plane, (h, v) in zip(planes, sampling):
        down, across = most_v // v, most_h // h
        plane = plane.reshape(plane.shape[0] // down, down, plane.shape[1] // across, across).mean((1, 3)) - 128
        blocks = plane.reshape(plane.shape[0] // 8, 8, plane.shape[1] // 8, 8).transpose(0, 2, 1, 3)
        frequencies = dct @ blocks @ dct.T
        coefficients.append(numpy.round(frequencies / quantiser).astype(int).reshape(*blocks.shape[:2], 64)[..., ZIGZAG])
    return write_jpeg(coefficients, sampling, width, height, quantiser, **options)
