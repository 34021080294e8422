"""Runs metrics_probe, which stands beside the program: a table on stdin, the core's figures on stdout."""

import os
import pathlib
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LOBULE = pathlib.Path(os.environ.get("LOBULE_BIN", REPOSITORY / "build" / "release" / "bin" / "lobule"))
DATA = pathlib.Path(os.environ.get("LOBULE_DATA") or REPOSITORY.parent / "shared" / "data")


def probe(*arguments, table):
    command = [str(LOBULE.parent / "metrics_probe"), *map(str, arguments)]
    return subprocess.run(command, input=table, capture_output=True, text=True, check=True).stdout
