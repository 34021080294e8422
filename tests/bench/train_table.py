"""lobule's training against a Python script of the same work, in one run: a table in Markdown on stdout, progress on stderr.

train_table.py [--quick] DATA    DATA: a folder of images that `lobule train` takes. --quick: two repeats over few images, to see that all works

The sides take turns, so that what else the machine does falls on both. Figures are medians of the repeats, with the lowest and the highest. Python runs twice: as
it comes, and with freed memory kept (train_peer.py); a goal is held against the better of the two. Python's way of making batches is chosen first, for
each network and for the pipeline alone, as the fastest on this machine. Needs 16 GB of memory.
"""

import os
import pathlib
import platform
import shutil
import signal
import statistics
import sys
import tempfile
import time

from train_sides import PeakMemory, lobule, open_sides, python

QUICK = sys.argv[1:2] == ["--quick"]
REPEATS = 2 if QUICK else 5
LITE = {"network": "efficientnet_lite0", "input_size": "336x224", "batch_size": 32, "images": 32 if QUICK else 160}
SEED = {"network": "seed_cnn", "input_size": "144x96", "batch_size": 32, "images": 64 if QUICK else 0}
PIPELINE = {**LITE, "images": SEED["images"]}
WAYS = ["files", "memmap-pil", "memmap-torch"]
WORKERS = [0, 2] if QUICK else [0, 1, 2, 4]
SWEEP = 32 if QUICK else 160  # images
PYTHONS = ["Python", "Python, memory kept"]

THREADS = len(os.sched_getaffinity(0))


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Table:
    """A row a measure."""

    def __init__(self):
        self.rows = []

    def add(self, name, unit, values, goal=None, more_is_better=True):
        """values: {side: figures of the repeats}. goal: ("at least"|"at most", ratio to the better Python)."""
        medians = {side: statistics.median(figures) for side, figures in values.items()}
        pythons = [medians[side] for side in PYTHONS if side in medians]
        ratio = medians["lobule"] / (max if more_is_better else min)(pythons) if pythons else None
        cells = [ranged(values[side]) if side in values else "" for side in ["lobule", *PYTHONS]]
        self.write(f"{name}, {unit}", cells, ratio, goal)

    def write(self, name, cells, ratio, goal, suffix="x Python's"):
        """goal: (sign, limit) of the ratio."""
        met = ""
        if goal:
            sign, limit = goal
            met = "met" if (ratio >= limit if sign == ">=" else ratio <= limit) else "MISSED"
        shown = "" if ratio is None else f"{ratio:.2f}"
        self.rows.append([name, *cells, shown, f"{goal[0]} {goal[1]:g}{suffix}" if goal else "", met])
        say(" | ".join(self.rows[-1]))

    def print(self):
        print("| measure | lobule | Python | Python, memory kept | ratio | goal | |\n|---|---|---|---|---|---|---|")
        for row in self.rows:
            print(f"| {' | '.join(row)} |")


def ranged(figures):
    digits = 0 if min(figures) >= 100 else 2
    return f"{statistics.median(figures):.{digits}f} ({min(figures):.{digits}f} to {max(figures):.{digits}f})"


