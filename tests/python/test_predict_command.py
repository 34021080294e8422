"""`lobule predict` and bad images: each gives its own entry while the others are classified."""

import io
import json
import struct
import zlib

import numpy
import onnxruntime
import pytest
from PIL import Image

from program import RESEARCH_USE_ONLY, images_of, refused, rows_of, run


def test_prediction_agrees_with_onnxruntime_and_with_the_evaluation(phantoms, model, evaluation):
    images = images_of(phantoms)[:4]
    done = run("predict", model, *images, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["research_use_only"] == RESEARCH_USE_ONLY
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    _, _, height, width = session.get_inputs()[0].shape
    facts = json.loads(run("inspect", model, "--json").stdout)
    evaluated = {row["path"]: row for row in rows_of(evaluation[0] / "predictions.csv")}
    for image, prediction in zip(images, document["predictions"], strict=True):
        assert prediction["path"] == str(image)
        row = evaluated[image.relative_to(phantoms).as_posix()]
        assert prediction["tensor_sha256"] == row["tensor_sha256"]
        assert prediction["call"] == row["call"]
        # The phantoms have the shape of the input: fitting is a plain resize, which Pillow does alike.
        fitted = numpy.asarray(Image.open(image).convert("RGB").resize((width, height), Image.Resampling.BILINEAR), dtype=numpy.float32)
        normalised = (fitted / numpy.float32(255) - numpy.float32(facts["input"]["mean"])) / numpy.float32(facts["input"]["stddev"])
        logits = session.run(["logits"], {session.get_inputs()[0].name: normalised.transpose(2, 0, 1)[None]})[0][0] / facts["temperature"]
        assert numpy.abs(logits - prediction["logits"]).max() <= 1e-5  # two libraries' float32 sums


def test_lines_name_path_call_and_probability(phantoms, model):
    done = run("predict", model, phantoms)
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0] == [f"# {RESEARCH_USE_ONLY}"]
    assert lines[1] == ["# path", "call", "p(malignant)", "reason"]
    assert [line[0] for line in lines[2:]] == [str(image) for image in images_of(phantoms)]
    for _, call, probability, _ in lines[2:]:
        assert call == ("malignant" if float(probability) >= 0.5 else "benign") or float(probability) == 0.5


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def encoded_image(size, image_format):
    memory = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(memory, image_format)
    return memory.getvalue()


HUGE_PNG = (
    b"\x89PNG\r\n\x1a\n"
    + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0))
    + png_chunk(b"IDAT", zlib.compress(b""))
    + png_chunk(b"IEND", b"")
)


@pytest.mark.parametrize(
    "name, encoded, causes",
    [
        ("text.jpg", b"This is not a picture.\n", ["text, not an image"]),
        ("truncated.jpg", encoded_image((64, 64), "JPEG")[:-200], ["JPEG", "truncated"]),
        ("huge.png", HUGE_PNG, ["20000x20000", "8192"]),
        ("dot.png", encoded_image((1, 1), "PNG"), ["1x1 pixels", "at least 16 a side"]),
        ("scan.tif", encoded_image((64, 64), "TIFF"), ["TIFF"]),
        ("empty.png", b"", ["empty"]),
    ],
)
def test_a_bad_image_gives_its_entry_while_the_others_are_classified(phantoms, model, tmp_path, name, encoded, causes):
    (tmp_path / name).write_bytes(encoded)
    good = images_of(phantoms)[0]
    done = run("predict", model, tmp_path / name, good, "--json")
    assert done.returncode == 1
    for cause in causes:
        assert cause in done.stderr, done.stderr
    assert f"lobule: 1 of 2 images cannot be read; the first: {tmp_path / name}: " in done.stderr
    bad, fine = json.loads(done.stdout)["predictions"]
    assert bad["call"] == "no result" and bad["reason"] and bad["logits"] is None
    assert fine["call"] in ("benign", "malignant") and fine["tensor_sha256"]
    assert str(tmp_path / name) in refused("inspect", tmp_path / name)


def test_what_does_not_exist_is_named(model, tmp_path):
    assert "gone.png: cannot read: No such file or directory" in refused("predict", model, tmp_path / "gone.png")
    assert "gone.onnx: cannot read: No such file or directory" in refused("predict", tmp_path / "gone.onnx", tmp_path)
    assert "holds no PNG, JPEG or BMP image" in refused("predict", model, tmp_path)
    assert "gone: No such file or directory" in refused("split", tmp_path / "gone", "--out", tmp_path / "split.csv")


def test_folders_that_are_no_data_set_are_refused(model, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for command in (["split", empty, "--out", tmp_path / "s.csv"], ["evaluate", model, empty, "--out", tmp_path / "out"]):
        assert f"{empty}: holds no PNG, JPEG or BMP image" in refused(*command)
    (tmp_path / "one" / "benign").mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(tmp_path / "one" / "benign" / "a.png")
    for command in (["split", tmp_path / "one", "--out", tmp_path / "s.csv"], ["evaluate", model, tmp_path / "one", "--out", tmp_path / "out"]):
        assert "all images are of one class (benign)" in refused(*command)
