"""The core's figures against scikit-learn's, on random and on degenerate cases."""

import json

import numpy
import pytest
from probe import DATA, probe
from sklearn import metrics

# Both sides sum at most a few thousand doubles in different orders.
TOLERANCE = 1e-12


def probabilities(kind, count, random):
    if kind == "continuous":
        return random.random(count)
    if kind == "tied":
        return random.integers(0, 6, count) / 5
    if kind == "constant":
        return numpy.full(count, 0.5)
    return 1 / (1 + numpy.exp(-random.normal(0, 40, count)))  # near 0 and 1, some exactly there


def our_figures(scores, labels):
    table = "".join(f"{float(score)!r} {label}\n" for score, label in zip(scores, labels))
    return json.loads(probe("scores", table=table))


def score_sets():
    for kind in ["continuous", "tied", "constant", "saturated"]:
        for count in [1, 2, 3, 10, 257, 3000]:
            for positive_share in [0.0, 0.1, 0.5, 1.0]:
                yield pytest.param(kind, count, positive_share, id=f"{kind}-{count}-{positive_share}")


def expect(ours, theirs):
    assert ours == pytest.approx(theirs, abs=TOLERANCE, rel=TOLERANCE)


@pytest.mark.parametrize("kind,count,positive_share", list(score_sets()))
def test_figures_are_those_of_scikit_learn(kind, count, positive_share):
    random = numpy.random.default_rng([count, int(10 * positive_share)])
    scores = probabilities(kind, count, random)
    labels = (random.random(count) < positive_share).astype(int)
    calls = (scores >= 0.5).astype(int)
    ours = our_figures(scores, labels)
    positives, negatives = labels.sum(), (1 - labels).sum()

    expect(ours["accuracy"], metrics.accuracy_score(labels, calls))
    expect(ours["brier"], metrics.brier_score_loss(labels, scores, pos_label=1, labels=[0, 1]))
    expect(ours["log_loss"], metrics.log_loss(labels, scores, labels=[0, 1]))
    # Undefined figures are null here, and 0 with a warning there.
    for name, score, denominator in [
        ("precision", metrics.precision_score, calls.sum()),
        ("recall", metrics.recall_score, positives),
        ("f1", metrics.f1_score, positives + calls.sum()),
    ]:
        assert (ours[name] is None) == (denominator == 0)
        if denominator:
            expect(ours[name], score(labels, calls, zero_division=0))
    for name, truth, called in [("specificity", 1 - labels, 1 - calls), ("npv", 1 - calls, 1 - labels)]:
        assert (ours[name] is None) == (truth.sum() == 0)
        if truth.sum():
            expect(ours[name], metrics.recall_score(truth, called, zero_division=0))
    both_classes = positives > 0 and negatives > 0
    assert (ours["balanced_accuracy"] is None) == (not both_classes)
    assert (ours["auc"] is None) == (not both_classes)
    assert (ours["average_precision"] is None) == (positives == 0)
    if positives:
        expect(ours["average_precision"], metrics.average_precision_score(labels, scores))
    if both_classes:
        expect(ours["balanced_accuracy"], metrics.balanced_accuracy_score(labels, calls))
        expect(ours["auc"], metrics.roc_auc_score(labels, scores))
    assert (ours["mcc"] is None) == (not both_classes or calls.sum() in (0, count))
    if ours["mcc"] is not None:
        expect(ours["mcc"], metrics.matthews_corrcoef(labels, calls))


