"""`lobule split`, `evaluate`, `predict` and `inspect` as a user runs them: what they write, and what they say to bad input."""

import contextlib
import csv
import hashlib
import io
import json
import os
import pathlib
import shutil
import struct
import subprocess
import zlib

import numpy
import onnx
import onnxruntime
import pytest
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LOBULE = os.environ.get("LOBULE_BIN", str(REPOSITORY / "build" / "release" / "bin" / "lobule"))
RESEARCH_USE_ONLY = "For Research Use Only. Not for use in diagnostic procedures."


def run(*arguments, **keywords):
    return subprocess.run([LOBULE, *map(str, arguments)], capture_output=True, text=True, check=False, **keywords)


def refused(*arguments):
    """Runs what must be refused as bad input and returns the message."""
    done = run(*arguments)
    assert done.returncode == 1, (done.returncode, done.stderr)
    messages = [line for line in done.stderr.splitlines() if line.startswith("lobule: ")]
    assert len(messages) == 1, done.stderr
    return messages[0]


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "phantoms"
    done = run("phantom", folder, "--patients", 12, "--images-per-patient", 2, "--size", "96x64")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def split_file(phantoms, tmp_path_factory):
    file = tmp_path_factory.mktemp("split") / "split.csv"
    done = run("split", phantoms, "--out", file)
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture(scope="module")
def model(phantoms, split_file, tmp_path_factory):
    """A model hardly trained: its calls are poor, its file is like any other."""
    folder = tmp_path_factory.mktemp("model")
    small = ["--epochs", 1, "--batch-size", 8, "--input-size", "48x32", "--threads", 1]
    done = run("train", phantoms, "--split", split_file, "--out", folder / "run", *small)
    assert done.returncode == 0, done.stderr
    done = run("export", folder / "run", "--out", folder / "model.onnx")
    assert done.returncode == 0, done.stderr
    return folder / "model.onnx"


def images_of(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".png", ".jpg", ".jpeg", ".bmp"))


def rows_of(file):
    with open(file, newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


# --- the program ---


def test_help_names_every_command_with_an_example_and_the_research_use():
    done = run("--help")
    assert done.returncode == 0
    assert RESEARCH_USE_ONLY in done.stdout
    for command in ("phantom", "split", "train", "export", "evaluate", "predict", "inspect"):
        assert f"  lobule {command} " in done.stdout
        own = run(command, "--help")
        assert own.returncode == 0
        assert f"lobule {command}" in own.stdout


def test_version_is_the_projects():
    done = run("--version")
    assert done.returncode == 0
    assert f"project(lobule VERSION {done.stdout.split()[1]} " in (REPOSITORY / "CMakeLists.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["paint"],
        ["split"],
        ["split", "data", "--out", "x.csv", "--folds", "2"],
        ["split", "data", "--out", "x.csv", "--folds", "5", "--ratios", "60/20/20"],
        ["evaluate", "--out", "x"],
        ["evaluate", "model.onnx", "data", "--predictions", "p.csv", "--out", "x"],
        ["evaluate", "model.onnx", "data", "--out", "x", "--set", "dev"],
        ["evaluate", "model.onnx", "data", "--out", "x", "--fold", "1"],
        ["predict", "model.onnx"],
        ["inspect", "image.png", "--tensor-sha256"],
        ["inspect", "image.png", "--model", "model.onnx"],
    ],
)
def test_wrong_usage_ends_with_status_2_and_a_hint(arguments):
    done = run(*arguments)
    assert done.returncode == 2, done.stderr
    assert "--help" in done.stderr


# --- split ---


def test_a_split_keeps_patients_apart_and_every_class_in_every_set(phantoms, split_file):
    rows = rows_of(split_file)
    assert len(rows) == len(images_of(phantoms))
    assert [row["path"] for row in rows] == sorted(row["path"] for row in rows)
    sets = {}
    for row in rows:
        sets.setdefault(row["patient"], set()).add(row["split"])
    assert all(len(own) == 1 for own in sets.values())
    assert {(row["split"], row["label"]) for row in rows} == {(s, label) for s in ("train", "val", "test") for label in ("benign", "malignant")}


def test_a_split_depends_on_its_seed_alone(phantoms, split_file, tmp_path):
    for threads in (1, 3):
        assert run("split", phantoms, "--out", tmp_path / "again.csv", "--threads", threads).returncode == 0
        assert (tmp_path / "again.csv").read_bytes() == split_file.read_bytes()
    assert run("split", phantoms, "--out", tmp_path / "other.csv", "--seed", 2).returncode == 0
    assert (tmp_path / "other.csv").read_bytes() != split_file.read_bytes()


