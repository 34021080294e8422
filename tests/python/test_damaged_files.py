"""Nothing broken is decoded as if it were whole. What is counted here in small, scripts/damaged_files counts in full."""

import os
import struct
import zlib

import pytest
from damaged_files import (
    FILES_OF_A_KIND,
    FLIPS,
    LARGE_PLACES,
    MOST_KIB,
    MOST_MILLISECONDS,
    flips_behind_right_checksums,
    hostile_costs,
    is_answered,
    outcomes,
    scan_kinds,
    total,
    truncations,
    whole_files,
)
from drawn_files import saved, tissue
from hostile_files import chunk, png
from PIL import Image
from pixels import answers

LONG = bool(os.environ.get("LOBULE_LONG"))
SHARE = 1 if LONG else 0.1


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    return whole_files(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG baseline", "JPEG progressive", "BMP"])
def test_a_file_cut_off_is_refused_or_shows_the_intact_pixels(kind, kinds):
    refused, intact, changed = truncations(kinds[kind], int(LARGE_PLACES * SHARE))
    assert changed == 0
    assert refused > 1000
    # Only a BMP may lose bytes that hold no pixel: the padding of its last row.
    assert intact == 0 or (kind == "BMP" and intact <= 3 * FILES_OF_A_KIND)


def test_a_flipped_bit_of_a_png_is_seen(kinds):
    _, _, changed = total(outcomes("flip", int(FLIPS * SHARE) // FILES_OF_A_KIND, kinds["PNG"]))
    assert changed == 0


def test_a_flipped_bit_of_a_png_is_seen_although_the_chunks_checksum_was_made_anew(tmp_path):
    refused, intact, changed = flips_behind_right_checksums(int(FLIPS * SHARE), tmp_path)
    assert changed == 0
    assert refused > 10 * intact


def test_flipped_bits_of_entropy_coded_data_are_seen_in_part_at_best(kinds, tmp_path_factory):
    """JPEG has no checksum. Restart markers and a progressive file's many scans show some damage; the documents say how much."""
    folder = tmp_path_factory.mktemp("scans")
    (folder / "drawn").mkdir()
    (folder / "drawn" / "rgb.png").write_bytes(saved(Image.fromarray(tissue(300, 200)), "PNG"))
    for kind, path in scan_kinds(folder).items():
        refused, intact, changed = total(outcomes("flip-scan", int(FLIPS * SHARE), [path]))
        assert refused + intact + changed == int(FLIPS * SHARE)
        if "restart" in kind or "progressive" in kind:
            assert refused > 0, kind


def scans_of(jpeg):
    """(what comes before the first scan, [each scan with the segments before it])."""
    starts, at = [], 2
    while True:
        marker = jpeg[at + 1]
        if marker == 0xD9:
            break
        (length,) = struct.unpack(">H", jpeg[at + 2 : at + 4])
        end = at + 2 + length
        if marker == 0xDA:
            while jpeg[end] != 0xFF or jpeg[end + 1] == 0 or 0xD0 <= jpeg[end + 1] <= 0xD7:
                end += 1
            starts.append((at, end))
        at = end
    tables = [starts[0][0], *(end for _, end in starts)]
    return jpeg[: starts[0][0]], [jpeg[begin:end] for begin, (_, end) in zip(tables, starts)]


@pytest.mark.parametrize("mode,subsampling", [("RGB", 0), ("RGB", 1), ("RGB", 2), ("L", 0)])
def test_a_progressive_jpeg_that_lacks_any_one_of_its_scans_is_refused(mode, subsampling, tmp_path):
    whole = saved(Image.fromarray(tissue(70, 50)).convert(mode), "JPEG", progressive=True, subsampling=subsampling)
    header, scans = scans_of(whole)
    assert header + b"".join(scans) + b"\xff\xd9" == whole
    assert len(scans) >= 6
    paths = []
    for missing in range(len(scans)):
        kept = scans[:missing] + scans[missing + 1 :]
        paths.append(tmp_path / f"{missing}.jpg")
        paths[-1].write_bytes(header + b"".join(kept) + b"\xff\xd9")
    for missing, answer in enumerate(answers([f"decode {path}" for path in paths], tmp_path)):
        assert answer.startswith("error: JPEG"), f"scan {missing}: {answer}"


def test_hostile_files_are_answered_soon_and_with_little_memory(tmp_path):
    count = 0
    for name, _, milliseconds, kib, answer, expected in hostile_costs(tmp_path):
        assert is_answered(answer, expected), f"{name}: {answer}"
        assert milliseconds < MOST_MILLISECONDS, name
        assert kib < MOST_KIB, name
        count += 1
    assert count > 20


def test_pixel_data_with_a_wrong_inner_checksum_are_refused_although_the_chunks_is_right(tmp_path):
    rows = b"".join(b"\0" + bytes([y] * 60) for y in range(20))
    stream = zlib.compress(rows)
    kinds = {
        "whole": stream,
        "extra": stream + b"behind the stream",
        "wrong": stream[:-1] + bytes([stream[-1] ^ 1]),
        "missing": stream[:-4],
        "cut": stream[:-2],
    }
    paths = [tmp_path / f"{name}.png" for name in kinds]
    for path, data in zip(paths, kinds.values()):
        path.write_bytes(png(20, 20, data))
    whole, extra, *damaged = answers([f"decode {path}" for path in paths], tmp_path)
    assert not whole.startswith("error") and extra == whole
    assert all(answer.startswith("error: PNG pixel data are damaged") for answer in damaged), damaged


def test_a_stream_spread_over_many_chunks_is_one_stream(tmp_path):
    rows = b"".join(b"\0" + bytes([y] * 60) for y in range(20))
    whole = png(20, 20, zlib.compress(rows))
    split = b"".join(chunk(b"IDAT", bytes([byte])) for byte in zlib.compress(rows))
    start = whole.index(b"IDAT") - 4
    (tmp_path / "whole.png").write_bytes(whole)
    (tmp_path / "split.png").write_bytes(whole[:start] + split + whole[whole.index(b"IEND") - 4 :])
    first, second = answers([f"decode {tmp_path / name}" for name in ("whole.png", "split.png")], tmp_path)
    assert first == second and not first.startswith("error")


# The worst shapes of compressed data: stored blocks, fixed codes, none at all.
@pytest.mark.parametrize("level,strategy", [(0, zlib.Z_DEFAULT_STRATEGY), (9, zlib.Z_FIXED), (9, zlib.Z_HUFFMAN_ONLY), (9, zlib.Z_RLE)])
def test_every_way_to_deflate_has_its_checksum_found(level, strategy, tmp_path):
    for length in range(1, 40):  # the stream ends on each bit of a byte
        rows = b"".join(b"\0" + bytes((x * y * length) % 251 for x in range(3 * length)) for y in range(1, 4))
        pack = zlib.compressobj(level, zlib.DEFLATED, 15, 8, strategy)
        (tmp_path / f"{length}.png").write_bytes(png(length, 3, pack.compress(rows) + pack.flush()))
    got = answers([f"decode {tmp_path / f'{length}.png'}" for length in range(1, 40)], tmp_path)
    assert [answer.split()[:2] for answer in got] == [[str(length), "3"] for length in range(1, 40)]
