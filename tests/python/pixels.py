"""Runs core_probe, natively or as WebAssembly, and hashes pixels as the core does."""

import hashlib
import os
import pathlib
import subprocess

import numpy

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LOBULE = pathlib.Path(os.environ.get("LOBULE_BIN", REPOSITORY / "build" / "release" / "bin" / "lobule"))
DATA = pathlib.Path(os.environ.get("LOBULE_DATA") or REPOSITORY.parent / "shared" / "data")
NATIVE = [str(LOBULE.parent / "core_probe")]
WASM_PROGRAM = REPOSITORY / "build" / "wasm" / "bin" / "core_probe.js"
WASM = ["node", "--no-experimental-fetch", str(WASM_PROGRAM)]


def answers(jobs, folder, program=None):
    """One answer for each job (see core_probe.cpp), in order."""
    file = folder / "jobs.txt"
    file.write_text("".join(job + "\n" for job in jobs))
    done = subprocess.run([*(program or NATIVE), str(file)], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(jobs)
    return lines


def describe(rgb):
    """The core's answer for these pixels: [height, width, 3] of 8 bits."""
    height, width, _ = rgb.shape
    digest = hashlib.sha256(f"{width}x{height}\n".encode() + numpy.ascontiguousarray(rgb, dtype=numpy.uint8).tobytes())
    return f"{width} {height} {digest.hexdigest()}"
