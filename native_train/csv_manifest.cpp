#include <map>
#include <stdexcept>
#include <utility>

#include "atomic_file.h"
#include "labelled_image.h"
#include "lobule/csv.h"
#include "lobule/number_text.h"
#include "utf8.h"

/// Data sets listed in a CSV file that lies beside its images.
namespace lobule {
namespace fs = std::filesystem;
namespace {

/// A manifest's rows with the places of its columns (-1: absent).
struct Manifest {
  CsvTable table;
  int path, label, patient, slide, magnification, subtype, source, split;

  std::string cell(std::size_t row, int column) const { return column < 0 ? std::string() : table.rows[row][static_cast<std::size_t>(column)]; }
  std::string place(std::size_t row) const { return "line " + std::to_string(table.line_numbers[row]); }
};

[[noreturn]] void refuse(const std::string& cause) { throw std::runtime_error(cause); }

Manifest read_columns(const std::string& text) {
  if (!is_utf8(text)) refuse("is not UTF-8 text; a data set is a folder of images or a CSV manifest (path,label,patient)");
  Manifest manifest{parse_csv(text), -1, -1, -1, -1, -1, -1, -1, -1};
  const CsvTable& table = manifest.table;
  manifest.path = table.column("path");
  manifest.label = table.column("label");
  manifest.patient = table.column("patient");
  manifest.slide = table.column("slide");
  manifest.magnification = table.column("magnification");
  manifest.subtype = table.column("subtype");
  manifest.source = table.column("source");
  manifest.split = table.column("split");
  if (manifest.path < 0 || manifest.label < 0) {
    refuse(std::string("has no column \"") + (manifest.path < 0 ? "path" : "label") + "\"; a manifest needs path,label,patient");
  }
  if (table.rows.empty()) refuse("lists no image");
  return manifest;
}

/// Names in tables are relative to the manifest, and a table that travels must not be able to point at other files of the machine it comes to.
bool stays_below(const std::string& path) {
  const fs::path parsed(path);
  if (path.empty() || parsed.is_absolute()) return false;
  for (const fs::path& part : parsed) {
    if (part == "..") return false;
  }
  return true;
}

LabelledImage image_of_row(const Manifest& manifest, const fs::path& root, std::size_t row) {
  const std::string path = manifest.cell(row, manifest.path);
  if (!stays_below(path)) {
    refuse(manifest.place(row) + ": path \"" + path + "\" does not lie below the manifest's folder");
  }
  LabelledImage image{sample_from_path(root, fs::path(path).lexically_normal().generic_string()), manifest.cell(row, manifest.label)};
  if (image.label.empty()) refuse(manifest.place(row) + ": no label for " + path);

  Sample& sample = image.sample;
  const auto take = [&](std::string& field, int column) {
    const std::string value = manifest.cell(row, column);
    if (!value.empty()) field = value;
  };
  take(sample.patient, manifest.patient);
  take(sample.slide, manifest.slide);
  take(sample.subtype, manifest.subtype);
  take(sample.source, manifest.source);
  const std::string magnification = manifest.cell(row, manifest.magnification);
  if (!magnification.empty()) {
    const std::optional<int> value = parse_int(magnification);
    if (!value || *value < 0) refuse(manifest.place(row) + ": magnification \"" + magnification + "\" is not a whole number");
    sample.magnification = *value;
  }
  try {
    sample.set = parse_set_name(manifest.cell(row, manifest.split));
  } catch (const std::runtime_error& error) {
    refuse(manifest.place(row) + ": " + error.what());
  }
  return image;
}

/// Rows whose image is not there: one message for all, since one wrong folder makes them all fail.
void check_files(const std::vector<ManifestImage>& images) {
  std::size_t missing = 0;
  std::string first;
  for (const ManifestImage& listed : images) {
    std::error_code error;
    if (fs::is_regular_file(listed.image.sample.file, error)) continue;
    if (++missing == 1) first = "line " + std::to_string(listed.line) + ": " + listed.image.sample.path;
  }
  if (missing > 0) refuse(std::to_string(missing) + " listed files are missing; the first on " + first);
}

}  // namespace

std::vector<ManifestImage> parse_csv_manifest(const std::string& text, const fs::path& root) {
  const Manifest manifest = read_columns(text);
  std::vector<ManifestImage> images;
  std::map<std::string, std::size_t> row_of_path;
  for (std::size_t row = 0; row < manifest.table.rows.size(); ++row) {
    LabelledImage image = image_of_row(manifest, root, row);
    const auto [earlier, is_new] = row_of_path.emplace(image.sample.path, row);
    if (!is_new) refuse(manifest.place(row) + ": " + image.sample.path + " is listed twice (first on " + manifest.place(earlier->second) + ")");
    images.push_back({std::move(image), manifest.table.line_numbers[row]});
  }
  return images;
}

Dataset read_csv_manifest(const fs::path& file) {
  const fs::path root = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string text = read_file(file);
  std::vector<LabelledImage> images;
  try {
    std::vector<ManifestImage> listed = parse_csv_manifest(text, root);
    check_files(listed);
    for (ManifestImage& one : listed) images.push_back(std::move(one.image));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
  return make_dataset(root, std::move(images));
}

}  // namespace lobule
