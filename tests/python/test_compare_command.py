"""`lobule compare`: two models' figures on the same images against scikit-learn's, and tables that do not fit together."""

import csv

import numpy
import pytest
from program import RESEARCH_USE_ONLY, refused, rows_of, run
from sklearn import metrics

FIGURES = ["image_auc", "image_auc_equal_patients", "image_balanced_accuracy", "patient_auc"]
# Both sides sum a few hundred doubles in different orders.
TOLERANCE = 1e-12


def random_cases(patients=24, seed=1):
    """Patients of 1 to 15 images: path, label, patient."""
    random = numpy.random.default_rng(seed)
    cases = []
    for patient in range(patients):
        label = "malignant" if patient % 3 else "benign"
        cases += [{"path": f"p{patient}/{i}.png", "label": label, "patient": f"p{patient}"} for i in range(random.integers(1, 16))]
    return cases


def random_answers(cases, seed):
    """Probabilities of few digits, so that some are tied; none is 0 or 1, which tables clip."""
    random = numpy.random.default_rng(seed)
    shift = numpy.array([0.8 if case["label"] == "malignant" else -0.8 for case in cases])
    return numpy.clip(numpy.round(1 / (1 + numpy.exp(-shift - random.normal(0, 1.5, len(cases)))), 2), 0.01, 0.99)


