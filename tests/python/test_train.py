"""`lobule train` as a user runs it: a whole run, TensorBoard's reading of it, interruption, and folders that cannot be written."""

import ctypes
import getpass
import hashlib
import json
import os
import resource
import signal
import subprocess

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from program import LOBULE, RESEARCH_USE_ONLY, images_of, refused, run
from safetensors_file import read_header

SMALL = ["--input-size", "48x32", "--batch-size", "8", "--threads", "1", "--patience", "0"]


def tensors(file):
    """Name -> bytes of each tensor of a safetensors file."""
    data = file.read_bytes()
    header, start = read_header(data)
    header.pop("__metadata__", None)
    return {name: data[start + begin : start + end] for name, (begin, end) in ((n, e["data_offsets"]) for n, e in header.items())}


def digest(file):
    joined = b"".join(name.encode() + value for name, value in sorted(tensors(file).items()))
    return hashlib.sha256(joined).hexdigest()


def history(folder):
    """Lines of history.jsonl without what a clock says."""
    records = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    return [{key: value for key, value in record.items() if key not in ("seconds", "images_per_second")} for record in records]


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "phantoms"
    done = run("phantom", folder, "--patients", 20, "--images-per-patient", 6, "--size", "96x64")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def finished(phantoms, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    done = run("train", phantoms, "--out", folder, "--epochs", 3, *SMALL)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_run_leaves_everything_behind_that_its_folder_promises(finished):
    folder, done = finished
    for name in ["config.json", "split.csv", "history.jsonl", "curves.svg", "calibration.json", "model.onnx", "evaluation.json", "predictions.csv",
                 "classification_report.txt", "report.html", "card.md", "checkpoints/last.safetensors", "checkpoints/best.safetensors"]:
        assert (folder / name).stat().st_size > 0, name
    assert [record["epoch"] for record in history(folder)] == [1, 2, 3]
    assert RESEARCH_USE_ONLY in (folder / "card.md").read_text()
    assert RESEARCH_USE_ONLY in done.stdout
    assert "parameters" in done.stderr and "threads" in done.stderr
    assert "\x1b" not in done.stderr and "\r" not in done.stderr


def test_the_sets_of_a_run_share_no_patient(finished):
    folder, _ = finished
    rows = [line.split(",") for line in (folder / "split.csv").read_text().splitlines()]
    patient, split = rows[0].index("patient"), rows[0].index("split")
    sets = {}
    for row in rows[1:]:
        sets.setdefault(row[patient], set()).add(row[split])
    assert all(len(names) == 1 for names in sets.values())
    assert set().union(*sets.values()) == {"train", "val", "test"}


def test_the_evaluation_of_a_run_is_that_of_its_model_file(finished, phantoms, tmp_path):
    folder, _ = finished
    done = run("evaluate", folder / "model.onnx", phantoms, "--split", folder / "split.csv", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ["evaluation.json", "predictions.csv", "classification_report.txt"]:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_card_states_the_figures_of_the_evaluation(finished):
    folder, _ = finished
    evaluation = json.loads((folder / "evaluation.json").read_text())
    card = (folder / "card.md").read_text()
    accuracy = evaluation["images"]["figures"]["accuracy"]["value"]
    assert f"| accuracy | {accuracy:.3f}" in card
    assert evaluation["model_sha256"] in card
    assert "synthetic" in card


def test_the_model_file_carries_training_history_and_test_figures(finished):
    folder, _ = finished
    done = run("inspect", folder / "model.onnx", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert [record["epoch"] for record in facts["history"]] == [1, 2, 3]
    evaluation = json.loads((folder / "evaluation.json").read_text())
    assert facts["evaluation"]["images"]["figures"] == evaluation["images"]["figures"]
    assert facts["temperature"] == json.loads((folder / "calibration.json").read_text())["temperature"]
    assert facts["digest"] == evaluation["model_sha256"]


def test_no_file_of_a_run_names_paths_user_or_host(finished, phantoms):
    folder, _ = finished
    names = [os.uname().nodename, getpass.getuser()]
    secrets = [str(phantoms.parent), str(folder.parent)] + [name for name in names if len(name) > 5]  # shorter ones occur by chance
    for file in [f for f in folder.rglob("*") if f.is_file()]:
        data = file.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in data], file


def test_tensorboard_reads_every_figure_of_every_epoch(finished):
    folder, _ = finished
    records = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    for set_name in ["train", "val"]:
        events = EventAccumulator(str(folder / "tensorboard" / set_name))
        events.Reload()
        for tag in ["loss", "accuracy", "precision", "recall", "f1", "auc"]:
            expected = [(r["epoch"], r[set_name][tag]) for r in records if r[set_name][tag] is not None]
            read = [(scalar.step, scalar.value) for scalar in events.Scalars(tag)] if expected else []
            assert read == [(epoch, pytest.approx(value, rel=1e-6)) for epoch, value in expected], (set_name, tag)  # stored as float32


def interrupt_after_first_epoch(arguments, signal_number):
    """Starts a training and sends the signal when its first epoch's line is out."""
    process = subprocess.Popen([LOBULE, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
    lines = []
    for line in process.stderr:
        lines.append(line)
        if line.split()[:1] == ["1"]:
            process.send_signal(signal_number)
            break
    lines += process.stderr.readlines()
    return process.wait(), "".join(lines)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_goes_on_to_the_same_weights(phantoms, tmp_path, signal_number):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    arguments = ["train", phantoms, "--epochs", 8, *SMALL]
    done = run(*arguments, "--out", whole)
    assert done.returncode == 0, done.stderr
    status, log = interrupt_after_first_epoch([*arguments, "--out", broken], signal_number)
    assert status == 1, log
    assert f"lobule train {phantoms} --out {broken} --resume" in log
    assert not (broken / "model.onnx").exists()
    done = run("train", phantoms, "--out", broken, "--resume", "--threads", 1)
    assert done.returncode == 0, done.stderr
    assert digest(broken / "checkpoints/last.safetensors") == digest(whole / "checkpoints/last.safetensors")
    assert (broken / "checkpoints/best.safetensors").read_bytes() == (whole / "checkpoints/best.safetensors").read_bytes()
    assert history(broken) == history(whole)
    events = EventAccumulator(str(broken / "tensorboard" / "val"))
    events.Reload()
    assert [scalar.step for scalar in events.Scalars("loss")] == list(range(1, 9))


def test_a_finished_run_can_be_given_more_epochs(phantoms, tmp_path):
    folder = tmp_path / "run"
    assert run("train", phantoms, "--out", folder, "--epochs", 1, *SMALL).returncode == 0
    done = run("train", phantoms, "--out", folder, "--resume", "--epochs", 2, "--threads", 1)
    assert done.returncode == 0, done.stderr
    assert len(history(folder)) == 2


def test_a_folder_with_a_run_is_not_overwritten(finished, phantoms):
    folder, _ = finished
    message = refused("train", phantoms, "--out", folder, "--epochs", 1, *SMALL)
    assert str(folder) in message and "--resume" in message


def test_a_folder_with_something_else_is_left_alone(phantoms, tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    assert "is not empty" in refused("train", phantoms, "--out", tmp_path, *SMALL)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["thesis.txt"]


def test_resuming_where_there_is_no_run_is_refused(phantoms, tmp_path):
    assert "holds no run" in refused("train", phantoms, "--out", tmp_path / "nothing", "--resume")


def test_resuming_with_another_option_or_other_data_is_refused_with_the_difference(finished, phantoms, tmp_path):
    folder, _ = finished
    assert "--lr was 0.001, is now 0.5" in refused("train", phantoms, "--out", folder, "--resume", "--lr", 0.5)
    other = tmp_path / "other"
    assert run("phantom", other, "--patients", 20, "--images-per-patient", 6, "--size", "96x64", "--seed", 2).returncode == 0
    assert str(folder) in refused("train", other, "--out", folder, "--resume")


def test_two_trainers_do_not_share_a_run_folder(phantoms, tmp_path):
    folder = tmp_path / "run"
    first = subprocess.Popen([LOBULE, "train", str(phantoms), "--out", str(folder), "--epochs", "10000", *SMALL], stderr=subprocess.PIPE, text=True)
    try:
        for line in first.stderr:
            if line.split()[:1] == ["1"]:
                break
        assert "another lobule train" in refused("train", phantoms, "--out", folder, "--resume")
    finally:
        first.kill()
        first.communicate()
    # A killed trainer holds nothing, and its last checkpoint goes on.
    done = run("train", phantoms, "--out", folder, "--resume", "--epochs", len(history(folder)) + 1, "--threads", 1)
    assert done.returncode == 0, done.stderr


def test_a_run_folder_that_cannot_be_made_is_named(phantoms):
    assert "/proc/run" in refused("train", phantoms, "--out", "/proc/run", *SMALL)


def test_a_read_only_run_folder_is_named(phantoms, tmp_path):
    def obey_modes():
        if os.geteuid() == 0:  # root writes everywhere unless CAP_DAC_OVERRIDE (1) is dropped (PR_CAPBSET_DROP: 24)
            assert ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) == 0

    folder = tmp_path / "run"
    folder.mkdir(mode=0o500)
    done = run("train", phantoms, "--out", folder, *SMALL, preexec_fn=obey_modes)
    assert done.returncode == 1
    assert f"{folder}: cannot write to the run folder: Permission denied" in done.stderr


def test_a_full_disk_ends_the_run_with_the_file_that_did_not_fit(phantoms, tmp_path):
    def no_large_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # the checkpoint is larger, config and split are not

    folder = tmp_path / "run"
    done = run("train", phantoms, "--out", folder, "--epochs", 2, *SMALL, preexec_fn=no_large_files)
    assert done.returncode == 1
    assert "safetensors: cannot write: File too large" in done.stderr
    assert not list((folder / "checkpoints").iterdir())


def test_an_unreadable_image_is_named_and_the_run_goes_on_until_too_many_are(phantoms, tmp_path):
    data = tmp_path / "data"
    subprocess.run(["cp", "-r", str(phantoms), str(data)], check=True)
    images = images_of(data)
    images[5].write_bytes(images[5].read_bytes()[:500])
    done = run("train", data, "--out", tmp_path / "run", "--epochs", 1, *SMALL)
    assert done.returncode == 0, done.stderr
    assert images[5].name in done.stderr
    for image in images[: len(images) // 5]:
        image.write_bytes(b"x")
    message = refused("train", data, "--out", tmp_path / "run2", "--epochs", 1, *SMALL)
    assert f"{len(images) // 5} of {len(images)} images" in message


def test_a_learning_rate_that_diverges_is_said(phantoms, tmp_path):
    message = refused("train", phantoms, "--out", tmp_path / "run", "--epochs", 3, "--lr", 1e30, *SMALL)
    assert "epoch 1" in message and "diverged" in message and "--lr" in message


@pytest.mark.parametrize("arguments", [["--epochs", "-1"], ["--network", "seed_cnn", "--class-weights", "some"], ["--dropout", "1.5"], ["--fold", "1"]])
def test_wrong_usage_is_status_2(phantoms, tmp_path, arguments):
    assert run("train", phantoms, "--out", tmp_path / "run", *arguments).returncode == 2


def test_no_epochs_without_a_linear_probe_is_refused(phantoms, tmp_path):
    assert "linear-probe" in refused("train", phantoms, "--out", tmp_path / "run", "--epochs", 0)


def test_an_unknown_network_or_input_size_is_refused(phantoms, tmp_path):
    for arguments, word in [(["--network", "resnet"], "resnet"), (["--input-size", "1x1"], "1x1")]:
        assert word in refused("train", phantoms, "--out", tmp_path / "run", *arguments)
