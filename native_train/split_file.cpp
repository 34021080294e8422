#include <map>
#include <stdexcept>

#include "atomic_file.h"
#include "lobule/csv.h"
#include "lobule/number_text.h"
#include "split.h"
#include "utf8.h"

/// The CSV of a split: written by `lobule split`, edited by people, read by train and evaluate.
namespace lobule {
namespace fs = std::filesystem;
namespace {

struct SplitFile {
  CsvTable table;
  std::size_t path = 0, set = 0;  // columns; `set` is "split", or "fold" when has_folds
  int label = -1, patient = -1;   // -1: absent, and then not compared
  bool has_folds = false;
  int folds = 0;

  std::string place(std::size_t row) const { return "line " + std::to_string(table.line_numbers[row]) + ": "; }
};

[[noreturn]] void refuse(const std::string& cause) { throw std::runtime_error(cause); }

/// A fold number; -1 for an empty cell (the image is in no fold).
int parse_fold(const SplitFile& split, std::size_t row) {
  const std::string& text = split.table.rows[row][split.set];
  if (text.empty()) return -1;
  const std::optional<int> fold = parse_int(text);
  constexpr int kLargestFold = 9999;
  if (!fold || *fold < 0 || *fold > kLargestFold) refuse(split.place(row) + "fold \"" + text + "\" is not 0, 1, 2, ...");
  return *fold;
}

SplitFile read_columns(const std::string& text) {
  if (!is_utf8(text)) refuse("is not UTF-8 text");
  SplitFile split;
  split.table = parse_csv(text);
  const int path = split.table.column("path");
  const int set = split.table.column("split");
  const int fold = split.table.column("fold");
  if (path < 0 || (set < 0) == (fold < 0)) refuse("needs a column \"path\" and either \"split\" or \"fold\"");
  split.has_folds = fold >= 0;
  split.path = static_cast<std::size_t>(path);
  split.set = static_cast<std::size_t>(split.has_folds ? fold : set);
  split.label = split.table.column("label");
  split.patient = split.table.column("patient");
  for (std::size_t row = 0; split.has_folds && row < split.table.rows.size(); ++row) {
    split.folds = std::max(split.folds, parse_fold(split, row) + 1);
  }
  return split;
}

SetName set_of_fold(int fold, int test_fold, int folds) {
  if (fold < 0) return SetName::none;
  if (fold == test_fold) return SetName::test;
  return fold == (test_fold + 1) % folds ? SetName::val : SetName::train;
}

SetName set_of_row(const SplitFile& split, std::size_t row, std::optional<int> test_fold) {
  if (split.has_folds) return set_of_fold(parse_fold(split, row), *test_fold, split.folds);
  try {
    return parse_set_name(split.table.rows[row][split.set]);
  } catch (const std::runtime_error& error) {
    refuse(split.place(row) + error.what());
  }
}

/// An edited line may move an image to another set, not make it another case.
void check_same_case(const SplitFile& split, std::size_t row, const Dataset& dataset, const Sample& sample) {
  const auto check = [&](int column, const char* what, const std::string& truth) {
    if (column < 0) return;
    const std::string& said = split.table.rows[row][static_cast<std::size_t>(column)];
    if (said != truth) refuse(split.place(row) + what + " of " + sample.path + " is \"" + said + "\", in the data set it is \"" + truth + "\"");
  };
  check(split.label, "label", dataset.class_names[static_cast<std::size_t>(sample.label)]);
  check(split.patient, "patient", sample.patient);
}

void check_fold_option(const SplitFile& split, std::optional<int> fold) {
  if (!split.has_folds && fold) refuse("says sets, not folds; leave --fold out");
  if (!split.has_folds) return;
  constexpr int kFewestFolds = 3;  // one tests, one validates, the others train
  if (split.folds < kFewestFolds) refuse("has fewer than three folds");
  const std::string range = "0 to " + std::to_string(split.folds - 1);
  if (!fold) refuse("has folds " + range + "; say with --fold which one tests");
  if (*fold < 0 || *fold >= split.folds) refuse("has no fold " + std::to_string(*fold) + ", only " + range);
}

}  // namespace

int count_folds(const std::string& text) {
  const SplitFile split = read_columns(text);
  if (!split.has_folds) refuse("says sets, not folds");
  check_fold_option(split, 0);
  return split.folds;
}

void apply_split_text(Dataset& dataset, const std::string& text, std::optional<int> fold) {
  const SplitFile split = read_columns(text);
  check_fold_option(split, fold);

  std::map<std::string, Sample*> sample_of_path;
  for (Sample& sample : dataset.samples) {
    sample.set = SetName::none;
    sample_of_path[sample.path] = &sample;
  }
  std::map<std::string, std::size_t> row_of_path;
  std::size_t unknown = 0;
  std::string first_unknown;
  for (std::size_t row = 0; row < split.table.rows.size(); ++row) {
    const std::string& path = split.table.rows[row][split.path];
    const auto [earlier, is_new] = row_of_path.emplace(path, row);
    if (!is_new) refuse(split.place(row) + path + " is listed twice (first on line " + std::to_string(split.table.line_numbers[earlier->second]) + ")");
    const auto found = sample_of_path.find(path);
    if (found == sample_of_path.end()) {
      if (++unknown == 1) first_unknown = split.place(row) + path;
      continue;
    }
    check_same_case(split, row, dataset, *found->second);
    found->second->set = set_of_row(split, row, fold);
  }
  if (unknown > 0) {
    refuse(std::to_string(unknown) + " of its images are not in " + dataset.root.string() + "; the first on " + first_unknown);
  }
  check_sets(dataset);
}

void apply_split(Dataset& dataset, const fs::path& split_csv_file, std::optional<int> fold) {
  const std::string text = read_file(split_csv_file);
  try {
    apply_split_text(dataset, text, fold);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(split_csv_file.string() + ": " + error.what());
  }
}

std::string split_csv(const Dataset& dataset) {
  std::string text = csv_line({"path", "label", "patient", "split"});
  for (const Sample& sample : dataset.samples) {
    text += csv_line({sample.path, dataset.class_names[static_cast<std::size_t>(sample.label)], sample.patient, to_string(sample.set)});
  }
  return text;
}

std::string fold_csv(const Dataset& dataset, const std::vector<int>& folds) {
  std::string text = csv_line({"path", "label", "patient", "fold"});
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    const Sample& sample = dataset.samples[i];
    text += csv_line({sample.path, dataset.class_names[static_cast<std::size_t>(sample.label)], sample.patient, std::to_string(folds[i])});
  }
  return text;
}

}  // namespace lobule
