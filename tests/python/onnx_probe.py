"""Runs onnx_probe, which stands beside the program: the trainer's interpreter of ONNX files."""

import json
import subprocess

import numpy as np

from probe import LOBULE


def interpret(model_file, x, folder):
    """Outputs of the interpreter by name; x: float32 [N, ...]."""
    input_file = folder / "input.f32"
    x.astype("<f4").tofile(input_file)
    done = subprocess.run([str(LOBULE.parent / "onnx_probe"), str(model_file), str(input_file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name: np.array(out["values"], np.float32).reshape(out["shape"]) for name, out in json.loads(done.stdout).items()}
