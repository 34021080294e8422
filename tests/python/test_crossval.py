"""`lobule crossval`: every image is tested once, by a model that saw nothing of its patient; and the command goes on where it stopped."""

import json
import signal
import subprocess
import time

import pytest

from program import LOBULE, refused, rows_of, run

TINY = ["--input-size", "48x32", "--batch-size", 8, "--threads", 1]
SMALL = [*TINY, "--epochs", 2]


@pytest.fixture(scope="module")
def crossval(phantoms, tmp_path_factory):
    folder = tmp_path_factory.mktemp("crossval") / "cv"
    done = run("crossval", phantoms, "--out", folder, "--folds", 3, "--repeats", 2, *SMALL)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_image_is_tested_once_by_a_model_that_saw_nothing_of_its_patient(crossval):
    for repeat in ["repeat1", "repeat2"]:
        folds = {row["path"]: row for row in rows_of(crossval / repeat / "folds.csv")}
        table = rows_of(crossval / repeat / "predictions.csv")
        assert [row["path"] for row in table] == sorted(folds)
        for fold in range(3):
            sets = rows_of(crossval / repeat / f"fold{fold}" / "split.csv")
            tested = {row["path"] for row in sets if row["split"] == "test"}
            assert tested == {path for path, row in folds.items() if int(row["fold"]) == fold}
            seen = {row["patient"] for row in sets if row["split"] in ("train", "val")}
            assert seen.isdisjoint({row["patient"] for row in sets if row["split"] == "test"})
            own = {row["path"]: row["p_malignant"] for row in rows_of(crossval / repeat / f"fold{fold}" / "predictions.csv")}
            assert own == {row["path"]: row["p_malignant"] for row in table if row["path"] in tested}


def test_repeats_have_other_folds_and_seeds(crossval):
    first, second = ((crossval / repeat / "folds.csv").read_text() for repeat in ["repeat1", "repeat2"])
    assert first != second
    seeds = [json.loads((crossval / repeat / "fold0" / "config.json").read_text())["training"]["options"]["seed"] for repeat in ["repeat1", "repeat2"]]
    assert seeds == [1, 2]


def test_the_summary_holds_the_figures_of_each_repeat(crossval):
    summary = rows_of(crossval / "crossval.csv")
    assert [row["repeat"] for row in summary] == ["1", "2"]
    for row in summary:
        evaluation = json.loads((crossval / f"repeat{row['repeat']}" / "evaluation.json").read_text())
        assert float(row["image_auc"]) == evaluation["images"]["figures"]["auc"]["value"]
        assert float(row["patient_auc"]) == evaluation["patients"]["figures"]["auc"]["value"]
        assert int(row["images"]) == evaluation["images"]["n"]


def test_the_same_command_does_nothing_twice_and_another_one_is_refused(crossval, phantoms):
    models = {file: file.stat().st_mtime_ns for file in crossval.rglob("model.onnx")}
    assert len(models) == 6
    done = run("crossval", phantoms, "--out", crossval, "--folds", 3, "--repeats", 2, *SMALL)
    assert done.returncode == 0 and done.stdout.count("repeat ") == 2
    assert models == {file: file.stat().st_mtime_ns for file in crossval.rglob("model.onnx")}
    assert "--lr was 0.001, is now 0.1" in refused("crossval", phantoms, "--out", crossval, "--folds", 3, "--repeats", 2, *SMALL, "--lr", 0.1)
    assert "has 3 folds, not 4" in refused("crossval", phantoms, "--out", crossval, "--folds", 4, *SMALL)


def test_another_share_of_the_tuned_weights_takes_no_training(phantoms, tmp_path):
    command = ["crossval", phantoms, "--out", tmp_path / "cv", "--folds", 3, *SMALL, "--linear-probe", 0.1]
    assert run(*command, "--tuned-share", 0.5, "--half").returncode == 0
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("best.safetensors")}
    for share in [1, 0]:
        done = run(*command, "--tuned-share", share, "--half", "--with-patients")
        assert done.returncode == 0, done.stderr
        whole = run("crossval", phantoms, "--out", tmp_path / f"cv{share}", *command[4:], "--tuned-share", share, "--half", "--with-patients")
        assert whole.returncode == 0, whole.stderr
        old, new = ((tmp_path / name / "repeat1" / "predictions.csv").read_bytes() for name in ("cv", f"cv{share}"))
        assert old == new
    assert before == {file: file.stat().st_mtime_ns for file in before}
    assert "begun with --tuned-share 1" in refused("train", phantoms, "--out", tmp_path / "cv1" / "repeat1" / "fold0", "--resume", "--tuned-share", 0.5,
                                                   "--split", tmp_path / "cv1" / "repeat1" / "folds.csv", "--fold", 0)


