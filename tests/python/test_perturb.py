"""`lobule evaluate --perturb`: a figure for each corruption and severity, whatever the threads and the order, and images that cannot be read."""

import shutil

import pytest

from program import images_of, refused, rows_of, run

CORRUPTIONS = [
    "brighter", "darker", "hue", "more_haematoxylin", "less_haematoxylin", "more_eosin", "less_eosin", "defocus",
    "motion", "noise", "jpeg", "pixelate", "zoom_in", "spots", "pen", "shadow",
]  # fmt: skip


@pytest.fixture(scope="module")
def perturbed(phantoms, split_file, model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("perturbed")
    done = run("evaluate", model, phantoms, "--split", split_file, "--set", "all", "--out", folder, "--bootstrap", 50, "--perturb", "--threads", 1)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_every_corruption_has_a_line_for_each_severity_after_that_of_the_images_as_they_are(perturbed, phantoms, evaluation):
    folder, done = perturbed
    rows = rows_of(folder / "perturbations.csv")
    assert [(row["corruption"], int(row["severity"])) for row in rows] == [("none", 0)] + [(name, level) for name in CORRUPTIONS for level in range(1, 6)]
    assert {int(row["images"]) for row in rows} == {len(images_of(phantoms))}
    assert (folder / "perturbations.svg").read_text(encoding="utf-8").count("<polyline") == 32
    for name in ("predictions.csv", "evaluation.json", "classification_report.txt"):
        assert (folder / name).read_bytes() == (evaluation[0] / name).read_bytes(), "the figures of the images as they are must not change"
    report = (folder / "classification_report.txt").read_text(encoding="utf-8")
    assert done.stdout.startswith(report)
    assert all(f"\n{name} " in done.stdout[len(report) :] for name in CORRUPTIONS)
    assert "corruption 16 of 16: shadow; 0:00 left" in done.stderr


def test_what_is_corrupted_gets_other_probabilities_and_what_is_not_the_same(perturbed):
    rows = rows_of(perturbed[0] / "perturbations.csv")
    assert float(rows[0]["mean_abs_probability_change"]) == 0 and float(rows[0]["changed_call_rate"]) == 0
    change = {(row["corruption"], int(row["severity"])): float(row["mean_abs_probability_change"]) for row in rows[1:]}
    assert all(value > 0 for value in change.values())
    # Of a network that was hardly trained, light moves every answer.
    for name in ("brighter", "darker"):
        assert change[name, 5] > change[name, 1]


def test_neither_threads_nor_batches_nor_the_order_of_images_change_a_figure(perturbed, phantoms, model, tmp_path):
    names = [path.relative_to(phantoms).as_posix() for path in images_of(phantoms)]
    label = {name: "malignant" if "/malignant/" in f"/{name}" else "benign" for name in names}
    tables = []
    for order, threads, batch in ((names, 1, 32), (names[::-1], 3, 5)):
        manifest = phantoms.parent / f"manifest{threads}.csv"
        manifest.write_text("path,label,patient\n" + "".join(f"{phantoms.name}/{name},{label[name]},{name}\n" for name in order), encoding="utf-8")
        out = tmp_path / str(threads)
        done = run("evaluate", model, manifest, "--out", out, "--bootstrap", 0, "--perturb", "--threads", threads, "--batch-size", batch)
        manifest.unlink()
        assert done.returncode == 0, done.stderr
        tables.append(rows_of(out / "perturbations.csv"))
    for one, other in zip(*tables, strict=True):
        # A batch of another size may sum in another order: float32 rounding of logits of a few units.
        assert abs(float(one["mean_abs_probability_change"]) - float(other["mean_abs_probability_change"])) <= 1e-5, one["corruption"]
        assert one["auc"] == other["auc"]


def test_an_image_that_cannot_be_read_is_left_out_of_every_line(phantoms, model, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(phantoms, data)
    broken = images_of(data)[0]
    broken.write_bytes(broken.read_bytes()[:-40])
    done = run("evaluate", model, data, "--set", "all", "--out", tmp_path / "out", "--bootstrap", 0, "--max-bad-share", 0.5, "--perturb")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("unreadable: ") == 1
    rows = rows_of(tmp_path / "out" / "perturbations.csv")
    assert len(rows) == 81
    assert {int(row["images"]) for row in rows} == {len(images_of(data)) - 1}
    assert {float(row["no_result_rate"]) for row in rows} == {0}


def test_a_table_of_predictions_cannot_be_perturbed(evaluation, tmp_path):
    done = run("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", tmp_path / "out", "--perturb")
    assert done.returncode == 2
    assert "--perturb excludes --predictions: it runs MODEL.onnx on corrupted images of DATA" in done.stderr
    assert not (tmp_path / "out").exists()
    assert "cannot create the folder" in refused("evaluate", "model.onnx", tmp_path, "--perturb", "--out", "/dev/null/out")
