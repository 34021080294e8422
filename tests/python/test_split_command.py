"""`lobule split`: patients kept apart, duplicates, edited splits, folds, published fold lists."""

import csv
import pathlib
import shutil

from PIL import Image

from program import images_of, refused, rows_of, run


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
