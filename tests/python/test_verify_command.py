"""`lobule verify`: a saved session against the same model and images, and against changed ones."""

import json
import shutil

import pytest
from PIL import Image

from program import images_of, refused, run


@pytest.fixture
def cases(phantoms, tmp_path):
    """A folder of four images, as it would be dropped on the page."""
    folder = tmp_path / "cases"
    folder.mkdir()
    for image in images_of(phantoms)[::3][:4]:
        shutil.copy(image, folder)
    (folder / "broken.png").write_bytes(b"no image")
    return folder


@pytest.fixture
def session(cases, model):
    """What the page saves after that folder was dropped on it."""
    document = json.loads(run("predict", model, cases, "--json").stdout)
    images = []
    for row in document.pop("predictions"):
        error = "" if row["tensor_sha256"] else "not an image"
        kept = {key: row[key] for key in ("label", "patient", "slide", "subtype", "source", "tensor_sha256", "logits")}
        images.append({"path": "cases/" + row["path"].split("/")[-1], **kept, "magnification": row["magnification"] or 0, "error": error,
                       "reason": None if error else row["reason"], "refusal": None if error else (row["reason"] if row["refused"] else "")})
    images.append({"path": "cases/waited.png", "error": ""})
    return {**document, "kind": "lobule session", "model_name": "model", "selected": "", "images": images}


def written(session, folder):
    file = folder / "session.json"
    file.write_text(json.dumps(session))
    return file


def test_an_unchanged_session_is_confirmed_from_the_folder_and_from_the_one_that_holds_it(session, cases, model, tmp_path):
    file = written(session, tmp_path)
    for data in (cases, cases.parent):
        done = run("verify", file, model, data)
        assert done.returncode == 0, done.stderr + done.stdout
        assert done.stdout.startswith("5 of 5 images as in the session; 0 differ, 0 missing")


def test_a_changed_image_a_missing_one_and_another_logit_are_named(session, cases, model, tmp_path):
    first, second, third, *_ = [image for image in session["images"] if image.get("logits")]
    picture = cases / first["path"].split("/")[1]
    Image.open(picture).convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(picture)
    (cases / second["path"].split("/")[1]).unlink()
    third["logits"][0] += 0.01
    done = run("verify", written(session, tmp_path), model, cases)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert f"{first['path']}: the network gets another input" in "\n".join(lines)
    assert f"{second['path']}: is not in {cases}" in lines
    assert any(line.startswith(f"{third['path']}: a logit was") for line in lines)
    assert lines[-1].startswith("2 of 5 images as in the session; 2 differ, 1 missing")


def test_an_image_that_can_be_read_again_differs(session, cases, model, tmp_path):
    shutil.copy(images_of(cases)[1], cases / "broken.png")
    done = run("verify", written(session, tmp_path), model, cases)
    assert done.returncode == 1 and "cases/broken.png: could not be read then" in done.stdout


def test_a_moved_threshold_is_the_session_s(session, cases, model, tmp_path):
    session["threshold_low"] = session["threshold_high"] = 0.001
    for image in session["images"]:
        if image.get("logits"):
            image["reason"] = ""
    assert run("verify", written(session, tmp_path), model, cases).returncode == 0


def test_another_model_and_no_session_are_refused_by_name(session, cases, model, tmp_path):
    session["model_sha256"] = "0" * 64
    file = written(session, tmp_path)
    assert f"{file}: its predictions are of the model 0000" in refused("verify", file, model, cases)
    file.write_text("{}")
    assert f"{file}: is not a session of lobule" in refused("verify", file, model, cases)
    missing = tmp_path / "none.json"
    assert str(missing) in refused("verify", missing, model, cases)
