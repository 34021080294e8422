#include <set>
#include <stdexcept>

#include "image_walk.h"
#include "labelled_image.h"
#include "lobule/case_id.h"

/// Folders of images without a manifest: BreaKHis and IDC trees, whose file names say the class, and ImageFolders, whose folders say it.
namespace lobule {
namespace fs = std::filesystem;
namespace {

/// A path cut at its first '/': {"train", "benign/x.png"}; the first part is empty for a file right in the folder.
std::pair<std::string, std::string> cut_folder(const std::string& path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

/// train|val|test/...: the set of each image, or nothing when the top folders are no sets. A tree that has both is refused.
std::vector<SetName> sets_of_top_folders(const fs::path& root, const std::vector<std::string>& paths) {
  std::vector<SetName> sets(paths.size(), SetName::none);
  std::size_t outside = paths.size();
  std::size_t inside = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto set = find_set_name(cut_folder(paths[i]).first);
    if (set) {
      sets[i] = *set;
      ++inside;
    } else if (outside == paths.size()) {
      outside = i;
    }
  }
  if (inside > 0 && inside < paths.size()) {
    throw std::runtime_error(root.string() + ": " + std::to_string(paths.size() - inside) +
                             " images lie outside the folders train, val and test; the first: " + paths[outside]);
  }
  return sets;
}

/// Class folders of an ImageFolder; empty words where an image lies in none.
std::vector<std::string> labels_of_folders(const std::vector<std::string>& paths, bool below_set_folder) {
  std::vector<std::string> labels;
  for (const std::string& path : paths) labels.push_back(cut_folder(below_set_folder ? cut_folder(path).second : path).first);
  return labels;
}

/// Labels from file names where most say one; from class folders where these tell at least two classes; else from folders called benign and malignant anywhere.
std::vector<std::string> labels_of(const std::vector<std::string>& paths, bool below_set_folder) {
  std::vector<std::string> from_paths;
  std::size_t named = 0;
  std::size_t known = 0;
  for (const std::string& path : paths) {
    if (!parse_case_id(fs::path(path).filename().string()).label.empty()) ++named;
    from_paths.push_back(parse_case_id(path).label);
    if (!from_paths.back().empty()) ++known;
  }
  if (named * 2 > paths.size()) return from_paths;
  std::vector<std::string> from_folders = labels_of_folders(paths, below_set_folder);
  const std::set<std::string> folders(from_folders.begin(), from_folders.end());
  const bool folders_tell = folders.size() >= 2 && !folders.contains("");
  return folders_tell || known == 0 ? from_folders : from_paths;
}

}  // namespace

Dataset read_image_tree(const fs::path& folder) {
  const ImageFiles files = find_images(folder);
  if (files.paths.empty()) {
    throw std::runtime_error(folder.string() + ": holds no PNG, JPEG or BMP image (" + std::to_string(files.ignored) + " other files)");
  }
  const std::vector<SetName> sets = sets_of_top_folders(folder, files.paths);
  const std::vector<std::string> labels = labels_of(files.paths, sets.front() != SetName::none);

  std::vector<LabelledImage> images;
  std::size_t unlabelled = 0;
  std::string first_unlabelled;
  for (std::size_t i = 0; i < files.paths.size(); ++i) {
    if (labels[i].empty() && ++unlabelled == 1) first_unlabelled = files.paths[i];
    images.push_back({sample_from_path(folder, files.paths[i]), labels[i]});
    images.back().sample.set = sets[i];
  }
  if (unlabelled > 0) {
    throw std::runtime_error(folder.string() + ": neither name nor folder says the class of " + std::to_string(unlabelled) + " of " +
                             std::to_string(images.size()) + " images; the first: " + first_unlabelled);
  }
  Dataset dataset = make_dataset(folder, std::move(images));
  dataset.ignored_files = files.ignored;
  return dataset;
}

}  // namespace lobule