def test_an_image_under_two_patients_keeps_them_in_one_set_or_is_refused(phantoms, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(phantoms, data)
    rows = rows_of(data / "manifest.csv")
    patients = sorted({row["patient"] for row in rows if row["label"] == "benign"})
    first = next(row for row in rows if row["patient"] == patients[0])
    second = next(row for row in rows if row["patient"] == patients[1])
    Image.open(data / first["path"]).save(data / second["path"], "PNG")  # the same pixels in another file
    done = run("split", data, "--out", tmp_path / "split.csv")
    assert done.returncode == 0, done.stderr
    assert first["path"] in done.stderr and second["path"] in done.stderr
    sets = {row["patient"]: row["split"] for row in rows_of(tmp_path / "split.csv")}
    assert sets[patients[0]] == sets[patients[1]]

    other = next(row for row in rows if row["label"] == "malignant")
    Image.open(data / first["path"]).save(data / other["path"], "PNG")
    message = refused("split", data, "--out", tmp_path / "split.csv")
    assert first["path"] in message and other["path"] in message and "different labels" in message


def test_an_edited_split_that_leaks_a_patient_is_refused(phantoms, split_file, model, tmp_path):
    rows = rows_of(split_file)
    moved = next(row for row in rows if row["split"] == "train")
    moved["split"] = "test"
    edited = tmp_path / "edited.csv"
    with open(edited, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["path", "label", "patient", "split"])
        writer.writeheader()
        writer.writerows(rows)
    message = refused("evaluate", model, phantoms, "--split", edited, "--out", tmp_path / "out")
    assert f"edited.csv: patient {moved['patient']} is in two sets" in message


def test_folds_name_every_image_once_and_one_of_them_can_be_evaluated(phantoms, model, tmp_path):
    folds = tmp_path / "folds.csv"
    assert run("split", phantoms, "--out", folds, "--folds", 3).returncode == 0
    rows = rows_of(folds)
    assert {row["fold"] for row in rows} == {"0", "1", "2"}
    done = run("evaluate", model, phantoms, "--split", folds, "--fold", 1, "--out", tmp_path / "out", "--bootstrap", 0)
    assert done.returncode == 0, done.stderr
    evaluated = {row["path"] for row in rows_of(tmp_path / "out" / "predictions.csv")}
    assert evaluated == {row["path"] for row in rows if row["fold"] == "1"}
    assert "say with --fold" in refused("evaluate", model, phantoms, "--split", folds, "--out", tmp_path / "out")


def test_a_published_fold_list_is_followed(phantoms, tmp_path):
    images = images_of(phantoms)
    patients = sorted({row["patient"] for row in rows_of(phantoms / "manifest.csv")})
    test_patients = set(patients[:2]) | set(patients[-2:])
    patient_of = {pathlib.Path(row["path"]).stem: row["patient"] for row in rows_of(phantoms / "manifest.csv")}
    lines = [f"{image.stem}.tif|40|1|{'test' if patient_of[image.stem] in test_patients else 'train'}\n" for image in images]
    (tmp_path / "dsfold1.txt").write_text("".join(lines), encoding="utf-8")
    done = run("split", phantoms, "--dsfold", tmp_path / "dsfold1.txt", "--out", tmp_path / "split.csv")
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "split.csv")
    assert {row["patient"] for row in rows if row["split"] == "test"} == test_patients
    assert {row["split"] for row in rows} == {"train", "val", "test"}


# --- evaluate ---


