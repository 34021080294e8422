"""Damages files and prints what the decoder makes of them: refused, decoded to the intact file's pixels, or changed without a word.

python damaged_files.py [--all]      status 1 when a damage that a checksum or a length shows was not seen, or a hostile file cost too much
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import zlib

import numpy
from drawn_files import draw_files, saved, tissue
from hostile_files import hostile_files, png
from PIL import Image
from pixels import DATA, LOBULE, answers

PROBE = str(LOBULE.parent / "damage_probe")
FILES_OF_A_KIND = 10
SMALL_BYTES = 20_000  # cut off at every byte; larger files at LARGE_PLACES
LARGE_PLACES = 500
FLIPS = 1000
# What a hostile file may cost: time on the wall's clock, and memory of the whole process beyond the file's own bytes.
MOST_MILLISECONDS = 100
MOST_KIB = 16 * 1024


def whole_files(folder):
    """{kind: ten files}: drawn ones, and where there are real images three large ones of each kind made from them."""
    drawn = folder / "drawn"
    drawn.mkdir()
    draw_files(drawn)
    kinds = {
        "PNG": sorted(drawn.glob("*.png")),
        "JPEG baseline": sorted(drawn.glob("jpeg_*.jpg")),
        "JPEG progressive": sorted(drawn.glob("progressive_*.jpg")),
        "BMP": sorted(drawn.glob("*.bmp")),
    }
    for path in sorted((DATA / "corpus").rglob("*")):
        if path.name in ("peacock.progressive.jpeg", "peacock.progressive.scan009.jpeg"):
            kinds["JPEG progressive"].append(path)
        elif path.name in ("hippopotamus.bmp", "hat.bmp", "pjw-thumbnail.bmp"):
            kinds["BMP"].append(path)
    real = sorted((DATA / "breakhis").rglob("*.jpg"))
    for number, path in enumerate(real[:: max(1, len(real) // 3)][:3]):
        image = Image.open(path)
        for kind, suffix, options in (
            ("PNG", "png", {}),
            ("JPEG progressive", "jpg", {"progressive": True, "quality": 90}),
            ("BMP", "bmp", {}),
        ):
            target = folder / f"{kind.split()[-1]}_{number}.{suffix}"
            target.write_bytes(saved(image, kind.split()[0], **options))
            kinds[kind].insert(0, target)
        kinds["JPEG baseline"].insert(0, path)
    for name, options in (("a", {"quality": 60}), ("b", {"optimize": True}), ("c", {"subsampling": 2})):
        target = folder / f"small_{name}.jpg"
        target.write_bytes(saved(Image.open(drawn / "rgb.png"), "JPEG", progressive=True, **options))
        kinds["JPEG progressive"].append(target)
    return {kind: paths[:FILES_OF_A_KIND] for kind, paths in kinds.items()}


def outcomes(action, count, paths):
    """[(refused, intact, changed)] of each file."""
    done = subprocess.run([PROBE, action, str(count), *map(str, paths)], capture_output=True, text=True, check=True)
    return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]


def total(rows):
    return tuple(map(sum, zip(*rows)))


def truncations(paths, places):
    """Sums over the files, each cut off at every byte where it is small."""
    rows = []
    for path in paths:
        rows += outcomes("truncate", SMALL_BYTES if path.stat().st_size <= SMALL_BYTES else places, [path])
    return total(rows)


def flips_behind_right_checksums(count, folder):
    """(refused, intact, changed): one bit of a PNG's compressed data flipped, the chunk's CRC made anew. Only the data's own checksum is left."""
    random = numpy.random.default_rng(7)
    rgb = tissue(40, 30)
    stream = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rgb))
    jobs = []
    for number in range(count + 1):  # the first one is whole
        damaged = bytearray(stream)
        damaged[int(random.integers(len(stream)))] ^= (1 << int(random.integers(8))) if number else 0
        path = folder / f"flip_{number}.png"
        path.write_bytes(png(40, 30, bytes(damaged)))
        jobs.append(f"decode {path}")
    whole, *got = answers(jobs, folder)
    refused = sum(answer.startswith("error: PNG") for answer in got)
    intact = got.count(whole)
    return refused, intact, count - refused - intact


