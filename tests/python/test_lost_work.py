"""Nothing that a training has done is lost: kill -9 anywhere, disks that are full or broken, checkpoints that are damaged.

Whatever happens, `--resume` ends with the weights, the history and the model of a run that nothing happened to. `scripts/test --long` tries every file
operation and 200 kills; otherwise a sample.
"""

import errno
import json
import os
import pathlib
import random
import signal
import subprocess
import time

import pytest

from program import LOBULE, refused, run
from test_train import digest, history, tensors

LONG = bool(os.environ.get("LOBULE_LONG"))
SHIM = pathlib.Path(LOBULE).parent / "failing_files.so"
OPTIONS = ["--epochs", "6", "--input-size", "48x32", "--batch-size", "16", "--threads", "1", "--patience", "0", "--weight-average", "0.9", "--accumulate", "2",
           "--warmup", "1", "--schedule", "cosine", "--checkpoint-minutes", "1e-9"]  # a checkpoint after each step: most moments are near one, and each run has as many file operations as the other


def train(data, folder, *more, **environment):
    command = [LOBULE, "train", data, "--out", folder, *OPTIONS, *more]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, env={**os.environ, **{k: str(v) for k, v in environment.items()}})


@pytest.fixture(scope="module")
def undisturbed(twenty_patients, tmp_path_factory):
    """A run that nothing happened to, its seconds, and its number of file operations."""
    folder = tmp_path_factory.mktemp("runs") / "undisturbed"
    count = folder.parent / "count"
    start = time.monotonic()
    done = train(twenty_patients, folder, LD_PRELOAD=SHIM, FAIL_UNDER=folder, FAIL_COUNT=count)
    assert done.returncode == 0, done.stderr
    return folder, time.monotonic() - start, int(count.read_text())


def check_no_file_is_damaged(folder):
    """Every file under its own name is whole, whatever happened to the program."""
    for file in folder.rglob("*"):
        if file.suffix == ".safetensors":
            assert tensors(file), file
        elif file.suffix == ".json":
            json.loads(file.read_text())
        elif file.name == "history.jsonl":
            history(folder)
        elif file.name == "model.onnx":
            assert run("inspect", file).returncode == 0
        elif file.name == "report.html":
            assert file.read_text().rstrip().endswith("</html>")
        elif file.suffix == ".svg":
            assert file.read_text().endswith("</svg>\n")


def check_it_ends_as_if_nothing_had_happened(twenty_patients, folder, undisturbed):
    """Resumes, or starts where the run had not begun."""
    begun = (folder / "config.json").exists()
    done = train(twenty_patients, folder, *(["--resume"] if begun else []))
    assert done.returncode == 0, done.stderr
    whole = undisturbed[0]
    assert digest(folder / "checkpoints/last.safetensors") == digest(whole / "checkpoints/last.safetensors")
    assert (folder / "checkpoints/best.safetensors").read_bytes() == (whole / "checkpoints/best.safetensors").read_bytes()
    assert history(folder) == history(whole)
    for name in ["predictions.csv", "evaluation.json"]:
        ours, theirs = [(f / name).read_text() for f in (folder, whole)]
        assert len(ours) == len(theirs), name  # the model's digest differs: its history holds seconds
    assert not [file for file in folder.rglob("*") if ".part" in file.name or file.name.endswith(".link")]


def sample(numbers, count):
    numbers = list(numbers)
    return numbers if LONG else sorted(random.Random(1).sample(numbers, min(count, len(numbers))))


def test_each_operation_on_a_file_may_fail_and_nothing_is_lost(twenty_patients, undisturbed, tmp_path):
    messages = 0
    for at in sample(range(1, undisturbed[2] + 1), 12):
        cause = errno.ENOSPC if at % 2 else errno.EIO
        folder = tmp_path / f"run{at}"
        done = train(twenty_patients, folder, LD_PRELOAD=SHIM, FAIL_UNDER=folder, FAIL_AT=at, FAIL_WITH=cause)
        assert done.returncode in (0, 1), (at, done.stderr)
        if done.returncode == 1:
            assert str(folder) in done.stderr and os.strerror(cause) in done.stderr, (at, done.stderr)
            messages += 1
        check_no_file_is_damaged(folder) if folder.exists() else None
        check_it_ends_as_if_nothing_had_happened(twenty_patients, folder, undisturbed)
    print(f"{messages} of {undisturbed[2]} ended the run with a message")
    assert messages > 0


def test_a_run_killed_inside_any_file_operation_goes_on_to_the_same_end(twenty_patients, undisturbed, tmp_path):
    for at in sample(range(1, undisturbed[2] + 1), 5):
        folder = tmp_path / f"run{at}"
        done = train(twenty_patients, folder, LD_PRELOAD=SHIM, FAIL_UNDER=folder, FAIL_AT=at, FAIL_WITH=0)
        assert done.returncode == -signal.SIGKILL, at
        check_no_file_is_damaged(folder) if folder.exists() else None
        check_it_ends_as_if_nothing_had_happened(twenty_patients, folder, undisturbed)


