"""`lobule evaluate`: its four files, tables without a network, unreadable images, classes that do not match."""

import json
import shutil

from PIL import Image

from program import RESEARCH_USE_ONLY, images_of, refused, rows_of, run


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


def test_images_that_a_table_marks_as_training_are_left_out_unless_they_are_counted(tmp_path):
    table = tmp_path / "table.csv"
    rows = ["a,benign,0.1,", "b,benign,0.7,", "c,malignant,0.8,", "d,malignant,0.9,yes", "e,benign,0.9,yes"]
    table.write_text("\n".join(["path,label,p_malignant,in_training", *rows]) + "\n", encoding="utf-8")
    for options, count in ([], 3), (["--count-training"], 5):
        done = run("evaluate", "--predictions", table, "--out", tmp_path / "out", "--bootstrap", 0, *options)
        assert done.returncode == 0, done.stderr
        assert json.loads((tmp_path / "out" / "evaluation.json").read_text())["images"]["n"] == count
        assert len(rows_of(tmp_path / "out" / "predictions.csv")) == 5
        assert ("2 images of patients whom the model learned from are left out" in done.stderr) == (count == 3)
    table.write_text("path,label,p_malignant,in_training\nd,malignant,0.9,yes\n", encoding="utf-8")
    assert "--count-training counts them" in refused("evaluate", "--predictions", table, "--out", tmp_path / "out")
    assert run("evaluate", "model.onnx", "data", "--count-training", "--out", tmp_path / "out").returncode == 2


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
