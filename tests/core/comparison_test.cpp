#include "lobule/comparison.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>

#include "cluster_bootstrap.h"
#include "lobule/sha256.h"
#include "prediction_tables.h"

using namespace lobule;
using Catch::Contains;

namespace {

const EvaluationOptions kNoIntervals = {0, 1};

Comparison compare_two(const PredictionTable& a, const PredictionTable& b, const EvaluationOptions& options = kNoIntervals) {
  const NamedTable named_a = {"a.csv", a};
  const NamedTable named_b = {"b.csv", b};
  return compare({&named_a, 1}, {&named_b, 1}, options);
}

const ComparedFigure& figure_of(const Comparison& comparison, std::string_view key) {
  return *std::find_if(comparison.figures.begin(), comparison.figures.end(), [&](const ComparedFigure& figure) { return figure.key == key; });
}

/// Two malignant patients, of two images and one, and two benign ones, of one image and two.
PredictionTable six_images(const std::array<double, 6>& logits) {
  return make_table({{"a", "malignant", "p1", logits[0]},
                     {"b", "malignant", "p1", logits[1]},
                     {"c", "malignant", "p2", logits[2]},
                     {"d", "benign", "p3", logits[3]},
                     {"e", "benign", "p4", logits[4]},
                     {"f", "benign", "p4", logits[5]}});
}

/// The same patients and images, with other answers, and patients of 1 to 5 images.
PredictionTable uneven_table(std::uint64_t seed) {
  PredictionTable table = large_table(60, 12, seed);
  int row = 0;
  std::erase_if(table.rows, [&](const PredictionRow&) {
    const int i = row++;
    return i / 12 > i % 12 % 5;
  });
  return table;
}

/// The slow way to a replicate: the rows of a patient as often as it was drawn, each copy a patient of its own.
PredictionTable copied_table(const PredictionTable& table, const std::vector<std::int64_t>& weights) {
  std::map<std::string, std::size_t> index_of;
  for (const PredictionRow& row : table.rows) index_of.emplace(row.patient, 0);
  std::size_t next = 0;
  for (auto& [patient, index] : index_of) index = next++;
  PredictionTable copies = table;
  copies.rows.clear();
  for (const PredictionRow& row : table.rows) {
    for (std::int64_t copy = 0; copy < weights.at(index_of.at(row.patient)); ++copy) {
      copies.rows.push_back(row);
      copies.rows.back().path += "." + std::to_string(copy);
      copies.rows.back().patient += "." + std::to_string(copy);
    }
  }
  return copies;
}

/// The definition: of all pairs of a positive and another image, weighted by the product of their weights, the share that is in the right order.
Figure auc_of_equal_patients(const PredictionTable& table) {
  std::map<std::string, double> images;
  for (const PredictionRow& row : table.rows) images[row.patient] += 1;
  double won = 0;
  double all = 0;
  for (const PredictionRow& positive : table.rows) {
    for (const PredictionRow& negative : table.rows) {
      if (positive.label != "malignant" || negative.label == "malignant") continue;
      const double weight = 1 / (images[positive.patient] * images[negative.patient]);
      const double above = positive.prediction.p_positive - negative.prediction.p_positive;
      won += weight * (above > 0 ? 1 : above == 0 ? 0.5 : 0);
      all += weight;
    }
  }
  return all == 0 ? std::nullopt : Figure(won / all);
}

void check_negated(const EstimatedFigure& one, const EstimatedFigure& other) {
  CHECK(*one.value == -*other.value);
  REQUIRE((one.interval && other.interval));
  // A quantile between two replicates is found from the other side: rounding may differ.
  CHECK(one.interval->low == Approx(-other.interval->high).margin(1e-14));
  CHECK(one.interval->high == Approx(-other.interval->low).margin(1e-14));
}

}  // namespace

