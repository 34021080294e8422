"""What a BMP's pixels are, written out with numpy: 1, 4 and 8 bits by the palette, 16, 24 and 32 bits, bottom-up or top-down, colour masks.

A masked colour of up to 8 bits is spread over 0..255 by repeating its bits; alpha counts only where it has a mask.
"""

import struct

import numpy

DEFAULT_MASKS = {16: (0x7C00, 0x3E0, 0x1F, 0), 32: (0xFF0000, 0xFF00, 0xFF, 0)}


def spread(values, mask):
    lowest = (mask & -mask).bit_length() - 1
    bits = (mask >> lowest).bit_length()
    value = (values & mask) >> lowest
    result = 0
    for shift in range(8 - bits, -bits, -bits):
        result = result | (value << shift if shift >= 0 else value >> -shift)
    return result


def bmp_rgb(data):
    """[height, width, 3], 8 bits."""
    offset, info_bytes = struct.unpack("<II", data[10:18])
    if info_bytes == 12:
        width, height, _, bits = struct.unpack("<HHHH", data[18:26])
        compression = 0
    else:
        width, height, _, bits, compression = struct.unpack("<iiHHI", data[18:34])
    row_bytes = (width * bits + 31) // 32 * 4
    pixels = data[offset : offset + row_bytes * abs(height)].ljust(row_bytes * abs(height), b"\0")  # the last padding may be missing
    rows = numpy.frombuffer(pixels, numpy.uint8).reshape(-1, row_bytes)
    rows = rows[::-1] if height > 0 else rows
    if bits == 24:
        return rows[:, : 3 * width].reshape(-1, width, 3)[..., ::-1]
    if bits <= 8:
        entry_bytes = 3 if info_bytes == 12 else 4
        entries = numpy.frombuffer(data[14 + info_bytes : offset], numpy.uint8)
        entries = entries[: len(entries) // entry_bytes * entry_bytes].reshape(-1, entry_bytes)[: 1 << bits, 2::-1]
        palette = numpy.zeros((256, 3), numpy.uint8)
        palette[: len(entries)] = entries
        indices = numpy.unpackbits(rows, axis=1).reshape(len(rows), -1, bits) @ (1 << numpy.arange(bits)[::-1])
        return palette[indices[:, :width]]
    masks = DEFAULT_MASKS[bits]
    if compression == 3:
        masks = struct.unpack("<4I", data[54:70]) if info_bytes >= 56 else (*struct.unpack("<3I", data[54:66]), 0)
    values = rows[:, : width * bits // 8].copy().view("<u2" if bits == 16 else "<u4").astype(numpy.int64)
    color = numpy.stack([spread(values, mask) for mask in masks[:3]], -1)
    alpha = spread(values, masks[3])[..., None] if masks[3] else 255
    return (2 * (color * alpha + 255 * (255 - alpha)) + 255) // 510
