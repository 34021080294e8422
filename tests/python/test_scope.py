"""A model that was shown what to refuse: `lobule crossval --refit --outside`, and what its file does afterwards."""

import json

import numpy
import pytest
from PIL import Image

from program import images_of, refused, rows_of, run

SMALL = ["--input-size", "48x32", "--batch-size", 8, "--threads", 1, "--epochs", 2, "--no-validation", "--refit"]


def draw_outside(folder, count=12):
    """Two kinds that look nothing like tissue, whatever their quality: stripes in the colours of a stain, and noise."""
    random = numpy.random.default_rng(3)
    for kind in ["noise", "stripes"]:
        (folder / kind).mkdir(parents=True)
        for i in range(count):
            x = numpy.arange(144)
            wave = 128 + 100 * numpy.sign(numpy.sin(x / (2 + i % 5)))
            grey = numpy.tile(wave, (96, 1)) if kind == "stripes" else random.integers(0, 256, (96, 144))
            rgb = numpy.stack([grey, grey / 2, grey * 0.8], -1).astype(numpy.uint8)
            Image.fromarray(rgb).save(folder / kind / f"{kind}_{i}.png")
    return folder


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    return draw_outside(tmp_path_factory.mktemp("outside") / "outside")


@pytest.fixture(scope="module")
def command(twenty_patients, phantoms, outside, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scope") / "cv"
    command = ["crossval", twenty_patients, "--out", folder, "--folds", 3, *SMALL, "--outside", outside, "--inside", phantoms]
    done = run(*command)
    assert done.returncode == 0, done.stderr
    return command


@pytest.fixture(scope="module")
def final(command):
    return command[3] / "final"


def predictions(model, *images):
    done = run("predict", model, *images, "--json", "--threads", 1)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["predictions"]


def test_the_model_refuses_what_it_was_shown_and_answers_for_its_own_kind(final, phantoms, outside):
    rows = predictions(final / "model.onnx", outside)
    assert all(row["call"] == "no result" and row["refused"] and row["logits"] for row in rows)
    own = predictions(final / "model.onnx", phantoms)
    assert sum(row["refused"] for row in own) / len(own) < 0.2
    unlike = [row for row in rows if "Unlike the tissue" in row["reason"]]
    assert len(unlike) > len(rows) / 2, "the limits of quality alone refused them"


def test_the_counts_are_those_of_the_predictions_out_of_fold(final):
    study = json.loads((final / "scope.json").read_text())["study"]
    own, inside, noise, stripes = study["kinds"]
    assert [kind["kind"] for kind in (noise, stripes)] == ["noise", "stripes"]
    assert own["inside"] and inside["inside"] and not noise["inside"]
    table = rows_of(final / "predictions.csv")
    assert own["images"] == len(table)
    refusals = [row for row in table if row["call"] == "no result" and row["logit_malignant"]]
    assert own["refused"] == len(refusals)
    allowed = int(study["refused_share"] * own["images"])
    assert own["by_gate"] == allowed, "the limit is where that share lies beyond it"
    evaluation = json.loads((final / "evaluation.json").read_text())
    assert evaluation["images"]["refused"] == len(refusals)
    assert evaluation["without_gates"]["images"]["scored"] == len(table)
    card = (final / "card.md").read_text()
    assert f"| noise, to refuse | 12 | " in card
    assert "gives no result for images that are unlike" in card


def test_the_model_file_and_another_export_carry_the_gate(final, tmp_path):
    facts = json.loads(run("inspect", final / "model.onnx", "--json").stdout)
    assert facts["scope"]["study"]["kinds"][0]["images"] > 0
    assert run("export", final, "--out", tmp_path / "again.onnx").returncode == 0
    again = json.loads(run("inspect", tmp_path / "again.onnx", "--json").stdout)
    assert again["scope"] == facts["scope"]


def test_the_same_command_keeps_what_is_there_and_another_one_takes_the_gate_away(command, final):
    before = (final / "model.onnx").stat().st_mtime_ns
    assert run(*command).returncode == 0
    assert (final / "model.onnx").stat().st_mtime_ns == before
    without = command[: command.index("--outside")]
    assert run(*without).returncode == 0
    assert not (final / "scope.json").exists()
    assert json.loads(run("inspect", final / "model.onnx", "--json").stdout)["scope"] is None
    assert run(*command).returncode == 0
    assert (final / "scope.json").exists()


def test_what_cannot_be_fitted_is_refused_with_its_cause(phantoms, outside, tmp_path):
    assert run("crossval", phantoms, "--out", tmp_path / "cv", "--outside", outside).returncode == 2
    assert run("crossval", phantoms, "--out", tmp_path / "cv", *SMALL, "--inside", phantoms).returncode == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    message = refused("crossval", phantoms, "--out", tmp_path / "cv", "--folds", 3, *SMALL, "--outside", empty)
    assert "empty: holds no image that the model is to refuse" in message
    few = tmp_path / "few" / "noise"
    few.mkdir(parents=True)
    (few / "one.png").write_bytes(images_of(outside)[0].read_bytes())
    message = refused("crossval", phantoms, "--out", tmp_path / "cv", "--folds", 3, *SMALL, "--outside", tmp_path / "few")
    assert "noise has 1 images; a scope gate needs 3 of each kind" in message
