"""What lies in assets/: each model computes what it says, and its card is of that very file."""

import json
import re

import pytest

from program import REPOSITORY, run

MODELS = sorted((REPOSITORY / "assets").glob("*.onnx"))


def test_there_are_models():
    assert {model.stem for model in MODELS} == {"breakhis", "seed_cnn_phantoms"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_the_golden_vectors_pass_and_the_card_is_of_this_file(model):
    done = run("inspect", model, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert [golden["verdict"] for golden in facts["golden"]["executed"]] == ["ok"] * 3
    card = model.with_suffix(".md").read_text()
    assert re.search(rf"{model.stat().st_size} bytes, digest {facts['digest']}", card)
    assert model.stat().st_size <= 7_000_000