TEST_CASE("Each figure is compared as it is worked out by hand") {
  const Comparison comparison = compare_two(six_images({2, -1, 1, -0.5, 1.5, -2}), six_images({1, 1, -3, 1, 0.5, -1}));
  CHECK(comparison.images == 6);
  CHECK(comparison.positives == 3);
  CHECK(comparison.patients == 4);
  // Pairs of a malignant and a benign image: 6 of 9 in the right order; 4 and two ties, of 9.
  CHECK(*figure_of(comparison, "image_auc").a.value == Approx(6.0 / 9).epsilon(1e-15));
  CHECK(*figure_of(comparison, "image_auc").b.value == Approx(5.0 / 9).epsilon(1e-15));
  CHECK(*figure_of(comparison, "image_auc").difference.value == Approx(1.0 / 9).epsilon(1e-14));
  // Recalls 2/3 and 2/3; 2/3 and 1/3.
  CHECK(*figure_of(comparison, "image_balanced_accuracy").a.value == Approx(2.0 / 3).epsilon(1e-15));
  CHECK(*figure_of(comparison, "image_balanced_accuracy").b.value == Approx(0.5).epsilon(1e-15));
  // Mean logits: 0.5, 1 against -0.5, -0.25; 1, -3 against 1, -0.25.
  CHECK(figure_of(comparison, "patient_auc").a.value == 1.0);
  CHECK(figure_of(comparison, "patient_auc").b.value == 0.375);
  CHECK(figure_of(comparison, "patient_auc").difference.value == 0.625);
  // Weights: a, b 1/2, c 1; d 1, e, f 1/2. a wins 1/2 * 2, b 1/2 * 1/2, c 1 * 3/2, of 2 * 2; a and b win 1/2 * (1/2 + 1/2 + 1/2) each.
  CHECK(figure_of(comparison, "image_auc_equal_patients").a.value == 0.6875);
  CHECK(figure_of(comparison, "image_auc_equal_patients").b.value == 0.375);
  CHECK_FALSE(figure_of(comparison, "image_auc").difference.interval);
}

TEST_CASE("The figures of each side and their intervals are those of its evaluation, to the bit") {
  const PredictionTable a = uneven_table(5);
  const PredictionTable b = uneven_table(6);
  const EvaluationOptions options = {300, 4};
  const Comparison comparison = compare_two(a, b, options);
  for (const auto& [table, side] : {std::pair{&a, &ComparedFigure::a}, std::pair{&b, &ComparedFigure::b}}) {
    const Evaluation evaluation = evaluate(*table, options);
    for (const auto& [key, expected] : {std::pair{"image_auc", &evaluation.images.auc},
                                        {"image_balanced_accuracy", &evaluation.images.balanced_accuracy},
                                        {"patient_auc", &evaluation.patients.auc}}) {
      const EstimatedFigure& figure = figure_of(comparison, key).*side;
      CAPTURE(key);
      CHECK(figure.value == expected->value);
      REQUIRE((figure.interval && expected->interval));
      CHECK(figure.interval->low == expected->interval->low);
      CHECK(figure.interval->high == expected->interval->high);
    }
  }
}

TEST_CASE("A table differs from itself by nothing, with an interval of nothing") {
  const Comparison comparison = compare_two(uneven_table(5), uneven_table(5), {200, 1});
  for (const ComparedFigure& figure : comparison.figures) {
    CAPTURE(figure.key);
    CHECK(figure.difference.value == 0.0);
    REQUIRE(figure.difference.interval);
    CHECK(figure.difference.interval->low == 0.0);
    CHECK(figure.difference.interval->high == 0.0);
    REQUIRE(figure.a.interval);
    CHECK(figure.a.interval->low < figure.a.interval->high);
  }
}

TEST_CASE("The sides changed over, the differences change their sign") {
  const PredictionTable a = uneven_table(5);
  const PredictionTable b = uneven_table(6);
  const Comparison one = compare_two(a, b, {300, 1});
  const Comparison other = compare_two(b, a, {300, 1});
  for (std::size_t i = 0; i < kComparedFigures; ++i) {
    CAPTURE(one.figures[i].key);
    CHECK(*one.figures[i].difference.value != 0.0);
    check_negated(one.figures[i].difference, other.figures[i].difference);
  }
}

