"""`lobule inspect`, and model files that are damaged, changed or not ours."""

import hashlib
import json

import onnx
import pytest
from PIL import Image, ImageFilter

from program import RESEARCH_USE_ONLY, images_of, refused, rows_of, run


def test_a_models_facts_are_printed_and_its_golden_vectors_executed(model):
    done = run("inspect", model)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(RESEARCH_USE_ONLY)
    assert "classes: benign malignant (positive)" in done.stdout
    facts = json.loads(run("inspect", model, "--json").stdout)
    assert len(facts["golden"]["executed"]) >= 3
    for golden in facts["golden"]["executed"]:
        assert golden["verdict"] == "ok"
        assert golden["largest_difference"] <= facts["golden"]["tolerance"]
    assert facts["digest"] in done.stdout
    accuracy = facts["evaluation"]["images"]["figures"]["accuracy"]["value"]
    assert f"evaluated on {facts['evaluation']['images']['n']} images: accuracy {accuracy}," in done.stdout


def test_an_images_facts_and_hashes(phantoms, model):
    image = images_of(phantoms)[0]
    facts = json.loads(run("inspect", image, "--json").stdout)
    pixels = Image.open(image).convert("RGB")
    assert (facts["width"], facts["height"]) == pixels.size
    assert facts["pixel_sha256"] == hashlib.sha256(f"{pixels.width}x{pixels.height}\n".encode() + pixels.tobytes()).hexdigest()
    row = next(row for row in rows_of(phantoms / "manifest.csv") if image.as_posix().endswith(row["path"]))
    assert (facts["patient"], str(facts["magnification"]), facts["label_of_name"]) == (row["patient"], row["magnification"], row["label"])
    prediction = json.loads(run("predict", model, image, "--json").stdout)["predictions"][0]
    assert run("inspect", image, "--tensor-sha256", "--model", model).stdout.strip() == prediction["tensor_sha256"]


def test_an_images_quality_is_printed_with_its_limits(phantoms):
    image = images_of(phantoms)[0]
    measures = json.loads(run("inspect", image, "--json").stdout)["quality"]["measures"]
    assert [measure["key"] for measure in measures] == ["glass_share", "tissue_share", "focus", "stain_hue_share", "stain_misfit", "pen_share"]
    text = run("inspect", image).stdout
    for measure in measures:
        assert f"  {measure['name']}: {measure['text']} ({measure['limit_text']})\n" in text
    assert "advice:" not in text


def test_an_image_out_of_focus_gets_advice_and_the_command_succeeds(phantoms, tmp_path):
    Image.open(images_of(phantoms)[0]).convert("RGB").filter(ImageFilter.GaussianBlur(4)).save(tmp_path / "soft.png")
    done = run("inspect", tmp_path / "soft.png")
    assert done.returncode == 0
    assert "advice: Out of focus: refocus and take the image again.\n" in done.stdout
    assert "(at least 30.0): not kept\n" in done.stdout


def with_digest(proto):
    """The file's bytes, signed as lobule does: SHA-256 with the digest's own digits as zeros."""
    for entry in proto.metadata_props:
        if entry.key == "lobule.digest":
            entry.value = "0" * 64
    blank = proto.SerializeToString()
    assert blank.count(b"0" * 64) == 1
    return blank.replace(b"0" * 64, hashlib.sha256(blank).hexdigest().encode())


def test_signing_a_file_anew_gives_a_model_that_opens(model, tmp_path):
    (tmp_path / "same.onnx").write_bytes(with_digest(onnx.load(model)))
    assert run("inspect", tmp_path / "same.onnx").returncode == 0


def test_an_unknown_operator_is_named(phantoms, model, tmp_path):
    proto = onnx.load(model)
    node = next(node for node in proto.graph.node if node.op_type == "Relu")
    node.op_type = "Celu"
    (tmp_path / "celu.onnx").write_bytes(with_digest(proto))
    for command in (["predict", tmp_path / "celu.onnx", phantoms], ["inspect", tmp_path / "celu.onnx"]):
        message = refused(*command)
        assert "celu.onnx: " in message and "Celu" in message


def test_a_changed_weight_fails_the_golden_vectors(phantoms, model, tmp_path):
    proto = onnx.load(model)
    weight = max(proto.graph.initializer, key=lambda tensor: len(tensor.raw_data))
    weight.raw_data = weight.raw_data[: len(weight.raw_data) // 2] + bytes(len(weight.raw_data) - len(weight.raw_data) // 2)
    (tmp_path / "changed.onnx").write_bytes(with_digest(proto))
    assert "golden input" in refused("predict", tmp_path / "changed.onnx", phantoms)
    done = run("inspect", tmp_path / "changed.onnx", "--json")
    assert done.returncode == 1
    assert any(golden["verdict"] != "ok" for golden in json.loads(done.stdout)["golden"]["executed"])


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_flipped_byte_is_refused(phantoms, model, tmp_path, place):
    encoded = bytearray(model.read_bytes())
    encoded[{"first": 0, "middle": len(encoded) // 2, "last": len(encoded) - 1}[place]] ^= 0x01
    (tmp_path / "flipped.onnx").write_bytes(encoded)
    message = refused("predict", tmp_path / "flipped.onnx", phantoms)
    assert message.startswith(f"lobule: {tmp_path / 'flipped.onnx'}: ")


def test_files_that_are_no_models_of_ours_are_refused(phantoms, model, tmp_path):
    (tmp_path / "text.onnx").write_text("hello", encoding="utf-8")
    (tmp_path / "cut.onnx").write_bytes(model.read_bytes()[:-100])
    (tmp_path / "empty.onnx").write_bytes(b"")
    foreign = onnx.load(model)
    del foreign.metadata_props[:]
    foreign.producer_name = "another"
    (tmp_path / "foreign.onnx").write_bytes(foreign.SerializeToString())
    for name in ("text.onnx", "cut.onnx", "empty.onnx", "foreign.onnx"):
        assert refused("predict", tmp_path / name, phantoms).startswith(f"lobule: {tmp_path / name}: ")
    assert "not a lobule model" in refused("inspect", tmp_path / "foreign.onnx")
