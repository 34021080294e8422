"""Trainings by several real processes: the same result as by one, and nothing lost when one of them dies."""

import json
import os
import pathlib
import signal
import subprocess
import time

import numpy as np
import pytest

from program import LOBULE, run
from test_distributed import SECONDS_TO_END, TORCHRUN, free_port, plain_environment
from safetensors_file import read_metadata, read_safetensors
from test_train import digest, history

SMALL = ["--input-size", "48x32", "--threads", "1", "--patience", "0"]
# Of 48 images: 5 epochs of 4 steps.
TWENTY_STEPS = [*SMALL, "--epochs", "5", "--batch-size", "12"]


def start(size, *arguments_of_all, data_of=None, out_of=None, environment_of=None):
    """`lobule train` as `size` processes; *_of: what differs by rank."""
    port = free_port()
    processes = []
    data, folder, *options = arguments_of_all
    for rank in range(size):
        environment = plain_environment() | {"RANK": str(rank), "WORLD_SIZE": str(size), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        environment |= (environment_of or {}).get(rank, {})
        command = [LOBULE, "train", (data_of or {}).get(rank, data), "--out", (out_of or {}).get(rank, folder), *options]
        processes.append(subprocess.Popen(list(map(str, command)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    return processes


def finish(processes):
    done = [process.communicate(timeout=300) for process in processes]
    return [process.returncode for process in processes], [error for _, error in done]


def train(size, *arguments, **different):
    codes, errors = finish(start(size, *arguments, **different))
    assert codes == [0] * size, errors
    return errors


def last(folder):
    return read_safetensors(folder / "checkpoints" / "last.safetensors")


def position(folder):
    return json.loads(read_metadata(folder / "checkpoints" / "last.safetensors")["lobule.training_position"])


def largest_difference(one, other):
    assert one.keys() == other.keys()
    return max(float(np.abs(np.asarray(one[name], np.float64) - np.asarray(other[name], np.float64)).max(initial=0)) for name in one)


def test_two_processes_reach_what_one_does_with_the_same_batches(twenty_patients, tmp_path):
    options = [*TWENTY_STEPS, "--precision", "float64", "--weight-average", "0.9", "--class-weights", "balanced"]
    train(1, twenty_patients, tmp_path / "one", *options)
    errors = train(2, twenty_patients, tmp_path / "two", *options)
    one, two = last(tmp_path / "one"), last(tmp_path / "two")
    assert one["optimizer.step.conv1.weight"] == 20
    difference = largest_difference(one, two)
    print(f"largest difference of any weight, average or moment after 20 steps in float64: {difference:.3g}")
    assert difference < 1e-9
    for of_one, of_two in zip(history(tmp_path / "one"), history(tmp_path / "two"), strict=True):
        assert of_one["train"].pop("loss") == pytest.approx(of_two["train"].pop("loss"), abs=1e-9)
        assert of_one["val"].pop("loss") == pytest.approx(of_two["val"].pop("loss"), abs=1e-9)
        assert of_one == of_two
    assert "2 processes of 1 threads" in errors[0]
    assert errors[1] == "", "one voice"


def test_the_first_gradient_in_float32_is_that_of_one_process(twenty_patients, tmp_path):
    options = [*SMALL, "--epochs", "1", "--batch-size", "48"]
    for size in (1, 2, 3):
        train(size, twenty_patients, tmp_path / str(size), *options)
    one = last(tmp_path / "1")
    assert one["optimizer.step.conv1.weight"] == 1
    moments = [name for name in one if name.startswith("optimizer.exp_avg.")]  # after one step a tenth of the gradient
    for size in (2, 3):
        other = last(tmp_path / str(size))
        difference = max(float(np.abs(one[name] - other[name]).max()) for name in moments) * 10
        print(f"largest difference of the first gradient, {size} processes: {difference:.3g}")
        assert 0 < max(float(np.abs(one[name]).max()) for name in moments)
        assert difference < 1e-6


def test_a_process_without_an_image_in_a_step_takes_part(twenty_patients, tmp_path):
    options = [*SMALL, "--epochs", "1", "--batch-size", "2", "--precision", "float64"]
    train(1, twenty_patients, tmp_path / "one", *options)
    train(3, twenty_patients, tmp_path / "three", *options)
    assert largest_difference(last(tmp_path / "one"), last(tmp_path / "three")) < 1e-9


def test_batch_norm_is_process_0_s_and_the_model_is_whole(twenty_patients, tmp_path):
    options = ["--network", "efficientnet_lite0", "--weights", "none", "--input-size", "64x64", "--epochs", "1", "--batch-size", "12", "--threads", "1"]
    train(2, twenty_patients, tmp_path / "run", *options)
    assert (tmp_path / "run" / "evaluation.json").is_file() and (tmp_path / "run" / "model.onnx").is_file()
    assert last(tmp_path / "run")["network._bn0.num_batches_tracked"] == 4


def test_only_process_0_writes_and_the_others_need_not_see_its_folder(twenty_patients, tmp_path):
    elsewhere = tmp_path / "another machine"
    train(2, twenty_patients, tmp_path / "run", *SMALL, "--epochs", "2", out_of={1: elsewhere})
    assert not elsewhere.exists()
    train(2, twenty_patients, tmp_path / "run", *SMALL, "--resume", "--epochs", "3", out_of={1: elsewhere})
    assert len(history(tmp_path / "run")) == 3
    train(1, twenty_patients, tmp_path / "at once", *SMALL, "--epochs", "3")
    assert [record["val"]["accuracy"] for record in history(tmp_path / "run")] == [record["val"]["accuracy"] for record in history(tmp_path / "at once")]


def test_processes_with_other_images_are_refused(twenty_patients, tmp_path):
    done = run("phantom", tmp_path / "others", "--patients", 20, "--images-per-patient", 4, "--size", "96x64", "--seed", 2)
    assert done.returncode == 0, done.stderr
    codes, errors = finish(start(2, twenty_patients, tmp_path / "run", *SMALL, "--epochs", "1", data_of={1: tmp_path / "others"}))
    assert codes == [1, 1], errors
    assert any("differ" in error or "no image" in error or "not in" in error for error in errors), errors
    assert not (tmp_path / "run" / "checkpoints" / "last.safetensors").exists()


def wait_for(condition, processes, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until and all(process.poll() is None for process in processes), [process.stderr.read() for process in processes]
        time.sleep(0.05)


LONG_RUN = [*SMALL, "--epochs", "400", "--batch-size", "12"]


def has_checkpoint(folder):
    return (folder / "checkpoints" / "last.safetensors").exists()


@pytest.mark.parametrize("lost", [0, 1])
def test_a_killed_process_ends_the_others_and_the_run_goes_on_later(twenty_patients, tmp_path, lost):
    folder = tmp_path / "run"
    processes = start(3, twenty_patients, folder, *LONG_RUN)
    wait_for(lambda: has_checkpoint(folder), processes)
    for process in processes:
        process.send_signal(signal.SIGPIPE)  # as the system does to one that writes to a dead one's socket
    processes[lost].kill()
    killed = time.monotonic()
    codes, errors = finish(processes)
    assert time.monotonic() - killed < SECONDS_TO_END
    for rank, (code, error) in enumerate(zip(codes, errors)):
        if rank != lost:
            assert code == 1 and ("has died" in error or "has ended" in error), error
    epochs = len(history(folder))
    assert 0 < epochs < 400
    train(2, twenty_patients, folder, *SMALL, "--resume", "--epochs", epochs + 2)
    assert epochs + 2 >= len(history(folder)) > epochs


def test_a_signal_to_one_process_ends_all_with_a_checkpoint(twenty_patients, tmp_path):
    folder = tmp_path / "run"
    processes = start(2, twenty_patients, folder, *LONG_RUN)
    wait_for(lambda: has_checkpoint(folder), processes)
    processes[1].send_signal(signal.SIGTERM)
    signalled = time.monotonic()
    codes, errors = finish(processes)
    assert time.monotonic() - signalled < 10
    assert codes == [1, 1]
    assert "interrupted; a checkpoint is kept" in errors[0]
    assert run("train", twenty_patients, "--out", folder, *SMALL, "--resume", "--epochs", len(history(folder)) + 1).returncode == 0


def test_a_run_interrupted_within_an_epoch_is_resumed_by_as_many_processes(twenty_patients, tmp_path):
    """The epoch's figures come from logits of all its steps, those before the checkpoint too."""
    options = [*SMALL, "--epochs", "3", "--batch-size", "2", "--checkpoint-minutes", "1e-9"]  # 24 steps an epoch, a checkpoint after each
    train(2, twenty_patients, tmp_path / "undisturbed", *options)
    folder = tmp_path / "run"
    processes = start(2, twenty_patients, folder, *options)
    wait_for(lambda: has_checkpoint(folder), processes)
    processes[0].send_signal(signal.SIGTERM)
    codes, errors = finish(processes)
    assert codes == [1, 1], errors
    assert position(folder)["step"] > 0, "the signal came between two epochs"
    train(2, twenty_patients, folder, *options, "--resume")
    assert history(folder) == history(tmp_path / "undisturbed")


def test_torchrun_s_restart_goes_on_and_ends_as_if_nothing_had_happened(twenty_patients, tmp_path):
    """A process is killed in the middle; torchrun starts all of them anew with the same command line."""
    options = [*SMALL, "--epochs", "40", "--batch-size", "12"]
    train(2, twenty_patients, tmp_path / "undisturbed", *options)
    folder = tmp_path / "run"
    command = [TORCHRUN, "--no-python", "--standalone", "--nproc-per-node", "2", "--max-restarts", "1", LOBULE, "train", twenty_patients, "--out", folder, *options]
    launcher = subprocess.Popen(list(map(str, command)), env=plain_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: (folder / "history.jsonl").exists() and len((folder / "history.jsonl").read_text().splitlines()) >= 3, [launcher])
    workers = pathlib.Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text().split()
    os.kill(int(workers[-1]), signal.SIGKILL)
    _, errors = launcher.communicate(timeout=300)
    assert launcher.returncode == 0, errors
    assert history(folder) == history(tmp_path / "undisturbed")
    assert digest(folder / "checkpoints" / "best.safetensors") == digest(tmp_path / "undisturbed" / "checkpoints" / "best.safetensors")
