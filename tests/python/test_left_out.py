"""Sets that leave a kind of image out of training, and the table of what came of it."""

import csv
import subprocess
import sys

import pytest
from PIL import Image

from program import REPOSITORY, rows_of

TOOL = REPOSITORY / "tests" / "tools" / "left_out.py"
PINK, BLUE = (230, 120, 190), (90, 60, 160)


def left_out(*arguments):
    return subprocess.run([sys.executable, TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def manifest(tmp_path):
    """Ten patients of two images: one of each magnification; seven patients are pink, three blue."""
    rows = []
    for patient in range(10):
        for magnification in (40, 200):
            name = f"p{patient}_{magnification}.png"
            Image.new("RGB", (8, 8), PINK if patient < 7 else BLUE).save(tmp_path / name)
            rows.append([name, "malignant" if patient % 2 else "benign", f"p{patient}", magnification])
    file = tmp_path / "manifest.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([["path", "label", "patient", "magnification"], *rows])
    return file


def sets_of(folder):
    for file in sorted(folder.glob("sets*.csv")):
        rows = rows_of(file)
        yield tuple({(row["path"], row["patient"]) for row in rows if row["split"] == name} for name in ("train", "test"))


def test_a_kind_that_patients_share_is_left_out_in_five_sets_by_patient(manifest, tmp_path):
    assert left_out("sets", manifest, "magnification=40", tmp_path / "sets").returncode == 0
    tested = []
    for train, test in sets_of(tmp_path / "sets"):
        assert all("_200" in path for path, _ in train) and all("_40" in path for path, _ in test)
        assert {patient for _, patient in train}.isdisjoint({patient for _, patient in test})
        assert len(train) + len(test) == 10
        tested += test
    assert len(tested) == len(set(tested)) == 10


def test_a_stain_of_other_patients_is_left_out_in_one_set(manifest, tmp_path):
    for cluster, count in (0, 14), (1, 6):  # the larger one comes first
        assert left_out("sets", manifest, f"stain={cluster}", tmp_path / str(cluster)).returncode == 0
        [(train, test)] = sets_of(tmp_path / str(cluster))
        assert len(test) == count and len(train) == 20 - count
        assert {patient for _, patient in test} == {f"p{i}" for i in (range(7) if cluster == 0 else range(7, 10))}


def test_a_kind_that_all_or_no_images_are_of_is_refused(manifest, tmp_path):
    done = left_out("sets", manifest, "magnification=100", tmp_path / "sets")
    assert done.returncode == 1 and "all or none of its images have magnification=100" in done.stderr


def test_predictions_of_several_models_are_joined_and_those_of_a_kind_are_picked(manifest, tmp_path):
    for run, rows in ("run0", ["p1_40.png,malignant,0.9,a", "p1_200.png,malignant,0.8,a"]), ("run1", ["p0_40.png,benign,0.3,b"]):
        (tmp_path / run).mkdir()
        (tmp_path / run / "predictions.csv").write_text("path,label,p_malignant,model_sha256\n" + "\n".join(rows) + "\n")
    assert left_out("join", tmp_path, tmp_path / "joined.csv").returncode == 0
    joined = rows_of(tmp_path / "joined.csv")
    assert [(row["path"], row["model_sha256"]) for row in joined] == [("p0_40.png", ""), ("p1_200.png", ""), ("p1_40.png", "")]
    assert left_out("known", tmp_path / "joined.csv", manifest, "magnification=40", tmp_path / "known.csv").returncode == 0
    assert [row["path"] for row in rows_of(tmp_path / "known.csv")] == ["p0_40.png", "p1_40.png"]


def test_the_table_stands_between_its_marks(tmp_path):
    ledger, document = tmp_path / "ledger.csv", tmp_path / "text.md"
    figures = ",".join(f"{name},{name}_low,{name}_high" for name in ("image_auc", "image_balanced_accuracy", "patient_auc"))
    ledger.write_text(f"name,options,images,patients,{figures}\nstain=0/frozen,--epochs 0,20,10,0.5,0.4,0.6,0.7,0.6,0.8,0.9,0.8,1\n")
    document.write_text("before\n<!-- left out -->\nstale\n<!-- /left out -->\nafter\n")
    for _ in range(2):
        assert left_out("table", ledger, document).returncode == 0
    text = document.read_text()
    assert "| `stain=0` | 20 | 10 | frozen | 0.500 (0.400 to 0.600) | 0.700 (0.600 to 0.800) | 0.900 (0.800 to 1.000) |" in text
    assert text.startswith("before\n") and text.endswith("after\n") and "stale" not in text
