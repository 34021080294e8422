"""Model files as `lobule train` and `lobule export` write them, against onnx's checker and ONNX Runtime."""

import hashlib
import json
import pathlib
import random
import subprocess

import numpy as np
import onnx
import onnxruntime
import pytest

from onnx_probe import interpret
from probe import LOBULE


def lobule(*arguments):
    return subprocess.run([str(LOBULE), *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    made = lobule("phantom", folder / "phantoms", "--patients", 12, "--images-per-patient", 4, "--size", "96x64")
    assert made.returncode == 0, made.stderr
    trained = lobule("train", folder / "phantoms", "--out", folder / "run", "--epochs", 2, "--input-size", "72x48", "--batch-size", 8)
    assert trained.returncode == 0, trained.stderr
    return folder / "run"


@pytest.fixture(scope="module", params=["float32", "float16"])
def model_file(request, run_dir, tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "model.onnx"
    done = lobule("export", run_dir, "--out", file, *(["--half"] if request.param == "float16" else []))
    assert done.returncode == 0, done.stderr
    assert f"bytes       {file.stat().st_size}" in done.stdout
    assert "For Research Use Only" in done.stdout
    return file


def metadata(file):
    return {entry.key: entry.value for entry in onnx.load(file).metadata_props}


def test_the_file_passes_the_full_check_of_onnx(model_file):
    model = onnx.load(model_file)
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version == 8
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]
    assert model.producer_name == "lobule"
    assert [output.name for output in model.graph.output] == ["logits", "cam", "features"]


def test_onnx_runtime_and_the_interpreter_agree(model_file, tmp_path):
    session = onnxruntime.InferenceSession(str(model_file))
    x = np.random.default_rng(5).standard_normal((5, 3, 48, 72)).astype(np.float32)
    expected = dict(zip(["logits", "cam", "features"], session.run(["logits", "cam", "features"], {"image": x})))
    got = interpret(model_file, x, tmp_path)
    assert set(got) == set(expected)
    assert expected["cam"].shape == (5, 2, 6, 9)
    for name, values in expected.items():
        assert np.abs(values).max() > 1e-3, f"{name} is nearly zero: nothing would be shown"
        # Two libraries sum the same products in their own order.
        np.testing.assert_allclose(got[name], values, rtol=1e-5, atol=1e-5, err_msg=name)


def test_a_batch_gives_what_its_images_give_alone(model_file):
    session = onnxruntime.InferenceSession(str(model_file))
    x = np.random.default_rng(6).standard_normal((3, 3, 48, 72)).astype(np.float32)
    together = session.run(None, {"image": x})
    for i in range(3):
        for whole, alone in zip(together, session.run(None, {"image": x[i : i + 1]})):
            np.testing.assert_allclose(whole[i : i + 1], alone, rtol=1e-5, atol=1e-5)


def test_the_digest_can_be_checked_without_lobule(model_file):
    data = model_file.read_bytes()
    digest = metadata(model_file)["lobule.digest"]
    assert data.endswith(digest.encode())
    assert hashlib.sha256(data[:-64] + b"0" * 64).hexdigest() == digest


def test_the_file_says_what_it_was_trained_on_and_how_it_did(model_file, run_dir):
    said = metadata(model_file)
    training = json.loads(said["lobule.training"])
    assert training == json.loads((run_dir / "config.json").read_text())["training"]
    assert "figures" in json.loads(said["lobule.evaluation"])["images"]
    assert said["lobule.history"].splitlines() == (run_dir / "history.jsonl").read_text().splitlines()
    assert "lobule.patients" not in said
    golden = json.loads(said["lobule.golden"])
    assert golden["tolerance"] == 1e-4
    assert len(golden["vectors"]) == 3


def test_no_path_or_name_of_this_machine_is_in_the_file(model_file, run_dir):
    data = model_file.read_bytes()
    for word in {str(run_dir.parent), str(pathlib.Path.home()), "phantoms"}:
        assert word.encode() not in data


def test_patients_are_named_when_asked_for(run_dir, tmp_path):
    done = lobule("export", run_dir, "--out", tmp_path / "model.onnx", "--with-patients", "--name", "with patients")
    assert done.returncode == 0, done.stderr
    said = metadata(tmp_path / "model.onnx")
    rows = [line.split(",") for line in (run_dir / "split.csv").read_text().splitlines()[1:]]
    assert json.loads(said["lobule.patients"]) == sorted({row[2] for row in rows if row[3] in ("train", "val")})
    assert json.loads(said["lobule.model"])["name"] == "with patients"


def test_cut_and_flipped_files_are_refused(model_file, tmp_path):
    data = model_file.read_bytes()
    pick = random.Random(3)
    damaged = [data[:size] for size in [0, 1, len(data) // 2, len(data) - 1]]
    for position in [len(data) - 1, *(pick.randrange(len(data)) for _ in range(6))]:
        flipped = bytearray(data)
        flipped[position] ^= 1 << pick.randrange(8)
        damaged.append(bytes(flipped))
    file = tmp_path / "damaged.onnx"
    for content in damaged:
        file.write_bytes(content)
        done = lobule("inspect", file)
        assert done.returncode == 1, done.stdout
        assert "damaged.onnx" in done.stderr


def test_a_run_folder_without_weights_is_refused(tmp_path):
    done = lobule("export", tmp_path, "--out", tmp_path / "model.onnx")
    assert done.returncode == 1
    assert "config.json" in done.stderr
    assert not (tmp_path / "model.onnx").exists()


def test_wrong_usage_is_told_apart(run_dir):
    assert lobule("export", run_dir).returncode == 2