@pytest.mark.parametrize("kind", ["continuous", "tied", "constant", "saturated"])
def test_curves_are_those_of_scikit_learn(kind):
    random = numpy.random.default_rng(8)
    scores = probabilities(kind, 500, random)
    labels = random.integers(0, 2, 500)
    ours = our_figures(scores, labels)

    false_rate, true_rate, thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)
    roc = numpy.array(ours["roc"], dtype=float)
    assert numpy.isnan(roc[0, 2])  # +infinity, null in JSON
    assert numpy.allclose(roc[:, 0], false_rate, rtol=0, atol=TOLERANCE)
    assert numpy.allclose(roc[:, 1], true_rate, rtol=0, atol=TOLERANCE)
    assert numpy.array_equal(roc[1:, 2], thresholds[1:])

    precision, recall, thresholds = metrics.precision_recall_curve(labels, scores)  # by rising threshold, and an end point
    pr = numpy.array(ours["pr"], dtype=float)[::-1]
    assert numpy.array_equal(pr[:, 2], thresholds)
    assert numpy.allclose(pr[:, 0], precision[:-1], rtol=0, atol=TOLERANCE)
    assert numpy.allclose(pr[:, 1], recall[:-1], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("kind", ["continuous", "tied", "saturated"])
def test_the_calibration_error_is_its_definition(kind):
    random = numpy.random.default_rng(9)
    scores = probabilities(kind, 800, random)
    labels = random.integers(0, 2, 800)
    edges = numpy.arange(11) / 10
    bins = numpy.clip(numpy.digitize(scores, edges) - 1, 0, 9)  # [low, high), the last one closed
    error = 0
    for number in range(10):
        inside = bins == number
        if inside.any():
            error += inside.sum() / 800 * abs(labels[inside].mean() - scores[inside].mean())
    ours = our_figures(scores, labels)
    expect(ours["ece"], error)
    assert [row[0] for row in ours["bins"]] == numpy.bincount(bins, minlength=10).tolist()


def test_all_right_and_all_wrong():
    scores, labels = [0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0]
    right = our_figures(scores, labels)
    assert [right[name] for name in ["accuracy", "precision", "recall", "specificity", "f1", "mcc", "auc", "average_precision"]] == [1] * 8
    wrong = our_figures(scores, [1 - label for label in labels])
    assert [wrong[name] for name in ["accuracy", "precision", "recall", "specificity", "f1", "auc"]] == [0] * 6
    assert wrong["mcc"] == -1


def test_an_empty_set_has_no_figure():
    ours = our_figures([], [])
    assert all(value is None for name, value in ours.items() if name not in ["roc", "pr", "bins"])
    assert ours["roc"] == [] and ours["pr"] == []


@pytest.mark.parametrize("classes", [2, 3, 5, 9])
@pytest.mark.parametrize("kind", ["random", "right", "one call"])
def test_more_than_two_classes(classes, kind):
    random = numpy.random.default_rng(classes)
    truth = random.integers(0, classes, 400)
    calls = {"random": random.integers(0, classes, 400), "right": truth, "one call": numpy.zeros(400, int)}[kind]
    ours = json.loads(probe("confusion", classes, table="".join(f"{t} {c}\n" for t, c in zip(truth, calls))))
    assert ours["confusion"] == metrics.confusion_matrix(truth, calls, labels=range(classes)).tolist()
    expect(ours["accuracy"], metrics.accuracy_score(truth, calls))
    expect(ours["balanced_accuracy"], metrics.balanced_accuracy_score(truth, calls))


def test_a_class_without_a_case_leaves_balanced_accuracy_undefined():
    ours = json.loads(probe("confusion", 3, table="0 0\n1 1\n"))
    assert ours["accuracy"] == 1
    assert ours["balanced_accuracy"] is None


def random_table(random, rows=600, patients=40):
    """A table as another program would write it, and its columns."""
    labels = random.integers(0, 2, patients)
    patient = random.integers(0, patients, rows)
    truth = labels[patient]
    p = numpy.clip(random.normal(0.35 + 0.3 * truth, 0.25), 0, 1).round(6)
    lines = [f"i{n}.png,{['benign', 'malignant'][truth[n]]},p{patient[n]:03d},{float(p[n])!r}\n" for n in range(rows)]
    return "path,label,patient,p_malignant\n" + "".join(lines), truth, patient, p, labels


def test_an_evaluation_agrees_with_numpy_for_images_and_patients():
    random = numpy.random.default_rng(10)
    table, truth, patient, p, patient_labels = random_table(random)
    evaluation = json.loads(probe("evaluation", 0, table=table))
    images = evaluation["images"]["figures"]
    expect(images["auc"]["value"], metrics.roc_auc_score(truth, p))
    expect(images["balanced_accuracy"]["value"], metrics.balanced_accuracy_score(truth, p >= 0.5))

    clipped = numpy.clip(p, 1e-12, 1 - 1e-12)
    logits = numpy.log(clipped / (1 - clipped))
    present = sorted(set(patient.tolist()))
    mean_logits = numpy.array([logits[patient == number].mean() for number in present])
    patient_truth = patient_labels[present]
    patients = evaluation["patients"]["figures"]
    expect(patients["auc"]["value"], metrics.roc_auc_score(patient_truth, mean_logits))
    expect(patients["accuracy"]["value"], metrics.accuracy_score(patient_truth, mean_logits >= 0))
    expect(patients["brier"]["value"], metrics.brier_score_loss(patient_truth, 1 / (1 + numpy.exp(-mean_logits))))
    right = (p >= 0.5) == truth
    expect(evaluation["patient_recognition_rate"]["value"], numpy.mean([right[patient == number].mean() for number in present]))


def test_intervals_are_as_wide_as_a_bootstrap_written_with_numpy():
    random = numpy.random.default_rng(11)
    table, truth, patient, p, _ = random_table(random)
    replicates = 1000
    figures = json.loads(probe("evaluation", replicates, table=table))["images"]["figures"]
    present = numpy.unique(patient)
    rows_of = {number: numpy.flatnonzero(patient == number) for number in present}
    aucs, accuracies = [], []
    for _ in range(replicates):
        rows = numpy.concatenate([rows_of[number] for number in random.choice(present, len(present))])
        aucs.append(metrics.roc_auc_score(truth[rows], p[rows]))
        accuracies.append(numpy.mean((p[rows] >= 0.5) == truth[rows]))
    for name, samples in [("auc", aucs), ("accuracy", accuracies)]:
        low, high = numpy.percentile(samples, [2.5, 97.5])
        # Two independent sets of replicates: a percentile's standard error is about a twelfth of the width here. Four of them, twice.
        margin = (high - low) / 3
        assert figures[name]["low"] == pytest.approx(low, abs=margin)
        assert figures[name]["high"] == pytest.approx(high, abs=margin)
        assert figures[name]["low"] < figures[name]["value"] < figures[name]["high"]


@pytest.mark.parametrize("name,auc,balanced_accuracy", [("frozen", 0.771, 0.708), ("finetune", 0.712, 0.641)])
def test_tables_of_other_programs_give_their_published_figures(name, auc, balanced_accuracy):
    table = DATA.parent / "peers" / f"{name}_seed0.csv"
    if not table.exists():
        pytest.skip(f"{table.name} is not here")
    evaluation = json.loads(probe("evaluation", 100, table=table.read_text()))
    assert round(evaluation["images"]["figures"]["auc"]["value"], 3) == auc
    assert round(evaluation["images"]["figures"]["balanced_accuracy"]["value"], 3) == balanced_accuracy
    assert evaluation["patients"]["n"] == 49
