#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset.h"

namespace lobule {

/// An image that a layout has found, its class still a word.
struct LabelledImage {
  Sample sample;  // label not set yet; patient may be empty
  std::string label;
};

/// "train", "val", "valid", "validation", "test" and nothing else.
std::optional<SetName> find_set_name(std::string_view text);

/// An image of a CSV manifest.
struct ManifestImage {
  LabelledImage image;
  int line = 0;  // of the manifest, from 1
};

/// Reads a manifest's text; root is the folder that its paths are relative to. Looks at no other file. Throws std::runtime_error with line and cause, without
/// a file name.
std::vector<ManifestImage> parse_csv_manifest(const std::string& text, const std::filesystem::path& root);

/// A sample with all that its path says (patient, slide, magnification, subtype).
Sample sample_from_path(const std::filesystem::path& root, const std::string& path);

/// Numbers the classes, gives each image of unknown patient one of its own and sorts by path. Throws std::runtime_error
/// "ROOT: ..." when there are fewer than two classes.
Dataset make_dataset(const std::filesystem::path& root, std::vector<LabelledImage> images);

/// The layouts. Each throws as read_dataset does.
Dataset read_image_tree(const std::filesystem::path& folder);
Dataset read_csv_manifest(const std::filesystem::path& manifest);

}  // namespace lobule