def scan_kinds(folder):
    """{kind: a JPEG} for flips in entropy-coded data: a real image where there is one."""
    real = next(iter(sorted((DATA / "breakhis").rglob("*.jpg"))), folder / "drawn" / "rgb.png")
    image = Image.open(real)
    kinds = {}
    for kind, options in (
        ("baseline 4:4:4", {"subsampling": 0}),
        ("baseline 4:2:0", {"subsampling": 2}),
        ("baseline, a restart marker a row", {"subsampling": 0, "restart_marker_rows": 1}),
        ("progressive 4:2:0", {"subsampling": 2, "progressive": True}),
    ):
        kinds[kind] = folder / f"scan_{len(kinds)}.jpg"
        kinds[kind].write_bytes(saved(image, "JPEG", quality=95, **options))
    return kinds


def cost(path):
    """(milliseconds, KiB at most, answer), the quickest of three: other programs take time, too."""
    runs = []
    for _ in range(3):
        done = subprocess.run([PROBE, "cost", str(path)], capture_output=True, text=True, check=True)
        milliseconds, kib, answer = done.stdout.strip().split(" ", 2)
        runs.append((float(milliseconds), int(kib), answer))
    return min(runs)


def is_answered(answer, expected):
    return answer == expected or (answer.startswith("refused: ") and expected in answer)


def hostile_costs(folder):
    """(name, bytes, milliseconds, KiB beyond an idle process and the file, answer, what it must say)."""
    idle = folder / "idle"
    idle.write_bytes(b"?")
    idle_kib = cost(idle)[1]
    for name, data, expected in hostile_files():
        path = folder / name
        path.write_bytes(data)
        milliseconds, kib, answer = cost(path)
        yield name, len(data), milliseconds, max(0, kib - idle_kib - len(data) // 1024), answer, expected


def print_table(header, rows):
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="also the counts that take long")
    share = 1 if parser.parse_args().all else 0.1
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        kinds = whole_files(folder)
        cuts = {kind: truncations(paths, int(LARGE_PLACES * share)) for kind, paths in kinds.items()}
        flips = total(outcomes("flip", int(FLIPS * share) // FILES_OF_A_KIND, kinds["PNG"]))
        recomputed = flips_behind_right_checksums(int(FLIPS * share), folder)
        print_table(
            ["damage", "files", "refused", "intact pixels", "changed pixels"],
            [
                *([f"{kind} cut off", len(kinds[kind]), *counts] for kind, counts in cuts.items()),
                ["one bit of a PNG flipped", len(kinds["PNG"]), *flips],
                ["one bit of a PNG's compressed data flipped, its CRC made anew", 1, *recomputed],
            ],
        )
        scans = {kind: total(outcomes("flip-scan", int(FLIPS * share), [path])) for kind, path in scan_kinds(folder).items()}
        print_table(
            ["one bit of a JPEG's entropy-coded data flipped", "refused", "intact pixels", "changed pixels", "unseen"],
            [[kind, *counts, f"{100 * counts[2] / sum(counts):.1f} %"] for kind, counts in scans.items()],
        )
        costs = list(hostile_costs(folder))
        print_table(["hostile file", "bytes", "ms", "KiB", "answer"], [[name, size, f"{ms:.1f}", kib, answer] for name, size, ms, kib, answer, _ in costs])
    unseen = sum(counts[2] for counts in [*cuts.values(), flips, recomputed])
    dear = [name for name, _, ms, kib, answer, expected in costs if ms > MOST_MILLISECONDS or kib > MOST_KIB or not is_answered(answer, expected)]
    print(f"{unseen} damages unseen; {len(dear)} of {len(costs)} hostile files not answered rightly within {MOST_MILLISECONDS} ms and {MOST_KIB // 1024} MiB {dear or ''}")
    return 1 if unseen or dear else 0


if __name__ == "__main__":
    sys.exit(main())
