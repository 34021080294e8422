"""`lobule runs`: run folders compared in a table, damaged ones and those that train among them; and a run's curves."""

import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from program import LOBULE, refused, run

SMALL = ["--input-size", "48x32", "--batch-size", 8, "--threads", 1, "--patience", 0]


@pytest.fixture(scope="module")
def runs(phantoms, tmp_path_factory):
    """Two that finished, one that has yet to, one with a damaged history, one with a foreign config.json."""
    folder = tmp_path_factory.mktemp("experiments")
    for name, options in {"a": ["--epochs", 2], "deep/b": ["--epochs", 3, "--lr", 0.01, "--name", "quick"]}.items():
        done = run("train", phantoms, "--out", folder / name, *SMALL, *options)
        assert done.returncode == 0, done.stderr
    shutil.copytree(folder / "a", folder / "started")
    for file in ["history.jsonl", "card.md", "evaluation.json", "curves.svg"]:
        (folder / "started" / file).unlink()
    shutil.copytree(folder / "a", folder / "broken")
    with open(folder / "broken/history.jsonl", "a", encoding="utf-8") as file:
        file.write('{"epoch": 3, "lear\n')
    (folder / "foreign").mkdir()
    (folder / "foreign/config.json").write_text('{"architectures": ["Bert"]}')
    return folder


def table(*arguments):
    done = run("runs", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def rows_json(*arguments):
    done = run("runs", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    return {os.path.relpath(row["run"], arguments[0]): row for row in document["runs"]}, document["differing_options"]


def files_below(folder):
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}


def test_every_run_below_the_folder_is_a_row_whose_columns_are_aligned(runs):
    lines = table(runs)
    assert [line.split()[0] for line in lines[1:]] == [str(runs / name) for name in ["a", "broken", "deep/b", "foreign", "started"]]
    column = lines[0].index("state")
    assert {line[column - 2 : column] for line in lines} == {"  "}
    assert [line[column:].split(":")[0] for line in lines[1:]] == ["finished", "damaged", "finished", "damaged", "epoch 0 of 2, unfinished"]


def test_a_damaged_run_says_what_is_wrong_and_shows_what_can_be_read(runs):
    rows, _ = rows_json(runs)
    assert rows["broken"]["state"] == "damaged" and rows["broken"]["damage"].startswith("history.jsonl: line 3: ")
    assert rows["broken"]["network"] == "seed_cnn"
    assert rows["foreign"]["damage"].startswith("config.json: not the configuration of a run")


def test_figures_are_those_of_history_and_evaluation(runs):
    rows, _ = rows_json(runs)
    for name in ["a", "deep/b"]:
        history = [json.loads(line) for line in (runs / name / "history.jsonl").read_text().splitlines()]
        best = min(history, key=lambda record: record["val"]["loss"])
        row = rows[name]
        assert row["best"] == {"epoch": best["epoch"], "val_loss": best["val"]["loss"], "val_accuracy": best["val"]["accuracy"], "val_auc": best["val"]["auc"]}
        assert row["epochs_done"] == len(history)
        assert row["seconds_per_epoch"] in [record["seconds"] for record in history]
        figures = json.loads((runs / name / "evaluation.json").read_text())["images"]["figures"]
        for ours, theirs in [("test_accuracy", "accuracy"), ("test_auc", "auc")]:
            assert row[ours] == {key: figures[theirs][key] for key in ("value", "low", "high")}
    assert rows["started"]["best"] is None and rows["started"]["test_auc"] is None


def test_only_the_options_in_which_the_runs_differ_are_columns(runs):
    _, differing = rows_json(runs)
    assert differing == ["epochs", "lr"]
    assert [word for word in table(runs)[0].split() if word.startswith("--")] == ["--epochs", "--lr"]
    assert "--" not in table(runs / "a")[0]


def test_runs_sort_by_a_column_the_unknown_last(runs):
    def order(key):
        return [line.split()[0].removeprefix(f"{runs}/") for line in table(runs, "--sort", key)[1:]]

    assert order("lr") == ["a", "broken", "started", "deep/b", "foreign"]
    losses = {name: row["best"]["val_loss"] for name, row in rows_json(runs)[0].items() if row["best"]}
    assert [losses[name] for name in order("val-loss") if name in losses] == sorted(losses.values())
    assert order("val-loss")[-2:] == ["foreign", "started"]
    message = refused("runs", runs, "--sort", "colour")
    assert "--sort colour" in message and "val-loss" in message and "lr" in message


def test_runs_are_read_and_nothing_is_written(runs):
    before = files_below(runs)
    table(runs, "--sort", "test-auc")
    assert files_below(runs) == before


def test_a_run_that_trains_is_shown_and_not_disturbed(phantoms, tmp_path):
    training = subprocess.Popen([LOBULE, "train", phantoms, "--out", tmp_path / "run", *map(str, SMALL), "--epochs", "60"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    states = set()
    while training.poll() is None:
        if (tmp_path / "run/config.json").exists():
            rows, _ = rows_json(tmp_path)
            states.add((rows["run"]["state"], rows["run"]["epochs_done"]))
    assert training.returncode == 0
    assert {state for state, _ in states} <= {"unfinished", "finished"} and len(states) > 3
    assert rows_json(tmp_path)[0]["run"]["state"] == "finished"


def test_a_folder_that_cannot_be_looked_into_is_a_row_and_not_the_tables_end(runs, tmp_path):
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop/config.json").symlink_to("config.json")  # as root none is forbidden
    shutil.copytree(runs / "a", tmp_path / "whole")
    rows, _ = rows_json(tmp_path)
    assert rows["loop"]["state"] == "damaged" and "Too many levels of symbolic links" in rows["loop"]["damage"]
    assert rows["whole"]["state"] == "finished"


def test_folders_without_runs_are_refused(tmp_path):
    assert "no run lies there" in refused("runs", tmp_path)
    assert f"{tmp_path / 'nothing'}: is no folder" in refused("runs", tmp_path / "nothing")


def test_a_folders_name_cannot_command_the_terminal(runs, tmp_path):
    shutil.copytree(runs / "foreign", tmp_path / "x\x1b[2Jy")
    assert "\x1b" not in run("runs", tmp_path).stdout


def test_the_curves_of_a_run_are_well_formed_xml_and_go_as_far_as_its_history(runs):
    for name, epochs in [("a", 2), ("deep/b", 3)]:
        root = ElementTree.parse(runs / name / "curves.svg").getroot()
        lines = root.findall(".//{http://www.w3.org/2000/svg}polyline")
        assert len(lines) == 6
        assert {len(line.get("points").split()) for line in lines} == {epochs}
        assert not root.findall(".//{http://www.w3.org/2000/svg}script")
