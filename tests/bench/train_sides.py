"""The programs that tests/bench/train_table.py compares, as processes that answer lines, and the memory that they hold."""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BENCH = REPOSITORY / "build" / "release" / "bin" / "train_bench"
PEER = REPOSITORY / "tests" / "bench" / "train_peer.py"
SAMPLE_SECONDS = 0.1


class Side:
    """A process; `started` is when it was (time.perf_counter)."""

    def __init__(self, command):
        self.errors = tempfile.TemporaryFile()
        self.started = time.perf_counter()
        self.process = subprocess.Popen([*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.read()

    def read(self):
        answer = self.process.stdout.readline()
        if not answer:
            self.process.wait()
            self.errors.seek(0)
            sys.exit(f"{self.process.args[0]} ended: {self.errors.read().decode()[-2000:]}")
        return json.loads(answer)

    def speed(self, line):
        """Images a second."""
        answer = self.ask(line)
        return answer["images"] / answer["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.errors.close()


def with_arguments(start, data, cache, **options):
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    return Side([*start, data, cache, *words])


def lobule(*folders, **options):
    return with_arguments([BENCH], *folders, **options)


def python(*folders, way=None, **options):
    """way: (name, workers), as `use` takes them."""
    side = with_arguments([sys.executable, PEER], *folders, **options)
    if way:
        side.ask(f"use {way[0]} {way[1]}")
    return side


@contextlib.contextmanager
def open_sides(sides):
    try:
        yield sides
    finally:
        for side in sides.values():
            side.close()


def family(process):
    """The process and all that it started."""
    processes = [process]
    for parent in processes:
        with contextlib.suppress(OSError):
            for thread in pathlib.Path(f"/proc/{parent}/task").iterdir():
                processes += map(int, (thread / "children").read_text().split())
    return processes


def pss_mebibytes(process):
    """Of the whole family; what several processes share is counted once (proc(5), smaps_rollup)."""
    total = 0
    for member in family(process):
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


class PeakMemory(threading.Thread):
    """The most that a side held while the block ran; what comes and goes between two looks is not seen."""

    def __init__(self, side):
        super().__init__(daemon=True)
        self.process, self.peak, self.done = side.process.pid, 0.0, threading.Event()

    def run(self):
        while not self.done.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, pss_mebibytes(self.process))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.join()