def write_table(file, cases, answers, columns=("path", "label", "patient")):
    with open(file, "w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow([*columns, "p_malignant"])
        writer.writerows([*(case[column] for column in columns), answer] for case, answer in zip(cases, answers))
    return file


def figures_of_scikit_learn(cases, answers):
    labels = numpy.array([case["label"] == "malignant" for case in cases])
    patients = numpy.array([case["patient"] for case in cases])
    names, index, counts = numpy.unique(patients, return_inverse=True, return_counts=True)
    log_odds = numpy.log(answers / (1 - answers))
    means = [log_odds[patients == name].mean() for name in names]
    return {
        "image_auc": metrics.roc_auc_score(labels, answers),
        "image_auc_equal_patients": metrics.roc_auc_score(labels, answers, sample_weight=1 / counts[index]),
        "image_balanced_accuracy": metrics.balanced_accuracy_score(labels, answers >= 0.5),
        "patient_auc": metrics.roc_auc_score([labels[patients == name][0] for name in names], means),
    }


@pytest.fixture
def tables(tmp_path):
    cases = random_cases()
    answers = [random_answers(cases, seed) for seed in range(4)]
    return cases, answers, [write_table(tmp_path / f"{name}.csv", cases, answer) for name, answer in zip("abcd", answers)]


def compared(*arguments, out):
    done = run("compare", *arguments, "--out", out)
    assert done.returncode == 0, done.stderr
    rows = {row["figure"]: {key: float(value) for key, value in row.items() if key != "figure"} for row in rows_of(out)}
    assert list(rows) == FIGURES
    return rows, done.stdout


def test_figures_and_differences_are_those_of_scikit_learn(tables, tmp_path):
    cases, answers, files = tables
    rows, printed = compared(files[0], files[1], out=tmp_path / "out.csv")
    a, b = (figures_of_scikit_learn(cases, answer) for answer in answers[:2])
    for name, row in rows.items():
        assert row["a"] == pytest.approx(a[name], abs=TOLERANCE)
        assert row["b"] == pytest.approx(b[name], abs=TOLERANCE)
        assert row["difference"] == pytest.approx(a[name] - b[name], abs=TOLERANCE)
        assert row["difference_low"] < row["difference"] < row["difference_high"]
    assert f"A: {files[0]}\nB: {files[1]}\n{len(cases)} images ({sum(case['label'] == 'malignant' for case in cases)} positive) of 24 patients\n" in printed
    row = rows["image_auc"]
    assert f"{row['a']:.3f} ({row['a_low']:.3f} to {row['a_high']:.3f})" in printed
    assert f"{row['difference']:+.3f} ({row['difference_low']:+.3f} to {row['difference_high']:+.3f})" in printed
    assert printed.endswith(RESEARCH_USE_ONLY + "\n")


def test_of_repeats_the_means_are_compared(tables, tmp_path):
    cases, answers, files = tables
    rows, printed = compared("--a", *files[:3], "--b", files[3], "--bootstrap", 50, out=tmp_path / "out.csv")
    ours = [figures_of_scikit_learn(cases, answer) for answer in answers]
    for name, row in rows.items():
        assert row["a"] == pytest.approx(numpy.mean([figures[name] for figures in ours[:3]]), abs=TOLERANCE)
        assert row["b"] == pytest.approx(ours[3][name], abs=TOLERANCE)
        assert row["difference"] == pytest.approx(row["a"] - row["b"], abs=TOLERANCE)
    assert f"A: the mean over 3 tables: {files[0]}, {files[1]}, {files[2]}\n" in printed


def test_a_table_against_itself_differs_by_nothing(tables, tmp_path):
    rows, _ = compared(tables[2][0], tables[2][0], out=tmp_path / "out.csv")
    for row in rows.values():
        assert row["difference"] == row["difference_low"] == row["difference_high"] == 0
        assert row["a_low"] < row["a_high"]


def test_predictions_of_lobule_are_compared_with_a_bare_table(evaluation, tmp_path):
    folder, _ = evaluation
    cases = rows_of(folder / "predictions.csv")
    bare = write_table(tmp_path / "bare.csv", cases[::-1], [row["p_malignant"] for row in cases[::-1]], columns=("path", "label"))
    rows, _ = compared(folder / "predictions.csv", bare, out=tmp_path / "out.csv")
    assert {name: row["difference"] for name, row in rows.items()} == dict.fromkeys(FIGURES, 0)


def test_the_seed_decides_the_intervals_and_nothing_else(tables, tmp_path):
    files = tables[2][:2]
    one, again, other = (compared(*files, "--seed", seed, "--bootstrap", 100, out=tmp_path / f"{i}.csv")[0] for i, seed in enumerate([5, 5, 6]))
    assert one == again and one != other
    assert {name: row["difference"] for name, row in one.items()} == {name: row["difference"] for name, row in other.items()}


def test_without_replicates_there_are_no_intervals(tables, tmp_path):
    done = run("compare", *tables[2][:2], "--bootstrap", 0, "--out", tmp_path / "out.csv")
    assert done.returncode == 0 and " to " not in done.stdout and "intervals" not in done.stdout
    assert {row["difference_low"] for row in rows_of(tmp_path / "out.csv")} == {""}


def test_tables_that_do_not_fit_together_are_refused_by_name(tables, tmp_path):
    cases, answers, (a, *_) = tables
    b = tmp_path / "other.csv"
    write_table(b, cases[:5] + cases[7:], numpy.delete(answers[1], [5, 6]))
    missing = min(cases[5]["path"], cases[6]["path"])
    assert f"{b}: has no {missing}, which {a} has (2 of its {len(cases)} images are missing)" in refused("compare", a, b)
    assert f"{b}: has no {missing}, which {a} has" in refused("compare", b, a)
    for field, value in [("label", "benign"), ("patient", "someone")]:
        changed = [dict(case) for case in cases]
        changed[-1][field] = value
        write_table(b, changed, answers[1])
        said = f'{cases[-1]["path"]}: its {field} is "{cases[-1][field]}" in {a} and "{value}" in {b}'
        assert said in refused("compare", a, b, "--out", tmp_path / "none.csv")
    write_table(b, cases + cases[:1], [*answers[1], 0.5])
    assert f"{b}: {cases[0]['path']} is there twice" in refused("compare", a, b)
    b.write_text("path,label\nx,benign\n", encoding="utf-8")
    assert f"{b}: no column p_<positive class>" in refused("compare", a, b)
    assert f"{tmp_path / 'nothing.csv'}: cannot read" in refused("compare", a, tmp_path / "nothing.csv")
    assert not (tmp_path / "none.csv").exists()


def test_one_table_or_both_ways_of_naming_them_are_wrong_usage(tables):
    a, b, c, _ = tables[2]
    for arguments in [[], [a], [a, b, c], ["--a", a], ["--b", b], [a, b, "--a", c], [a, b, "--bootstrap", -1]]:
        done = run("compare", *arguments)
        assert done.returncode == 2 and done.stdout == "", arguments


def test_images_that_one_table_marks_as_training_leave_both(tmp_path):
    cases = random_cases()
    a, b = (write_table(tmp_path / name, cases, random_answers(cases, seed)) for name, seed in (("a.csv", 2), ("b.csv", 3)))
    marked = [{**case, "in_training": "yes" if i % 4 == 0 else ""} for i, case in enumerate(cases)]
    columns = ("path", "label", "patient", "in_training")
    write_table(tmp_path / "marked.csv", marked, random_answers(cases, 2), columns)
    kept = [i for i in range(len(cases)) if i % 4]
    for name, seed in ("kept_a.csv", 2), ("kept_b.csv", 3):
        write_table(tmp_path / name, [cases[i] for i in kept], random_answers(cases, seed)[kept])
    done = run("compare", tmp_path / "marked.csv", b, "--bootstrap", 100)
    assert done.returncode == 0, done.stderr
    assert f"{len(cases) - len(kept)} images of patients whom a model learned from are left out" in done.stderr
    expected = run("compare", tmp_path / "kept_a.csv", tmp_path / "kept_b.csv", "--bootstrap", 100)
    assert done.stdout.split("\n")[2:] == expected.stdout.split("\n")[2:]
    assert run("compare", a, b, "--bootstrap", 100).stdout.split("\n")[2:] != done.stdout.split("\n")[2:]
