"""`lobule phantom` as a user runs it, and the promise that no simple figure of an image gives its class away."""

import csv
import os
import pathlib
import resource
import signal
import subprocess

import numpy
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LOBULE = os.environ.get("LOBULE_BIN", str(REPOSITORY / "build" / "release" / "bin" / "lobule"))
FIGURES = ["red", "green", "blue", "tissue share", "nuclear share", "file size"]


def run(*arguments):
    return subprocess.run([LOBULE, *map(str, arguments)], capture_output=True, text=True, check=False)


def figures_of(path):
    """Mean colour, share of stained pixels, share of pixels with much haematoxylin, bytes of the file."""
    rgb = numpy.asarray(Image.open(path).convert("RGB"), dtype=float)
    density = -numpy.log10(numpy.clip(rgb, 1, 255) / 240)
    stains = numpy.array([[0.62, 0.70, 0.34], [0.17, 0.87, 0.40]])  # haematoxylin, eosin
    stains /= numpy.linalg.norm(stains, axis=1, keepdims=True)
    haematoxylin = (density.reshape(-1, 3) @ numpy.linalg.pinv(stains))[:, 0]
    return [*rgb.mean(axis=(0, 1)), (density.sum(axis=2) > 0.15).mean(), (haematoxylin > 0.35).mean(), path.stat().st_size]


def auc_of_new_patients(figures, malignant, patients):
    """Out-of-fold AUC of a logistic regression, five folds, no patient in two of them."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    scores = cross_val_predict(model, figures, malignant, groups=patients, cv=GroupKFold(5), method="predict_proba")
    return roc_auc_score(malignant, scores[:, 1])


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "phantoms"
    done = run("phantom", folder, "--patients", 60, "--images-per-patient", 6)
    assert done.returncode == 0, done.stderr
    with open(folder / "manifest.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 360
    return folder, rows


def test_no_simple_figure_gives_the_class_away(phantoms):
    folder, rows = phantoms
    figures = numpy.array([figures_of(folder / row["path"]) for row in rows])
    malignant = numpy.array([row["label"] == "malignant" for row in rows])
    patients = numpy.array([row["patient"] for row in rows])
    assert malignant.sum() == 180
    # 0.5 is chance. With 60 patients chance alone strays by about 0.07, so 0.70 is what a real give-away would pass.
    aucs = {name: auc_of_new_patients(figures[:, [i]], malignant, patients) for i, name in enumerate(FIGURES)}
    aucs["all of them"] = auc_of_new_patients(figures, malignant, patients)
    assert all(auc < 0.70 for auc in aucs.values()), aucs
    # Read the other way round a figure would tell as much.
    raw = {name: roc_auc_score(malignant, figures[:, i]) for i, name in enumerate(FIGURES)}
    assert all(0.30 < auc < 0.70 for auc in raw.values()), raw


def test_images_are_whole_rgb_pngs_of_the_default_size(phantoms):
    folder, rows = phantoms
    for row in rows[::30]:
        with Image.open(folder / row["path"]) as image:
            image.load()
            assert (image.format, image.mode, image.size) == ("PNG", "RGB", (240, 160))


def test_the_same_options_give_the_same_bytes(tmp_path):
    options = ["--patients", 3, "--images-per-patient", 1, "--size", "120x80", "--seed", 9]
    for name in ("first", "second"):
        assert run("phantom", tmp_path / name, *options).returncode == 0
    first = {file.relative_to(tmp_path / "first"): file.read_bytes() for file in (tmp_path / "first").rglob("*") if file.is_file()}
    second = {file.relative_to(tmp_path / "second"): file.read_bytes() for file in (tmp_path / "second").rglob("*") if file.is_file()}
    assert first == second and len(first) == 5


def test_bad_options_are_refused_with_their_name(tmp_path):
    for options, message in [
        (["--size", "300"], '--size is "300"'),
        (["--size", "300x9"], "the height of --size is 9"),
        (["--patients", "1"], "--patients is 1"),
        (["--magnifications", "50"], "--magnifications has 50"),
    ]:
        refused = run("phantom", tmp_path / "out", *options)
        assert refused.returncode == 1 and message in refused.stderr, refused.stderr
        assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    refused = run("phantom", tmp_path, "--patients", 2, "--images-per-patient", 1)
    assert refused.returncode == 1 and str(tmp_path) in refused.stderr and "not empty" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    # A limit on file size fails a write half-way, as a full disk does; the card is shorter than it, every image longer.
    def limit_file_size():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    options = ["--patients", "2", "--images-per-patient", "1", "--size", "96x64"]
    refused = subprocess.run(
        [LOBULE, "phantom", str(tmp_path / "out"), *options], capture_output=True, text=True, check=False, preexec_fn=limit_file_size
    )
    assert refused.returncode == 1
    assert "PHANTOM_SOB_" in refused.stderr and "cannot write: File too large" in refused.stderr
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["README.md"]
