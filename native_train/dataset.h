#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lobule {

enum class SetName { none, train, val, test };

std::string to_string(SetName set);               // "", "train", "val", "test"
SetName parse_set_name(const std::string& text);  // "validation", "valid" and "" too; std::runtime_error otherwise

struct Sample {
  std::string path;            // relative to the data set's root, '/' as separator, UTF-8: its name in every table
  std::filesystem::path file;  // where it lies
  int label = 0;               // index into class_names
  std::string patient;         // never empty: an image of unknown patient counts as a patient of its own ("image:" + path)
  std::string slide;
  int magnification = 0;  // 0: unknown
  std::string subtype;
  std::string source;
  SetName set = SetName::none;
};

/// False for an image that counts as a patient of its own because nothing says whose it is.
bool has_known_patient(const Sample& sample);

struct Dataset {
  std::filesystem::path root;
  std::vector<std::string> class_names;  // benign, malignant; idc data: no_idc, idc; others: sorted, from the data
  int positive_class = 1;
  std::vector<Sample> samples;    // sorted by path, byte by byte
  std::size_t ignored_files = 0;  // in the folder, but no images by their names
};

/// Reads a BreaKHis tree (with its manifest.csv where there is one), an ImageFolder (train|val|test/<class>/ or <class>/), or a CSV manifest
/// (path,label[,patient,slide,magnification,subtype,source,split]; `data` is the CSV file or a folder with a manifest.csv). Throws std::runtime_error naming
/// the folder or line and the cause (an empty folder, one class only, listed files that are missing).
Dataset read_dataset(const std::filesystem::path& data);

/// Sets of a CSV written by `lobule split` put on the data set's samples; those that it does not list get SetName::none. A file with a column `split` says the
/// sets themselves (fold must be nothing); one with a column `fold` (0..K-1) needs `fold`: that fold is test, the next one ((fold + 1) mod K) val, the others
/// train. Throws std::runtime_error for rows that name no image or contradict the data set's label or patient, and for a patient in two sets.
void apply_split(Dataset& dataset, const std::filesystem::path& split_csv, std::optional<int> fold = std::nullopt);

/// The same from the file's text; messages are without the file's name.
void apply_split_text(Dataset& dataset, const std::string& split_csv, std::optional<int> fold = std::nullopt);

/// Throws std::runtime_error when a patient has images in two sets, naming one of each, or a set that has images lacks a class. read_dataset does not check
/// this (`lobule split` must be able to read what it mends): train and evaluate do.
void check_sets(const Dataset& dataset);

}  // namespace lobule
