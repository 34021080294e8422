"""What a PNG's pixels are, as lobule promises them, written out with numpy and zlib alone: every colour type and depth, interlaced or not.

16-bit samples keep their high byte (>> 8), alpha is composed over white and rounded half up, grey and palettes become RGB; gAMA, cHRM, sRGB,
iCCP and bKGD are ignored.
"""

import struct
import zlib

import numpy

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
# Adam7: first column, first row, steps across and down of each pass (PNG, section 8.2).
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunks(data):
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def paeth(left, above, corner):
    guess = left + above - corner
    nearest = min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))
    return nearest[2]


def unfilter(raw, height, row_bytes, pixel_bytes):
    """The rows without their filters, [height, row_bytes], and what is left of raw (section 9.2)."""
    rows = numpy.zeros((height, row_bytes), numpy.uint8)
    above = bytearray(row_bytes)
    for y in range(height):
        kind, line = raw[0], bytearray(raw[1 : 1 + row_bytes])
        raw = raw[1 + row_bytes :]
        for i in range(row_bytes):
            left = line[i - pixel_bytes] if i >= pixel_bytes else 0
            corner = above[i - pixel_bytes] if i >= pixel_bytes else 0
            line[i] = (line[i] + [0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner)][kind]) & 255
        rows[y] = above = line
    return rows, raw


def read_pass(raw, width, height, depth, channels):
    """Samples of one (sub)image, [height, width, channels], and what is left of raw."""
    row_bytes = (width * channels * depth + 7) // 8
    rows, raw = unfilter(raw, height, row_bytes, max(1, channels * depth // 8))
    if depth == 16:
        samples = rows.reshape(height, -1, 2).astype(numpy.int64) @ [256, 1]
    elif depth == 8:
        samples = rows.astype(numpy.int64)
    else:
        bits = numpy.unpackbits(rows, axis=1).reshape(height, -1, depth)
        samples = bits.astype(numpy.int64) @ (1 << numpy.arange(depth)[::-1])
    return samples[:, : width * channels].reshape(height, width, channels), raw


def read_samples(data):
    """(samples as stored [height, width, channels], colour type, depth, {chunk name: data})."""
    known = {}
    for name, content in chunks(data):
        known[name] = known.get(name, b"") + content if name == b"IDAT" else content
    width, height, depth, color_type, _, _, interlaced = struct.unpack(">IIBBBBB", known[b"IHDR"])
    raw = memoryview(zlib.decompress(known[b"IDAT"]))
    samples = numpy.zeros((height, width, CHANNELS[color_type]), numpy.int64)
    for left, top, across, down in PASSES if interlaced else [(0, 0, 1, 1)]:
        part = samples[top::down, left::across]
        if part.size:
            part[:], raw = read_pass(raw, part.shape[1], part.shape[0], depth, CHANNELS[color_type])
    return samples, color_type, depth, known


def over_white(color, alpha):
    """color * alpha + white * (1 - alpha), 8 bits, rounded half up."""
    return (2 * (color * alpha + 255 * (255 - alpha)) + 255) // 510


def png_rgb(data):
    """[height, width, 3], 8 bits."""
    samples, color_type, depth, known = read_samples(data)
    alpha = numpy.full((*samples.shape[:2], 1), 255)
    transparency = known.get(b"tRNS", b"")
    if color_type == 3:
        palette = numpy.zeros((256, 3), numpy.int64)
        entries = numpy.frombuffer(known[b"PLTE"], numpy.uint8).reshape(-1, 3)
        palette[: len(entries)] = entries
        opacity = numpy.full(256, 255)
        opacity[: len(transparency)] = list(transparency)
        alpha, color = opacity[samples], palette[samples[..., 0]]
    else:
        colors = samples.shape[2] - (color_type in (4, 6))
        if transparency:
            key = struct.unpack(f">{colors}H", transparency)
            alpha = numpy.where((samples == key).all(-1, keepdims=True), 0, 255)
        eight = samples >> 8 if depth == 16 else samples * 255 // ((1 << depth) - 1)
        color = numpy.broadcast_to(eight[..., :colors], (*samples.shape[:2], 3))
        if color_type in (4, 6):
            alpha = eight[..., colors:]
    return over_white(color, alpha)
