"""Runs the program lobule as a user does, and reads what it wrote."""

import csv
import os
import pathlib
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LOBULE = os.environ.get("LOBULE_BIN", str(REPOSITORY / "build" / "release" / "bin" / "lobule"))
RESEARCH_USE_ONLY = "For Research Use Only. Not for use in diagnostic procedures."


def run(*arguments, **keywords):
    return subprocess.run([LOBULE, *map(str, arguments)], capture_output=True, text=True, check=False, **keywords)


def refused(*arguments):
    """Runs what must be refused as bad input and returns the message."""
    done = run(*arguments)
    assert done.returncode == 1, (done.returncode, done.stderr)
    messages = [line for line in done.stderr.splitlines() if line.startswith("lobule: ")]
    assert len(messages) == 1, done.stderr
    return messages[0]


def images_of(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".png", ".jpg", ".jpeg", ".bmp"))


def rows_of(file):
    with open(file, newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))
