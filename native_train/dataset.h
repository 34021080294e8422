#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lobule {

enum class SetName { none, train, val, test };

std::string to_string(SetName set);               // "", "train", "val", "test"
SetName parse_set_name(const std::string& text);  // "validation" and "valid" are understood; std::runtime_error otherwise

struct Sample {
  std::string path;            // relative to the data set's root, '/' as separator: its name in every table
  std::filesystem::path file;  // where it lies
  int label = 0;               // index into class_names
  std::string patient;         // never empty: an image of unknown patient counts as a patient of its own ("image:" + path)
  std::string slide;
  int magnification = 0;
  std::string subtype;
  std::string source;
  SetName set = SetName::none;
};

struct Dataset {
  std::filesystem::path root;
  std::vector<std::string> class_names;  // benign, malignant; idc data: no_idc, idc; others: sorted, from the data
  int positive_class = 1;
  std::vector<Sample> samples;  // sorted by path
};

/// Reads a BreaKHis tree (with its manifest.csv where there is one), an ImageFolder (train|val|test/<class>/ or <class>/), or a CSV manifest
/// (path,label,patient[,slide,magnification,subtype,source,split]). Throws std::runtime_error naming the folder or line and the cause
/// (an empty folder, one class only, a listed file that is missing).
Dataset read_dataset(const std::filesystem::path& data);

/// Sets of a split CSV written by `lobule split` (path,label,patient,split), put on the data set's samples. Refuses rows that name no image, and patients in
/// two sets. Samples that it does not list keep SetName::none.
void apply_split(Dataset& dataset, const std::filesystem::path& split_csv);

/// A published BreaKHis fold list (dsfold1.txt: name|magnification|fold|grp lines): test as it says; val taken from its training patients.
void apply_dsfold(Dataset& dataset, const std::filesystem::path& dsfold, std::uint64_t seed);

}  // namespace lobule