def test_an_interrupted_cross_validation_goes_on_to_the_same_end(phantoms, tmp_path):
    options = ["--folds", 3, *TINY, "--epochs", 40, "--patience", 0]  # after a fold's first epoch there is time for a signal
    assert run("crossval", phantoms, "--out", tmp_path / "whole", *options).returncode == 0
    command = ["crossval", phantoms, "--out", tmp_path / "cv", *options]
    process = subprocess.Popen([LOBULE, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "cv" / "repeat1" / "fold1" / "history.jsonl").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert "The same command goes on: lobule crossval" in process.communicate()[1]
    assert process.returncode == 1
    assert not (tmp_path / "cv" / "crossval.csv").exists()
    assert run(*command).returncode == 0
    assert (tmp_path / "cv" / "repeat1" / "predictions.csv").read_bytes() == (tmp_path / "whole" / "repeat1" / "predictions.csv").read_bytes()


def test_folds_may_be_given_and_the_validation_fold_may_train(phantoms, tmp_path):
    assert run("split", phantoms, "--folds", 4, "--out", tmp_path / "folds.csv", "--seed", 9).returncode == 0
    done = run("crossval", phantoms, "--out", tmp_path / "cv", "--split", tmp_path / "folds.csv", *SMALL, "--no-validation")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cv" / "repeat1" / "folds.csv").read_bytes() == (tmp_path / "folds.csv").read_bytes()
    for fold in range(4):
        run_folder = tmp_path / "cv" / "repeat1" / f"fold{fold}"
        assert {row["split"] for row in rows_of(run_folder / "split.csv")} == {"train", "test"}
        history = [json.loads(line) for line in (run_folder / "history.jsonl").read_text().splitlines()]
        assert [record["val"] for record in history] == [None, None] and history[-1]["best"]
        assert not (run_folder / "calibration.json").exists()
        assert "there was no validation set" in (run_folder / "card.md").read_text()
    assert run("runs", tmp_path / "cv").returncode == 0
    assert "two sets" not in done.stderr


def test_folds_that_are_none_are_refused(phantoms, tmp_path):
    assert run("split", phantoms, "--out", tmp_path / "sets.csv").returncode == 0
    assert "says sets, not folds" in refused("crossval", phantoms, "--out", tmp_path / "cv", "--split", tmp_path / "sets.csv", *SMALL)
    assert str(tmp_path / "nothing") in refused("crossval", tmp_path / "nothing", "--out", tmp_path / "other", *SMALL)


def test_a_linear_probe_without_epochs_is_a_result(phantoms, tmp_path):
    done = run("train", phantoms, "--out", tmp_path / "run", *TINY, "--epochs", 0, "--linear-probe", 0.1, "--no-validation")
    assert done.returncode == 0, done.stderr
    assert "nothing was trained after that" in (tmp_path / "run" / "card.md").read_text()
    model, split = tmp_path / "run" / "model.onnx", tmp_path / "run" / "split.csv"
    assert run("evaluate", model, phantoms, "--split", split, "--set", "train", "--out", tmp_path / "train").returncode == 0
    auc = json.loads((tmp_path / "train" / "evaluation.json").read_text())["images"]["figures"]["auc"]["value"]
    assert auc > 0.9  # of what it was fitted to: the features of a network drawn at random
    assert "epochs must be at least 1" in refused("train", phantoms, "--out", tmp_path / "other", *TINY, "--epochs", 0)


def test_a_refit_is_trained_on_all_and_described_by_the_folds(phantoms, tmp_path):
    folder = tmp_path / "cv"
    assert run("crossval", phantoms, "--out", folder, "--folds", 3, *SMALL, "--refit").returncode == 2
    command = ["crossval", phantoms, "--out", folder, "--folds", 3, "--repeats", 2, *SMALL, "--no-validation", "--refit"]
    done = run(*command)
    assert done.returncode == 0, done.stderr
    final = folder / "final"
    assert {row["split"] for row in rows_of(final / "split.csv")} == {"train"}
    assert (final / "predictions.csv").read_bytes() == (folder / "repeat1" / "predictions.csv").read_bytes()
    said = json.loads(run("inspect", final / "model.onnx", "--json").stdout)["evaluation"]
    figures = json.loads((folder / "repeat1" / "evaluation.json").read_text())["images"]["figures"]
    assert said["folds"] == 3 and said["images"]["figures"]["auc"]["value"] == figures["auc"]["value"]
    card = (final / "card.md").read_text()
    assert "not figures of this file" in card and "3 models trained with the same options" in card
    assert f"{float(rows_of(folder / 'crossval.csv')[1]['image_auc']):.3f}" in card
    assert json.loads((final / "calibration.json").read_text())["temperature"] >= 1
    model = (final / "model.onnx").read_bytes()
    assert run(*command).returncode == 0 and (final / "model.onnx").read_bytes() == model
