"""Measures quality on the real images, and on images spoilt on purpose, and prints the tables of docs/quality.md.

    .venv/bin/python tests/tools/measure_quality.py [--every N]

--every N: every N-th image of breakhis and idc only. Needs build/release/bin/lobule and stain_probe, and real images ($LOBULE_DATA or ../shared/data).
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
from PIL import Image, ImageDraw, ImageFilter

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from pixels import DATA, LOBULE, NATIVE, answers  # noqa: E402

PROBE = [NATIVE[0].replace("core_probe", "stain_probe")]
KEYS = ["glass_share", "tissue_share", "focus", "stain_hue_share", "stain_misfit", "pen_share"]
SPOILT = 10  # every so many of the images above are spoilt


def rows_of(name):
    with open(DATA / name / "manifest.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def real_sets(every):
    """Name of a set -> its files."""
    breakhis = rows_of("breakhis")[::every]
    idc = rows_of("idc")[::every]
    other = rows_of("out_of_scope")
    sets = {"breakhis, all": [row["path"] for row in breakhis]}
    sets |= {f"breakhis, {m}X": [row["path"] for row in breakhis if row["magnification"] == m] for m in ("40", "100", "200", "400")}
    sets |= {f"breakhis, {s}": [row["path"] for row in breakhis if row["source"] == s] for s in ("original", "squeezed")}
    sets = {name: [DATA / "breakhis" / path for path in paths] for name, paths in sets.items()}
    sets["idc, 50 x 50"] = [DATA / "idc" / row["path"] for row in idc]
    kinds = {"other_organ_he": "H&E of colon and lung", "other_stain": "other stains and channels", "photo": "photographs"}
    for kind, name in kinds.items():
        sets[name] = [DATA / "out_of_scope" / row["path"] for row in other if row["kind"] == kind]
    return sets


def phantoms(folder):
    """Drawn tissue of twenty laboratories."""
    command = [LOBULE, "phantom", folder, "--patients", "20", "--images-per-patient", "5", "--size", "700x460"]
    subprocess.run(command, check=True, capture_output=True)
    return sorted(folder.rglob("*.png"))


def scaled(light):
    """Another lamp or camera: samples times so much."""
    return lambda image: Image.fromarray(numpy.clip(numpy.asarray(image) * numpy.array(light) + 0.5, 0, 255).astype(numpy.uint8))


def stained(strength):
    """Another stain time: optical densities times so much (Lambert-Beer)."""
    return lambda image: Image.fromarray((255 * (numpy.asarray(image) / 255.0) ** strength + 0.5).astype(numpy.uint8))


def blurred(boxes):
    """Gaussian, its standard deviation in pixels of the reduced image."""
    return lambda image: image.filter(ImageFilter.GaussianBlur(boxes * max(1, min(image.size) // 224)))


def inked(ink, opacity):
    """A stroke of a marker across: ink lets a colour through, black hardly any."""

    def spoil(image):
        mask = Image.new("L", image.size)
        width, height = image.size
        ImageDraw.Draw(mask).line([(0, height // 4), (width, height // 2)], fill=255, width=height // 8)
        shaded = Image.fromarray((numpy.asarray(image) * (numpy.array(ink) / 255.0) * opacity + 0.5).astype(numpy.uint8))
        return Image.composite(shaded, image, mask)

    return spoil


def crossed(image):
    """Seen through the wrong stain: red and blue exchanged, so that eosin is orange."""
    return Image.merge("RGB", image.split()[::-1])


SPOILERS = {
    "as they are": lambda image: image,
    "warm light (1, 0.97, 0.85)": scaled([1, 0.97, 0.85]),
    "cool light (0.88, 0.95, 1)": scaled([0.88, 0.95, 1]),
    "greenish light (0.93, 1, 0.93)": scaled([0.93, 1, 0.93]),
    "dim light (0.75)": scaled([0.75, 0.75, 0.75]),
    "stain x 0.5": stained(0.5),
    "stain x 1.7": stained(1.7),
    "blur, 1 box": blurred(1),
    "blur, 2 boxes": blurred(2),
    "blur, 3 boxes": blurred(3),
    "blue ink": inked((70, 120, 200), 1),
    "green ink": inked((40, 150, 90), 1),
    "black ink": inked((40, 40, 40), 1),
    "red ink (not told from eosin)": inked((200, 50, 70), 1),
    "grey": lambda image: image.convert("L").convert("RGB"),
    "red and blue exchanged": crossed,
    "inverted": lambda image: Image.eval(image, lambda sample: 255 - sample),
}


def measured(files, folder):
    """A report for each file."""
    reports = []
    for report in answers([f"quality {file}" for file in files], folder, PROBE):
        if report.startswith("error"):
            raise SystemExit(report)
        reports.append(json.loads(report))
    return reports


def percent(count, total):
    return f"{100 * count / total:.1f} %" if count else "0"


def flagged_row(name, reports):
    failed = {key: 0 for key in KEYS}
    for report in reports:
        for measure in report["measures"]:
            failed[measure["key"]] += not measure["passed"]
    any_failed = sum(not report["passed"] for report in reports)
    return [name, str(len(reports)), percent(any_failed, len(reports)), *(percent(failed[key], len(reports)) for key in KEYS)]


def values_row(name, reports):
    cells = [name]
    for key in KEYS:
        values = [m["value"] for report in reports for m in report["measures"] if m["key"] == key and m["value"] is not None]
        digits = 0 if key == "focus" else 3
        low, middle, high = numpy.percentile(values, [1, 50, 99]) if values else [numpy.nan] * 3
        cells.append(f"{low:.{digits}f} · {middle:.{digits}f} · {high:.{digits}f}")
    return cells


def print_table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args().every
    sets = real_sets(every)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sets["phantoms"] = phantoms(folder / "phantoms")
        reports = {set_name: measured(files, folder) for set_name, files in sets.items()}
        print_table(["images", "n", "flagged", *KEYS], [flagged_row(*entry) for entry in reports.items()])
        print_table(["images: 1st · 50th · 99th percentile", *KEYS], [values_row(*entry) for entry in reports.items()])
        spoilt = {}
        for spoiler, spoil in SPOILERS.items():
            files = []
            for number, file in enumerate(sets["breakhis, all"][::SPOILT]):
                files.append(folder / f"{number}.bmp")
                spoil(Image.open(file).convert("RGB")).save(files[-1])
            spoilt[spoiler] = measured(files, folder)
        print_table(["breakhis, spoilt", "n", "flagged", *KEYS], [flagged_row(*entry) for entry in spoilt.items()])
        print_table(["breakhis, spoilt", *KEYS], [values_row(*entry) for entry in spoilt.items()])


if __name__ == "__main__":
    main()
