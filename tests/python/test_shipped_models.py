"""What lies in assets/: each model computes what it says, and its card is of that very file."""

import json
import os
import pathlib
import re

import pytest

from program import REPOSITORY, images_of, run

DATA = pathlib.Path(os.environ.get("LOBULE_DATA", REPOSITORY.parent / "shared" / "data"))
MODELS = sorted((REPOSITORY / "assets").glob("*.onnx"))


def test_there_are_models():
    assert {model.stem for model in MODELS} == {"breakhis", "idc", "seed_cnn_phantoms"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_the_golden_vectors_pass_and_the_card_is_of_this_file(model):
    done = run("inspect", model, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert [golden["verdict"] for golden in facts["golden"]["executed"]] == ["ok"] * 3
    card = model.with_suffix(".md").read_text()
    assert re.search(rf"{model.stat().st_size} bytes, digest {facts['digest']}", card)
    assert model.stat().st_size <= {"idc": 3_000_000}.get(model.stem, 7_000_000)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no real images: {DATA} does not exist")
def test_the_model_of_real_tissue_refuses_what_it_was_not_made_for():
    """Images that its gate was fitted to: that the file does what was measured, not how well it does on new ones."""
    paths = [*images_of(DATA / "out_of_scope")[::4], *images_of(DATA / "breakhis")[::10]]
    done = run("predict", REPOSITORY / "assets" / "breakhis.onnx", *paths, "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["predictions"]
    outside = [row["refused"] for row in rows if "out_of_scope" in row["path"]]
    inside = [row["refused"] for row in rows if "breakhis/breast" in row["path"] and row["magnification"] != 40]
    weak = [row for row in rows if row["magnification"] == 40]
    assert sum(outside) / len(outside) >= 0.95
    assert sum(inside) / len(inside) <= 0.05
    assert weak and all("At 40X this model is hardly better than chance" in row["reason"] for row in weak)
