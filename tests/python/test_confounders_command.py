"""`lobule confounders`: what magnification, source and mean colour alone reach, against scikit-learn on the same folds."""

import csv

import numpy
import pytest
from PIL import Image
from program import RESEARCH_USE_ONLY, refused, rows_of, run
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

FOLDS = 3
BASELINES = ["magnification", "source", "mean_colour"]


def write_csv(file, rows):
    with open(file, "w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def make_data(folder, patients=24):
    """Malignant images are bluer, and more often of 200X and squeezed."""
    random = numpy.random.default_rng(3)
    folder.mkdir()
    rows = []
    for patient in range(patients):
        malignant = patient % 3 > 0  # every fold gets both classes
        for image in range(random.integers(2, 7)):
            colour = random.normal([190, 120, 170 + 12 * malignant], 15)
            pixels = numpy.clip(random.normal(colour, 20, (18 + image, 24, 3)), 0, 255).astype(numpy.uint8)
            path = f"i{patient:02}_{image}.png"
            Image.fromarray(pixels).save(folder / path)
            magnification = random.choice([40, 100, 200], p=[0.2, 0.3, 0.5] if malignant else [0.4, 0.4, 0.2])
            source = random.choice(["original", "squeezed"], p=[0.3, 0.7] if malignant else [0.6, 0.4])
            case = {"path": path, "label": ["benign", "malignant"][malignant], "patient": f"p{patient:02}"}
            rows.append({**case, "magnification": magnification, "source": source})
    rows[0]["magnification"] = 400  # a magnification that nothing else has
    write_csv(folder / "manifest.csv", rows)
    write_csv(folder.parent / "folds.csv", [{"path": row["path"], "fold": int(row["patient"][1:]) // 3 % FOLDS} for row in rows])
    return rows


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("confounders") / "data"
    return folder, make_data(folder), folder.parent / "folds.csv"


@pytest.fixture(scope="module")
def outcome(data):
    folder, _, folds = data
    done = run("confounders", folder, "--split", folds, "--out", folder.parent / "out", "--bootstrap", 100)
    assert done.returncode == 0, done.stderr
    return folder.parent / "out", done.stdout


def expected(data, name):
    """Probability of malignant for each image by a model of the other folds, written again in Python."""
    folder, rows, folds = data
    truth = numpy.array([row["label"] == "malignant" for row in rows])
    fold = numpy.array([int(row["fold"]) for row in rows_of(folds)])
    colour = numpy.array([numpy.asarray(Image.open(folder / row["path"])).reshape(-1, 3).mean(0) for row in rows])
    answers = numpy.zeros(len(rows))
    for k in range(FOLDS):
        train = fold != k
        weights = numpy.where(truth, 1 / truth[train].sum(), 1 / (~truth[train]).sum()) * train.sum() / 2
        if name == "mean_colour":
            x = (colour - colour[train].mean(0)) / colour[train].std(0)
            # Two weight vectors with penalty 0.001 / 2 each are one, their difference, with half of it.
            model = LogisticRegression(C=2 / (0.001 * train.sum()), tol=1e-12, max_iter=10000).fit(x[train], truth[train], sample_weight=weights[train])
            answers[~train] = model.predict_proba(x[~train])[:, 1]
            continue
        for i in numpy.flatnonzero(~train):
            same = train & numpy.array([row[name] == rows[i][name] for row in rows])
            answers[i] = (weights[same & truth].sum() + 1) / (weights[same].sum() + 2)
    return truth, answers


@pytest.mark.parametrize("name", BASELINES)
def test_out_of_fold_predictions_are_those_of_the_same_model_in_python(data, outcome, name):
    truth, answers = expected(data, name)
    table = rows_of(outcome[0] / f"{name}.csv")
    assert [row["path"] for row in table] == [row["path"] for row in data[1]]
    assert [row["patient"] for row in table] == [row["patient"] for row in data[1]]
    # The categories' sums differ by rounding, the regression by where its search ends.
    assert numpy.allclose([float(row["p_malignant"]) for row in table], answers, rtol=0, atol=1e-5 if name == "mean_colour" else 1e-12)
    line = next(line for line in outcome[1].splitlines() if line.startswith(name))
    figures = [float(word) for word in line.split() if word.count(".") == 1 and "(" not in word and ")" not in word]
    assert figures[0] == pytest.approx(roc_auc_score(truth, answers), abs=6e-4)
    assert figures[2] == pytest.approx(balanced_accuracy_score(truth, answers >= 0.5), abs=6e-4)
    assert roc_auc_score(truth, answers) > 0.55  # the data was made so


def test_a_magnification_that_was_not_trained_on_says_nothing(data, outcome):
    assert float(rows_of(outcome[0] / "magnification.csv")[0]["p_malignant"]) == 0.5


def test_a_network_stands_beside_with_the_difference(data, outcome, tmp_path):
    folder, rows, folds = data
    answers = {"benign": 0.2, "malignant": 0.9}
    network = write_csv(tmp_path / "network.csv", [{"path": row["path"], "label": row["label"], "p_malignant": answers[row["label"]]} for row in rows])
    done = run("confounders", folder, "--split", folds, "--bootstrap", 100, "--predictions", network)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[4].startswith(f"network: {network}  1.000 (1.000 to 1.000)")
    for line, name in zip(lines[1:4], BASELINES):
        compared = run("compare", network, outcome[0] / f"{name}.csv", "--bootstrap", 100).stdout
        image_auc = next(line for line in compared.splitlines() if line.startswith("ROC AUC of images  "))
        assert line.endswith(image_auc[image_auc.rindex("+", 0, image_auc.rindex("(")) :])
    assert done.stdout.endswith(RESEARCH_USE_ONLY + "\n")
    write_csv(network, [{"path": row["path"], "label": row["label"], "p_malignant": 0.5} for row in rows[1:]])
    assert f"{network}: has no {rows[0]['path']}, which magnification has" in refused("confounders", folder, "--split", folds, "--predictions", network)


def test_a_field_that_says_nothing_is_left_out_and_said_so(data, tmp_path):
    folder, rows, folds = data
    bare = [{"path": row["path"], "label": row["label"], "patient": row["patient"], "magnification": 200} for row in rows]
    manifest = write_csv(folder / "bare.csv", bare)
    done = run("confounders", manifest, "--split", folds, "--bootstrap", 0, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "left out: magnification: it is 200 of every image\nleft out: source: the data does not say it\n" in done.stdout
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mean_colour.csv"]


def test_an_unreadable_image_has_no_colour_and_keeps_its_magnification(tmp_path):
    rows = make_data(tmp_path / "data")
    (tmp_path / "data" / rows[3]["path"]).write_bytes(b"no image")
    done = run("confounders", tmp_path / "data", "--split", tmp_path / "folds.csv", "--bootstrap", 0, "--out", tmp_path / "out")
    assert done.returncode == 0 and f"unreadable: {rows[3]['path']}" in done.stderr
    assert rows_of(tmp_path / "out" / "mean_colour.csv")[3]["call"] == "no result"
    assert rows_of(tmp_path / "out" / "magnification.csv")[3]["call"] != "no result"
    assert "more than the allowed share of 0" in refused("confounders", tmp_path / "data", "--split", tmp_path / "folds.csv", "--max-bad-share", 0)


def test_what_has_no_folds_or_more_classes_is_refused(data, tmp_path):
    folder, rows, folds = data
    sets = write_csv(tmp_path / "sets.csv", [{"path": row["path"], "split": "train"} for row in rows])
    assert f"{sets}: says sets, not folds" in refused("confounders", folder, "--split", sets)
    assert f"{tmp_path / 'none.csv'}: cannot read" in refused("confounders", folder, "--split", tmp_path / "none.csv")
    three = write_csv(folder / "three.csv", [{**row, "label": "normal" if i == 0 else row["label"]} for i, row in enumerate(rows)])
    assert "has more than two classes" in refused("confounders", three, "--split", folds)
    assert run("confounders", folder).returncode == 2