def test_a_run_terminated_at_any_file_operation_ends_in_order_and_goes_on_to_the_same_end(twenty_patients, undisturbed, tmp_path):
    """A signal during a training is noted, also while its last epoch is saved; before and after it, it ends the program."""
    in_order = 0
    end = undisturbed[2]
    for at in sample(range(1, end + 1), 4) if LONG else [*sample(range(1, end + 1), 4), *range(end - 75, end - 25, 4)]:
        folder = tmp_path / f"run{at}"
        done = train(twenty_patients, folder, LD_PRELOAD=SHIM, FAIL_UNDER=folder, FAIL_AT=at, FAIL_WITH=-signal.SIGTERM)
        assert done.returncode in (1, -signal.SIGTERM), (at, done.stderr)
        if done.returncode == 1:
            assert "To go on: lobule train" in done.stderr and "frame #" not in done.stderr, (at, done.stderr)
            in_order += 1
        check_it_ends_as_if_nothing_had_happened(twenty_patients, folder, undisturbed)
    assert in_order > 0


def test_a_run_killed_at_random_moments_goes_on_to_the_same_end(twenty_patients, undisturbed, tmp_path):
    generator = random.Random(2)
    for number in range(200 if LONG else 5):
        folder = tmp_path / f"run{number}"
        command = [LOBULE, "train", twenty_patients, "--out", folder, *OPTIONS]
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(generator.uniform(0, undisturbed[1]))
        process.kill()
        process.wait()
        check_no_file_is_damaged(folder) if folder.exists() else None
        check_it_ends_as_if_nothing_had_happened(twenty_patients, folder, undisturbed)


def test_a_run_killed_again_and_again_ends_with_one_hash(twenty_patients, undisturbed, tmp_path):
    folder = tmp_path / "run"
    kills = 0
    while not (folder / "card.md").exists():  # the last file of a run
        begun = (folder / "config.json").exists()
        # What follows the last epoch takes some fifty operations and begins anew each time.
        done = train(twenty_patients, folder, *(["--resume"] if begun else []), LD_PRELOAD=SHIM, FAIL_UNDER=folder, FAIL_AT=61, FAIL_WITH=0)
        kills += done.returncode == -signal.SIGKILL
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        assert kills < 60
    print(f"killed {kills} times")
    assert kills >= 2
    check_it_ends_as_if_nothing_had_happened(twenty_patients, folder, undisturbed)


def interrupted_run(twenty_patients, folder):
    """A run that was killed when it had two checkpoints."""
    process = subprocess.Popen([str(part) for part in [LOBULE, "train", twenty_patients, "--out", folder, *OPTIONS]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (folder / "checkpoints/previous.safetensors").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()


@pytest.mark.parametrize("damage", ["cut off", "one bit flipped", "emptied"])
def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before_and_says_so(twenty_patients, undisturbed, tmp_path, damage):
    folder = tmp_path / "run"
    interrupted_run(twenty_patients, folder)
    last = folder / "checkpoints/last.safetensors"
    data = bytearray(last.read_bytes())
    if damage == "one bit flipped":
        data[-1000] ^= 4
    last.write_bytes(data if damage == "one bit flipped" else data[: len(data) // 2] if damage == "cut off" else b"")
    begun = train(twenty_patients, folder, "--resume")
    assert begun.returncode == 0, begun.stderr
    assert "last.safetensors" in begun.stderr and "going on from the checkpoint before it" in begun.stderr
    assert digest(last) == digest(undisturbed[0] / "checkpoints/last.safetensors")
    assert history(folder) == history(undisturbed[0])


def test_a_run_whose_checkpoints_are_all_damaged_is_refused(twenty_patients, tmp_path):
    folder = tmp_path / "run"
    interrupted_run(twenty_patients, folder)
    for name in ["last", "previous"]:
        (folder / f"checkpoints/{name}.safetensors").write_bytes(b"")
    message = refused("train", twenty_patients, "--out", folder, "--resume")
    assert "last.safetensors" in message and "previous.safetensors" in message


def test_only_the_last_two_checkpoints_and_the_best_weights_are_kept(undisturbed):
    assert sorted(file.name for file in (undisturbed[0] / "checkpoints").iterdir()) == ["best.safetensors", "last.safetensors", "previous.safetensors"]


def test_a_preempted_run_leaves_a_checkpoint_within_ten_seconds(twenty_patients, tmp_path):
    folder = tmp_path / "run"
    options = [{"6": "100000"}.get(option, option) for option in OPTIONS]  # more epochs than anybody waits for
    process = subprocess.Popen([str(part) for part in [LOBULE, "train", twenty_patients, "--out", folder, *options]], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while not (folder / "checkpoints/previous.safetensors").exists():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert "a checkpoint is kept" in process.communicate()[1]
    assert process.returncode == 1
    assert time.monotonic() - start < 10