TEST_CASE("A replicate takes the rows of the patients drawn from both tables") {
  const PredictionTable a = uneven_table(5);
  const PredictionTable b = uneven_table(6);
  const EvaluationOptions options = {40, 3};
  const Comparison comparison = compare_two(a, b, options);
  const auto replicate = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    const PredictionTable copied_a = copied_table(a, weights);
    const PredictionTable copied_b = copied_table(b, weights);
    const Evaluation of_a = evaluate(copied_a, kNoIntervals);
    const Evaluation of_b = evaluate(copied_b, kNoIntervals);
    const auto set = [&](std::size_t i, const Figure& x, const Figure& y) { values[i] = x && y ? Figure(*x - *y) : std::nullopt; };
    set(0, of_a.images.auc.value, of_b.images.auc.value);
    set(1, auc_of_equal_patients(copied_a), auc_of_equal_patients(copied_b));
    set(2, of_a.images.balanced_accuracy.value, of_b.images.balanced_accuracy.value);
    set(3, of_a.patients.auc.value, of_b.patients.auc.value);
  };
  const std::vector<std::optional<Interval>> intervals = bootstrap_intervals(12, kComparedFigures, replicate, options);
  for (std::size_t i = 0; i < kComparedFigures; ++i) {
    const EstimatedFigure& difference = comparison.figures[i].difference;
    CAPTURE(comparison.figures[i].key);
    REQUIRE((difference.interval && intervals[i]));
    // Sums run in another order: rounding alone may differ.
    CHECK(difference.interval->low == Approx(intervals[i]->low).margin(1e-13));
    CHECK(difference.interval->high == Approx(intervals[i]->high).margin(1e-13));
  }
  CHECK(*figure_of(comparison, "image_auc_equal_patients").a.value == Approx(*auc_of_equal_patients(a)).epsilon(1e-13));
}

TEST_CASE("Of several tables the mean of their figures is compared") {
  const std::vector<NamedTable> a = {{"a1", uneven_table(5)}, {"a2", uneven_table(6)}, {"a3", uneven_table(7)}};
  const std::vector<NamedTable> b = {{"b1", uneven_table(8)}};
  const Comparison together = compare(a, b, {50, 1});
  for (std::size_t i = 0; i < kComparedFigures; ++i) {
    double sum = 0;
    for (const NamedTable& table : a) sum += *compare({&table, 1}, b, kNoIntervals).figures[i].a.value;
    CHECK(*together.figures[i].a.value == Approx(sum / 3).epsilon(1e-14));
    CHECK(*together.figures[i].difference.value == Approx(sum / 3 - *together.figures[i].b.value).margin(1e-14));
  }
  // The mean of a table and itself is the table, in each replicate too.
  const std::vector<NamedTable> twice = {b.front(), b.front()};
  for (const ComparedFigure& figure : compare(twice, b, {50, 1}).figures) {
    CHECK(figure.difference.value == 0.0);
    CHECK(figure.difference.interval->low == 0.0);
    CHECK(figure.difference.interval->high == 0.0);
  }
}

TEST_CASE("Tables are matched by path, in whatever order their rows are") {
  const PredictionTable a = uneven_table(5);
  PredictionTable turned = a;
  std::reverse(turned.rows.begin(), turned.rows.end());
  for (const ComparedFigure& figure : compare_two(a, turned, {50, 1}).figures) {
    CHECK(figure.difference.value == 0.0);
    CHECK(figure.difference.interval->high == 0.0);
  }
}

