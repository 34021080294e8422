"""`lobule train` with --find-lr, --dry-run and --show-augmentation: what they print, and that nothing is left behind."""

import csv
import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

from program import refused, run

SMALL = ["--input-size", "48x32", "--batch-size", 8, "--threads", 1]


@pytest.fixture(scope="module")
def dry(phantoms):
    done = run("train", phantoms, "--dry-run", *SMALL, "--epochs", 4, "--lr", 0.002)
    assert done.returncode == 0, done.stderr
    return dict(re.match(r"(\w*) +(.*)", line).groups() for line in done.stdout.splitlines()), done.stdout


def test_a_dry_run_prints_data_sets_network_and_the_options_that_are_not_the_networks_defaults(dry, phantoms):
    said, text = dry
    assert said["data"] == f"{phantoms}: 24 images"
    for name in ["train", "val", "test"]:
        assert re.search(rf"^(sets)? +{name}: \d+ images \(\d+ benign, \d+ malignant\) of \d+ patients$", text, re.M)
    assert re.match(r"seed_cnn: (\d+) parameters, \1 trainable, 0 frozen; ", said["network"])
    assert said["options"] == "--input-size 48x32 (144x96), --epochs 4 (20), --batch-size 8 (32), --lr 0.002 (0.001)"


def test_a_dry_runs_memory_and_time_come_from_measured_steps(dry):
    said, _ = dry
    assert 50 < int(re.match(r"(\d+) MiB at most", said["memory"])[1]) < 4000
    step, epoch, whole = map(float, re.match(r"([\d.]+) s a step, ([\d.]+) s an epoch, ([\d.]+) s for 4 epochs", said["time"]).groups())
    steps = int(said["steps"].split()[0])
    assert 0 < step * steps <= epoch + 0.01 * steps and epoch <= whole  # two decimals and more are printed
    assert said["measured"].startswith("5 steps")


def test_a_dry_run_of_frozen_stages_tells_them_apart(phantoms):
    done = run("train", phantoms, "--dry-run", "--network", "efficientnet_lite0", "--weights", "none", "--input-size", "64x64", "--batch-size", 4, "--freeze", 3)
    assert done.returncode == 0, done.stderr
    every, trainable, frozen = map(int, re.search(r"(\d+) parameters, (\d+) trainable, (\d+) frozen", done.stdout).groups())
    assert every == trainable + frozen and frozen > 0
    assert "--weights none (imagenet)" in done.stdout


def test_trials_leave_no_file_where_they_run(phantoms, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "unreadable.csv").write_text("somebody's")  # the name that a run would use in its folder
    for option in ["--dry-run", "--find-lr"]:
        assert run("train", phantoms, option, *SMALL).returncode == 0
    assert run("train", phantoms, "--dry-run", "--out", tmp_path / "run", *SMALL).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["unreadable.csv"]
    assert (tmp_path / "unreadable.csv").read_text() == "somebody's"


def test_a_sheet_shows_images_as_the_options_augment_them(phantoms, tmp_path):
    assert run("train", phantoms, "--show-augmentation", tmp_path / "plain.png", *SMALL, "--no-augmentation").returncode == 0
    assert run("train", phantoms, "--show-augmentation", tmp_path / "sheet.png", *SMALL, "--stain", 0.2, "--mixup", 0.4).returncode == 0
    plain, sheet = (np.asarray(Image.open(tmp_path / name)).astype(int) for name in ["plain.png", "sheet.png"])
    assert plain.shape == sheet.shape
    column = (plain.shape[1] + 4) // 8
    assert np.array_equal(plain[:, : column - 4], sheet[:, : column - 4])
    assert np.array_equal(plain[:, : column - 4], plain[:, column : 2 * column - 4])
    assert np.abs(plain - sheet)[:, column:].mean() > 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain.png", "sheet.png"]
    assert str(tmp_path / "no folder") in refused("train", phantoms, "--show-augmentation", tmp_path / "no folder" / "sheet.png", *SMALL)


def test_a_dry_run_is_refused_for_what_the_run_would_be_refused_for(phantoms, model, tmp_path):
    assert "holds a run already" in refused("train", phantoms, "--dry-run", "--out", model.parent / "run", *SMALL)
    assert "must train" in refused("train", phantoms, "--dry-run", "--freeze", 9, *SMALL)
    assert str(tmp_path / "nothing") in refused("train", tmp_path / "nothing", "--dry-run")


def test_the_learning_rate_finder_prints_a_table_and_a_suggestion_that_trains(phantoms, tmp_path):
    done = run("train", phantoms, "--find-lr", "--out", tmp_path / "lr", *SMALL, "--no-augmentation", "--dropout", 0)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()[1:] if re.match(r" +\d", line)]
    assert float(rows[0][0]) == 1e-7 and len(rows) > 8
    suggestion = re.search(r"Suggestion: --lr (\S+), where the loss falls fastest\. A tenth of where it is lowest: (\S+)$", done.stdout, re.M)
    assert 1e-6 < float(suggestion[1]) < 1 and 1e-6 < float(suggestion[2]) < 1
    trained = run("train", phantoms, "--out", tmp_path / "lr", *SMALL, "--epochs", 2, "--lr", suggestion[1])  # the finder's files do not stand in its way
    assert trained.returncode == 0, trained.stderr
    losses = [json.loads(line)["train"]["loss"] for line in (tmp_path / "lr/history.jsonl").read_text().splitlines()]
    assert losses[1] < losses[0]


def test_the_learning_rate_finders_files_are_a_row_for_each_step_and_their_chart(phantoms, tmp_path):
    assert run("train", phantoms, "--find-lr", "--out", tmp_path / "lr", *SMALL).returncode == 0
    assert sorted(path.name for path in (tmp_path / "lr").iterdir()) == ["lr_finder.csv", "lr_finder.svg"]
    with open(tmp_path / "lr/lr_finder.csv", newline="", encoding="utf-8") as file:
        rates = [float(row["learning_rate"]) for row in csv.DictReader(file)]
    assert rates == sorted(rates) and rates[0] == 1e-7 and rates[-1] <= 10.001
    lines = ElementTree.parse(tmp_path / "lr/lr_finder.svg").getroot().findall(".//{http://www.w3.org/2000/svg}polyline")
    assert [len(line.get("points").split()) for line in lines] == [len(rates)] * 2


def test_the_learning_rate_finder_is_one_of_a_seed(phantoms):
    first, second = (run("train", phantoms, "--find-lr", *SMALL, "--seed", 5).stdout for _ in range(2))
    assert first == second and first != run("train", phantoms, "--find-lr", *SMALL, "--seed", 6).stdout


def test_trials_do_not_go_together_nor_with_a_resumed_run_and_a_run_needs_a_folder(phantoms, tmp_path):
    for options in [["--find-lr", "--dry-run"], ["--find-lr", "--resume", "--out", tmp_path], ["--dry-run", "--resume", "--out", tmp_path]]:
        assert run("train", phantoms, *options).returncode == 2
    done = run("train", phantoms)
    assert done.returncode == 2 and "--out" in done.stderr