class Measurement:
    def __init__(self, data, folder):
        self.folders = (data, folder)
        self.table = Table()
        self.ways = {}
        self.facts = []

    def starts(self, settings, way, loader_threads=0):
        """What starts each side."""
        both = {"threads": THREADS, **settings}
        return {"lobule": lambda: lobule(*self.folders, loader_threads=loader_threads, **both), PYTHONS[0]: lambda: python(*self.folders, way=way, **both),
                PYTHONS[1]: lambda: python(*self.folders, way=way, memory="kept", **both)}

    def alternate(self, settings, way, lines, loader_threads=0):
        """{line: {side: images a second of each repeat}}; a first round fills caches."""
        speeds = {line: {} for line in lines}
        with open_sides({name: start() for name, start in self.starts(settings, way, loader_threads).items()}) as sides:
            answers = [side.ask("load") for side in sides.values()]
            assert len({(answer["images"], answer["threads"], answer["optimizer"].lower()) for answer in answers}) == 1, answers
            self.facts.append((settings, answers))
            for repeat in range(REPEATS + 1):
                for line in lines:
                    for name, side in sides.items():
                        speed = side.speed(line)
                        if repeat > 0:
                            speeds[line].setdefault(name, []).append(speed)
        return speeds

    def sweep(self, what, line, settings, ways):
        """Python's fastest way of making batches."""
        with open_sides({"Python": python(*self.folders, threads=THREADS, **settings)}) as sides:
            speeds = {}
            for way in ways:
                sides["Python"].ask(f"use {way[0]} {way[1]}")
                sides["Python"].ask("pipeline")  # starts the workers
                speeds[way] = sides["Python"].speed(line)
                say(f"{what}: {way[0]}, {way[1]} workers: {speeds[way]:.1f} images/s")
        self.ways[what] = max(speeds, key=speeds.get)
        return speeds

    def choose_ways(self):
        every = [(way, workers) for way in WAYS for workers in WORKERS]
        speeds = self.sweep("pipeline", "pipeline", {**PIPELINE, "images": SWEEP}, every)
        best = [max(((way, workers) for way in WAYS), key=speeds.get) for workers in WORKERS]
        self.sweep("efficientnet_lite0", "epoch", {**LITE, "images": min(SWEEP, 96)}, best)
        self.sweep("seed_cnn", "epoch", {**SEED, "images": SWEEP}, every)

    def speeds(self):
        lite = self.alternate(LITE, self.ways["efficientnet_lite0"], ["compute", "epoch"])
        self.table.add("efficientnet_lite0, compute alone", "images/s", lite["compute"], (">=", 1.0))
        self.table.add(f"efficientnet_lite0, epoch of {LITE['images']} images", "images/s", lite["epoch"], (">=", 1.05))
        epoch, compute = (statistics.median(lite[line]["lobule"]) for line in ("epoch", "compute"))
        self.table.write("efficientnet_lite0, epoch", [f"{epoch:.2f}", "", ""], epoch / compute, (">=", 0.97), "x its compute alone")
        seed = self.alternate(SEED, self.ways["seed_cnn"], ["compute", "epoch"])
        self.table.add("seed_cnn, compute alone", "images/s", seed["compute"], (">=", 1.0))
        self.table.add("seed_cnn, epoch of all images", "images/s", seed["epoch"], (">=", 2.0))
        pipeline = self.alternate(PIPELINE, self.ways["pipeline"], ["pipeline"], loader_threads=THREADS)
        self.table.add(f"pipeline alone, 336x224 (lobule's on {THREADS} threads)", "images/s", pipeline["pipeline"], (">=", 4.0))

    def memory(self):
        """Each side alone: pages of LibTorch that several share would be counted for each in part."""
        for settings in (LITE, SEED):
            settings, way = {**settings, "images": min(SWEEP, 64)}, self.ways[settings["network"]]
            peaks = {}
            for _ in range(REPEATS):
                for name, start in self.starts(settings, way).items():
                    with open_sides({name: start()}) as sides, PeakMemory(sides[name]) as memory:
                        sides[name].ask("epoch")
                        sides[name].ask("epoch")
                    peaks.setdefault(name, []).append(memory.peak)
            self.table.add(f"{settings['network']}, most memory", "MiB", peaks, ("<=", 1.0), more_is_better=False)

    def first_steps(self):
        """Of all images, decoded before."""
        for settings in (LITE, SEED):
            settings, way = {**settings, "images": 0}, self.ways[settings["network"]]
            begins, ends = {}, {}
            for repeat in range(REPEATS + 1):
                for name, start in self.starts(settings, way).items():
                    with open_sides({name: start()}) as sides:
                        sides[name].ask("first-step")
                        begun = time.perf_counter()
                        sides[name].read()
                        if repeat > 0:  # the first decodes
                            begins.setdefault(name, []).append(begun - sides[name].started)
                            ends.setdefault(name, []).append(time.perf_counter() - sides[name].started)
            for moment, seconds in (("begins", begins), ("has ended", ends)):
                cells = [ranged(seconds[name]) for name in ["lobule", *PYTHONS]]
                self.table.write(f"{settings['network']}, first step {moment}, seconds from the start", cells, statistics.median(seconds["lobule"]), ("<=", 2), " s")

    def first_epochs(self):
        """From the start of lobule's process, with nothing in the cache and with all in it."""
        for settings in (LITE, SEED):
            seconds = {"cold": [], "warm": []}
            for _ in range(REPEATS):
                with tempfile.TemporaryDirectory(dir=self.folders[1]) as cache:
                    for name, taken in seconds.items():
                        with open_sides({name: lobule(self.folders[0], cache, threads=THREADS, **settings)}) as sides:
                            sides[name].ask("epoch")
                            taken.append(time.perf_counter() - sides[name].started)
            cold, warm = (statistics.median(seconds[name]) for name in ("cold", "warm"))
            self.table.write(f"{settings['network']}, first epoch with an empty cache, seconds from the start", [ranged(seconds["cold"]), "", ""], cold / warm,
                             ("<=", 1.15), f"x {warm:.2f} s with a full one")

    def print(self):
        (_, (ours, theirs, _)), *_ = self.facts
        print(f"lobule: LibTorch {ours['libtorch']}, {ours['threads']} threads and {ours['loader_threads']} that makes batches. "
              f"Python {theirs['python']}: torch {theirs['torch']} (eager), Pillow {theirs['pillow']}, numpy {theirs['numpy']}, {theirs['threads']} threads; ReLU6 of "
              "the published port set to work in place; batches made by " +
              "; ".join(f"{way[0]} with {way[1]} workers ({what})" for what, way in self.ways.items()) + ". Both: channels_last, float32, fused " +
              " and ".join(f"{answers[0]['optimizer']} ({settings['network']})" for settings, answers in self.facts[:2]) +
              f", batches of {LITE['batch_size']}, mirrored, turned, zoomed by 1/1.25 to 1.25. {facts_of_machine()} Medians of {REPEATS} (lowest to highest), taking turns.\n")
        self.table.print()


def facts_of_machine():
    cpu = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), platform.machine())
    return f"{cpu}, {THREADS} cores, load {os.getloadavg()[0]:.1f} at the end."


def main():
    data = pathlib.Path(sys.argv[-1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("train_table: ended by a signal"))  # the folder of caches goes, too
    folder = pathlib.Path(tempfile.mkdtemp(prefix="train_bench-"))
    try:
        measurement = Measurement(data, folder)
        for part in (measurement.choose_ways, measurement.speeds, measurement.memory, measurement.first_steps, measurement.first_epochs):
            say(part.__name__.replace("_", " "))
            part()
        measurement.print()
    finally:
        shutil.rmtree(folder)


main()