@pytest.fixture(scope="module")
def evaluation(phantoms, split_file, model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluation") / "made" / "here"
    done = run("evaluate", model, phantoms, "--split", split_file, "--set", "all", "--out", folder, "--bootstrap", 50)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_an_evaluation_writes_its_four_files_and_prints_the_report(evaluation):
    folder, done = evaluation
    assert sorted(path.name for path in folder.iterdir()) == ["classification_report.txt", "evaluation.json", "predictions.csv", "report.html"]
    assert done.stdout == (folder / "classification_report.txt").read_text(encoding="utf-8")
    for name in ("classification_report.txt", "evaluation.json", "report.html"):
        assert RESEARCH_USE_ONLY in (folder / name).read_text(encoding="utf-8")


def test_evaluating_the_written_table_gives_the_same_bytes(evaluation, tmp_path):
    folder, _ = evaluation
    done = run("evaluate", "--predictions", folder / "predictions.csv", "--out", tmp_path, "--bootstrap", 50)
    assert done.returncode == 0, done.stderr
    for name in ("evaluation.json", "predictions.csv", "classification_report.txt"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_table_from_elsewhere_is_evaluated(tmp_path):
    (tmp_path / "table.csv").write_text("path,label,p_malignant\na,benign,0.1\nb,benign,0.7\nc,malignant,0.8\nd,malignant,0.9\n", encoding="utf-8")
    done = run("evaluate", "--predictions", tmp_path / "table.csv", "--out", tmp_path / "out", "--bootstrap", 0)
    assert done.returncode == 0, done.stderr
    counts = [line.split() for line in done.stdout.splitlines() if line.split()[:1] == ["accuracy"]]
    assert float(counts[0][1]) == 0.75  # three of four at the threshold 0.5


def test_batches_and_threads_do_not_change_calls(phantoms, split_file, model, evaluation, tmp_path):
    folder, _ = evaluation
    done = run("evaluate", model, phantoms, "--split", split_file, "--set", "all", "--out", tmp_path, "--bootstrap", 0, "--batch-size", 5, "--threads", 3)
    assert done.returncode == 0, done.stderr
    for one, other in zip(rows_of(folder / "predictions.csv"), rows_of(tmp_path / "predictions.csv"), strict=True):
        assert one["tensor_sha256"] == other["tensor_sha256"]
        # A batch of another size may sum in another order: float32 rounding of logits of a few units.
        assert abs(float(one["p_malignant"]) - float(other["p_malignant"])) <= 1e-5


def test_unreadable_images_are_named_counted_and_end_a_run_above_their_share(phantoms, model, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(phantoms, data)
    broken = images_of(data)[0]
    broken.write_bytes(broken.read_bytes()[:-40])
    name = broken.relative_to(data).as_posix()
    done = run("evaluate", model, data, "--set", "all", "--out", tmp_path / "out", "--bootstrap", 0, "--max-bad-share", 0.5)
    assert done.returncode == 0, done.stderr
    count = len(images_of(data))
    assert f"unreadable: {name}: PNG" in done.stderr
    assert f"1 of {count} images cannot be read; going on without them" in done.stderr
    row = next(row for row in rows_of(tmp_path / "out" / "predictions.csv") if row["path"] == name)
    assert row["call"] == "no result" and row["reason"].startswith("PNG")
    message = refused("evaluate", model, data, "--set", "all", "--out", tmp_path / "no", "--max-bad-share", 0.01)
    assert f"1 of {count} images cannot be read, more than the allowed share of 0.01" in message and name in message
    assert not (tmp_path / "no" / "evaluation.json").exists()
    message = refused("split", data, "--out", tmp_path / "split.csv", "--max-bad-share", 0.01)
    assert name in message and not (tmp_path / "split.csv").exists()


def test_a_model_of_other_classes_is_refused(model, tmp_path):
    for name in ("fat", "gland"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (8, 8), (200, 120, 160)).save(tmp_path / name / "a.png")
    message = refused("evaluate", model, tmp_path, "--out", tmp_path / "out")
    assert "has the class fat; the model knows benign, malignant" in message


# --- predict ---


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


# --- bad models ---


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


# --- inspect ---


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


# --- where nothing can be written ---


@contextlib.contextmanager
def mounted(folder, options):
    """A small file system of its own: root ignores a folder's permissions, but not a full or read-only one."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this user may not mount a tmpfs: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_leaves_no_part_of_a_file(evaluation, phantoms, tmp_path):
    with mounted(tmp_path / "full", "size=16k") as full:
        message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", full, "--bootstrap", 0)
        assert "cannot write: No space left on device" in message and str(full) in message
        assert not [path for path in full.iterdir() if path.suffix not in (".csv", ".txt", ".html")]  # no temporary file, no evaluation.json
        (full / "filler").write_bytes(bytes(16384 - sum(4096 * -(-path.stat().st_size // 4096) for path in full.iterdir())))
        message = refused("split", phantoms, "--out", full / "split.csv")
        assert f"{full / 'split.csv'}: cannot write: No space left on device" in message
        assert not [path for path in full.iterdir() if path.name.startswith("split")]


def test_a_read_only_folder_is_said(evaluation, phantoms, tmp_path):
    with mounted(tmp_path / "frozen", "ro") as frozen:
        message = refused("split", phantoms, "--out", frozen / "split.csv")
        assert f"{frozen / 'split.csv'}: cannot write: Read-only file system" in message
        message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", frozen / "new", "--bootstrap", 0)
        assert f"{frozen / 'new'}: cannot create the folder: Read-only file system" in message
        message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", frozen, "--bootstrap", 0)
        assert "predictions.csv: cannot write: Read-only file system" in message


def test_a_file_in_the_folders_place_is_said(evaluation, phantoms, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", tmp_path / "file", "--bootstrap", 0)
    assert f"{tmp_path / 'file'}: cannot create the folder: Not a directory" in message
    message = refused("split", phantoms, "--out", tmp_path / "file" / "split.csv")
    assert "split.csv: cannot write: Not a directory" in message


def test_a_device_is_never_replaced_by_a_file(phantoms):
    before = os.stat("/dev/null")
    assert "it exists and is no regular file" in refused("split", phantoms, "--out", "/dev/null")
    assert os.stat("/dev/null").st_rdev == before.st_rdev


def test_standard_output_that_is_full_is_no_success(phantoms, model):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([LOBULE, "predict", str(model), str(phantoms)], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "standard output: cannot write" in done.stderr
