#include "dataset.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "labelled_image.h"
#include "lobule/case_id.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

std::string lower_case(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Negative before positive where we know which is which (their sorted order says otherwise for idc), sorted where we don't.
std::vector<std::string> ordered_classes(const std::set<std::string>& labels) {
  if (labels == std::set<std::string>{"no_idc", "idc"}) return {"no_idc", "idc"};
  return {labels.begin(), labels.end()};
}

std::string patient_of_image(const std::string& path) { return "image:" + path; }

int index_of(const std::vector<std::string>& words, const std::string& word) {
  return static_cast<int>(std::find(words.begin(), words.end(), word) - words.begin());
}

}  // namespace

std::string to_string(SetName set) {
  switch (set) {
    case SetName::none:
      return "";
    case SetName::train:
      return "train";
    case SetName::val:
      return "val";
    case SetName::test:
      return "test";
  }
  throw std::logic_error("a set name of no known value");
}

std::optional<SetName> find_set_name(std::string_view text) {
  if (text == "train") return SetName::train;
  if (text == "val" || text == "valid" || text == "validation") return SetName::val;
  if (text == "test") return SetName::test;
  return std::nullopt;
}

SetName parse_set_name(const std::string& text) {
  if (text.empty()) return SetName::none;
  const std::optional<SetName> set = find_set_name(text);
  if (!set) throw std::runtime_error("\"" + text + "\" is not a set (train, val, test)");
  return *set;
}

Sample sample_from_path(const fs::path& root, const std::string& path) {
  const CaseId id = parse_case_id(path);
  Sample sample;
  sample.path = path;
  sample.file = root / path;
  sample.patient = id.patient;
  sample.slide = id.slide;
  sample.magnification = id.magnification;
  sample.subtype = id.subtype;
  return sample;
}

bool has_known_patient(const Sample& sample) { return sample.patient != patient_of_image(sample.path); }

Dataset make_dataset(const fs::path& root, std::vector<LabelledImage> images) {
  std::set<std::string> labels;
  std::set<std::string> lower_labels;
  for (const LabelledImage& image : images) {
    labels.insert(image.label);
    lower_labels.insert(lower_case(image.label));
  }
  // Folders called Benign and Malignant mean the classes that every model of ours knows.
  if (lower_labels == std::set<std::string>{"benign", "malignant"}) {
    labels = lower_labels;
    for (LabelledImage& image : images) image.label = lower_case(image.label);
  }

  Dataset dataset;
  dataset.root = root;
  dataset.class_names = ordered_classes(labels);
  if (dataset.class_names.size() < 2) {
    throw std::runtime_error(root.string() + ": all images are of one class (" + joined(dataset.class_names) + "); two are needed");
  }
  dataset.positive_class = labels.contains("malignant") ? index_of(dataset.class_names, "malignant") : 1;

  for (LabelledImage& image : images) {
    image.sample.label = index_of(dataset.class_names, image.label);
    if (image.sample.patient.empty()) image.sample.patient = patient_of_image(image.sample.path);
    dataset.samples.push_back(std::move(image.sample));
  }
  std::sort(dataset.samples.begin(), dataset.samples.end(), [](const Sample& a, const Sample& b) { return a.path < b.path; });  // paths are distinct: no ties
  return dataset;
}

Dataset read_dataset(const fs::path& data) {
  std::error_code error;
  const fs::file_status status = fs::status(data, error);
  if (!fs::exists(status)) throw std::runtime_error(data.string() + ": " + (error ? error.message() : "No such file or directory"));
  if (!fs::is_directory(status)) return read_csv_manifest(data);
  if (fs::exists(data / "manifest.csv", error)) return read_csv_manifest(data / "manifest.csv");
  return read_image_tree(data);
}

void check_sets(const Dataset& dataset) {
  std::map<std::string, const Sample*> first_of_patient;
  std::map<SetName, std::vector<int>> class_counts;
  for (const Sample& sample : dataset.samples) {
    if (sample.set == SetName::none) continue;
    const Sample& first = *first_of_patient.emplace(sample.patient, &sample).first->second;
    if (first.set != sample.set) {
      throw std::runtime_error("patient " + sample.patient + " is in two sets: " + first.path + " in " + to_string(first.set) + ", " + sample.path + " in " +
                               to_string(sample.set));
    }
    std::vector<int>& counts = class_counts.try_emplace(sample.set, dataset.class_names.size(), 0).first->second;
    ++counts[static_cast<std::size_t>(sample.label)];
  }
  for (const auto& [set, counts] : class_counts) {
    for (std::size_t label = 0; label < counts.size(); ++label) {
      if (counts[label] == 0) throw std::runtime_error("set " + to_string(set) + " has no image of class " + dataset.class_names[label]);
    }
  }
}

}  // namespace lobule
