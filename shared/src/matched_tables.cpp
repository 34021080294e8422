#include "matched_tables.h"

#include <algorithm>
#include <stdexcept>

namespace lobule {
namespace {

const std::string& positive_name(const PredictionTable& table) { return table.class_names.at(static_cast<std::size_t>(table.positive_class)); }

bool comes_before(const PredictionRow& a, const PredictionRow& b) { return a.path < b.path; }

PredictionTable sorted_by_path(const NamedTable& table) {
  PredictionTable sorted = table.predictions;
  std::stable_sort(sorted.rows.begin(), sorted.rows.end(), comes_before);
  const auto twice =
      std::adjacent_find(sorted.rows.begin(), sorted.rows.end(), [](const PredictionRow& one, const PredictionRow& next) { return one.path == next.path; });
  if (twice != sorted.rows.end()) throw std::runtime_error(table.name + ": " + twice->path + " is there twice");
  return sorted;
}

/// Throws where `table` lacks an image that `other` has; both sorted by path.
void check_has_images_of(const PredictionTable& other, const std::string& other_name, const PredictionTable& table, const std::string& name) {
  std::vector<PredictionRow> missing;
  std::set_difference(other.rows.begin(), other.rows.end(), table.rows.begin(), table.rows.end(), std::back_inserter(missing), comes_before);
  if (missing.empty()) return;
  throw std::runtime_error(name + ": has no " + missing.front().path + ", which " + other_name + " has (" + std::to_string(missing.size()) + " of its " +
                           std::to_string(other.rows.size()) + " images are missing)");
}

/// What the tables say of one field of one image, and the one that says it.
struct Said {
  std::string text;
  const std::string* table = nullptr;
};

void hear(Said& said, const std::string& text, const NamedTable& table, const char* what, const std::string& path) {
  if (text.empty()) return;
  if (said.text.empty()) said = {text, &table.name};
  if (said.text == text) return;
  throw std::runtime_error(path + ": its " + what + " is \"" + said.text + "\" in " + *said.table + " and \"" + text + "\" in " + table.name);
}

}  // namespace

std::vector<PredictionTable> matched_tables(const std::vector<const NamedTable*>& tables) {
  std::vector<PredictionTable> matched;
  for (const NamedTable* table : tables) {
    matched.push_back(sorted_by_path(*table));
    if (positive_name(matched.back()) != positive_name(matched.front())) {
      throw std::runtime_error(table->name + ": its positive class is " + positive_name(matched.back()) + ", that of " + tables.front()->name + " is " +
                               positive_name(matched.front()));
    }
    check_has_images_of(matched.front(), tables.front()->name, matched.back(), table->name);
    check_has_images_of(matched.back(), table->name, matched.front(), tables.front()->name);
  }
  for (std::size_t row = 0; row < matched.front().rows.size(); ++row) {
    const std::string path = matched.front().rows[row].path;
    Said label;
    Said patient;
    for (std::size_t t = 0; t < tables.size(); ++t) {
      hear(label, matched[t].rows[row].label, *tables[t], "label", path);
      hear(patient, matched[t].rows[row].patient, *tables[t], "patient", path);
    }
    for (PredictionTable& table : matched) {
      table.rows[row].label = label.text;
      table.rows[row].patient = patient.text;
    }
  }
  return matched;
}

}  // namespace lobule
