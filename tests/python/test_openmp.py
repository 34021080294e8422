"""Two OpenMP runtimes in one process would each start a thread a processor and get in each other's way: lobule must run on LibTorch's alone."""

import pathlib
import re
import subprocess
import time

from program import LOBULE

RUNTIMES = re.compile(r"/lib(gomp|iomp5|omp)[-.\w]*\.so[.\d]*$")


def runtimes_of(process):
    """Paths of the OpenMP runtimes that a process has mapped."""
    files = {line.split(maxsplit=5)[-1].strip() for line in pathlib.Path(f"/proc/{process}/maps").read_text().splitlines() if "/" in line}
    return {file for file in files if RUNTIMES.search(file)}


def test_a_training_runs_on_one_openmp_runtime(phantoms, split_file, tmp_path):
    command = [LOBULE, "train", phantoms, "--split", split_file, "--out", tmp_path / "run", "--input-size", "48x32", "--epochs", "1000", "--patience", "0"]
    with subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as training:
        try:
            while not (tmp_path / "run" / "history.jsonl").exists():  # an epoch is over: whatever computes is loaded
                assert training.poll() is None
                time.sleep(0.05)
            runtimes = runtimes_of(training.pid)
        finally:
            training.kill()
    assert len(runtimes) == 1, runtimes