TEST_CASE("Tables of other images, or that contradict each other, are refused by name") {
  const PredictionTable a = six_images({2, -1, 1, -0.5, 1.5, -2});
  PredictionTable b = a;
  std::erase_if(b.rows, [](const PredictionRow& row) { return row.path == "b" || row.path == "e"; });
  CHECK_THROWS_WITH(compare_two(a, b), "b.csv: has no b, which a.csv has (2 of its 6 images are missing)");
  CHECK_THROWS_WITH(compare_two(b, a), "a.csv: has no b, which b.csv has (2 of its 6 images are missing)");
  b = a;
  b.rows[3].label = "malignant";
  CHECK_THROWS_WITH(compare_two(a, b), "d: its label is \"benign\" in a.csv and \"malignant\" in b.csv");
  b = a;
  b.rows[4].patient = "p3";
  CHECK_THROWS_WITH(compare_two(a, b), "e: its patient is \"p4\" in a.csv and \"p3\" in b.csv");
  b = a;
  b.rows[4].path = "a";
  CHECK_THROWS_WITH(compare_two(a, b), "b.csv: a is there twice");
  b = a;
  b.positive_class = 0;
  CHECK_THROWS_WITH(compare_two(a, b), "b.csv: its positive class is benign, that of a.csv is malignant");
  b = a;
  for (PredictionRow& row : b.rows) row.label.clear();
  CHECK_THROWS_WITH(compare_two(b, b), Contains("a.csv: no image has a label"));
  CHECK_THROWS_AS(compare({}, {}), std::logic_error);
}

TEST_CASE("What one table leaves empty of a case, the other may say") {
  const PredictionTable a = six_images({2, -1, 1, -0.5, 1.5, -2});
  const PredictionTable b = six_images({1, 1, -3, 1, 0.5, -1});
  PredictionTable bare = b;
  for (PredictionRow& row : bare.rows) row.patient.clear();
  bare.rows[0].label.clear();
  CHECK(to_csv(compare_two(a, bare, {50, 1})) == to_csv(compare_two(a, b, {50, 1})));
  CHECK(to_csv(compare_two(bare, a, {50, 1})) == to_csv(compare_two(b, a, {50, 1})));
}

TEST_CASE("Images without a label are left out, and those without a probability leave their side's AUC") {
  PredictionTable a = six_images({2, -1, 1, -0.5, 1.5, -2});
  a.rows[1].label.clear();
  PredictionTable b = a;
  b.rows[4].prediction = Prediction{};
  const Comparison comparison = compare_two(a, b);
  CHECK(comparison.images == 5);
  CHECK(comparison.unlabelled == 1);
  CHECK(comparison.unscored_a == 0);
  CHECK(comparison.unscored_b == 1);
  CHECK(*figure_of(comparison, "image_auc").a.value == Approx(5.0 / 6).epsilon(1e-15));
  CHECK(figure_of(comparison, "image_auc").b.value == 1.0);
}

TEST_CASE("The CSV has a line a figure, and nothing where a figure is undefined") {
  const PredictionTable benign = make_table({{"a", "benign", "p1", -1}, {"b", "benign", "p2", 1}});
  CHECK(to_csv(compare_two(benign, benign, {20, 1})) ==
        "figure,a,a_low,a_high,b,b_low,b_high,difference,difference_low,difference_high\n"
        "image_auc,,,,,,,,,\nimage_auc_equal_patients,,,,,,,,,\nimage_balanced_accuracy,,,,,,,,,\npatient_auc,,,,,,,,,\n");
  CHECK_THAT(to_csv(compare_two(six_images({2, -1, 1, -0.5, 1.5, -2}), six_images({1, 1, -3, 1, 0.5, -1}))),
             Contains("\nimage_auc_equal_patients,0.6875,,,0.375,,,0.3125,,\n") && Contains("\npatient_auc,1.0,,,0.375,,,0.625,,\n"));
}

TEST_CASE("The same tables give the same bytes of CSV on every machine") {
  // The hash was written down once; g++, clang++ and emcc must all give it.
  CHECK(sha256_hex(to_csv(compare_two(large_table(900, 50, 1), large_table(900, 50, 2), {100, 1}))) ==
        "17de98b4fdda236e384b5bc6f266a030904599fe2afa99aa3a8a480e16a9e1d8");
}
