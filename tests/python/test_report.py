"""The text report against scikit-learn's own, letter by letter; the HTML report as a parser reads it."""

import html.parser
import re

import numpy
import pytest
from probe import probe
from sklearn.metrics import classification_report


def write_table(names, positive, truth, calls):
    """A predictions table whose logits make these calls."""
    lines = [",".join(["path", "label", "patient"] + [f"logit_{name}" for name in names] + [f"p_{names[positive]}"])]
    for number, (label, call) in enumerate(zip(truth, calls)):
        logits = [2.0 if k == call else 0.0 for k in range(len(names))]
        p = numpy.exp(logits[positive]) / numpy.sum(numpy.exp(logits))
        lines.append(",".join([f"{number}.png", names[label], f"p{number}", *map(repr, logits), repr(float(p))]))
    return "\n".join(lines) + "\n"


def tables():
    random = numpy.random.default_rng(3)
    two, four = ["benign", "malignant"], ["normal", "benign", "in situ carcinoma", "invasive"]
    for number in range(12):
        names = two if number % 2 else four
        count = int(random.integers(2, 900))
        truth = random.integers(0, len(names), count)
        calls = numpy.where(random.random(count) < 0.7, truth, random.integers(0, len(names), count))
        yield pytest.param(names, truth, calls, id=f"random-{number}")
    yield pytest.param(two, [0, 0, 0], [0, 0, 0], id="one class")
    yield pytest.param(two, [0, 1, 0, 1], [1, 1, 1, 1], id="one call")
    yield pytest.param(two, [0, 1], [1, 0], id="all wrong")
    yield pytest.param(["no", "a class with a long name"], [0, 1, 1], [0, 1, 0], id="long name")


@pytest.mark.parametrize("names,truth,calls", list(tables()))
def test_the_report_is_scikit_learns_letter_by_letter(names, truth, calls):
    text = probe("report", table=write_table(names, len(names) - 1, truth, calls))
    theirs = classification_report(truth, calls, labels=range(len(names)), target_names=names, digits=4, zero_division=0)
    theirs = re.sub(r"(\d+)\.0$", r"  \1", theirs, flags=re.MULTILINE)  # it prints supports as floats when no call at all is right
    images, patients = text.split("Patients")
    assert theirs in images
    assert theirs in patients  # one image a patient
    assert text.endswith("For Research Use Only. Not for use in diagnostic procedures.\n")


class Outline(html.parser.HTMLParser):
    """Open elements, checked for nesting, and what is in them."""

    VOID = {"meta", "line", "circle", "polyline"}

    def __init__(self):
        super().__init__()
        self.open = []
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_html_report_nests_and_stands_alone():
    random = numpy.random.default_rng(4)
    truth = random.integers(0, 2, 200)
    calls = numpy.where(random.random(200) < 0.8, truth, 1 - truth)
    table = write_table(["<script>alert(1)</script>", "malignant"], 1, truth, calls)
    outline = Outline()
    outline.feed(probe("html", 50, table=table))
    outline.close()
    assert outline.open == []
    names = {tag for tag, _ in outline.tags}
    assert not names & {"script", "img", "link", "iframe", "object"}
    assert not any(attribute in ("src", "href") or attribute.startswith("on") for _, attributes in outline.tags for attribute in attributes)
    assert sum(tag == "svg" for tag, _ in outline.tags) == 10  # five charts a level
