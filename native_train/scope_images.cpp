#include "scope_images.h"

#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>

#include "image_set.h"
#include "image_walk.h"
#include "parallel_for.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostInside = 1000;  // images of a further data set: enough to say what its stain looks like

/// Kinds by the folder below the root, in the order of their names.
std::map<std::string, Dataset> outside_kinds(const fs::path& root) {
  std::map<std::string, Dataset> kinds;
  for (const std::string& path : find_images(root).paths) {
    const auto slash = path.find('/');
    Dataset& kind = kinds[slash == std::string::npos ? root.filename().string() : path.substr(0, slash)];
    kind.root = root;
    Sample sample;
    sample.path = path;
    sample.file = root / path;
    sample.patient = "image:" + path;
    kind.samples.push_back(std::move(sample));
  }
  if (kinds.empty()) throw std::runtime_error(root.string() + ": holds no image that the model is to refuse");
  return kinds;
}

/// At most kMostInside of them, evenly over their order, which goes by patient.
Dataset thinned(Dataset dataset) {
  const std::size_t count = dataset.samples.size();
  if (count <= kMostInside) return dataset;
  std::vector<Sample> kept;
  for (std::size_t i = 0; i < kMostInside; ++i) kept.push_back(dataset.samples[i * count / kMostInside]);
  dataset.samples = std::move(kept);
  return dataset;
}

/// Patients in turn; an image of unknown patient is one of its own.
std::vector<int> folds_in_turn(const Dataset& dataset, int fold_count) {
  std::map<std::string, int> fold_of_patient;
  std::vector<int> folds;
  for (const Sample& sample : dataset.samples) {
    const int next = static_cast<int>(fold_of_patient.size()) % fold_count;
    folds.push_back(fold_of_patient.emplace(sample.patient, next).first->second);
  }
  return folds;
}

ScopeImages load_kind(const std::string& kind, bool is_inside, Dataset dataset, const std::vector<int>& folds, int fold_count, const InputSpec& input,
                      int threads) {
  ScopeImages loaded;
  loaded.kind = kind;
  loaded.is_inside = is_inside;
  LoadedImages images = load_images(dataset, all_samples(dataset), input, threads);
  report_failures(images.failures, dataset.samples.size(), 1);
  const std::size_t count = images.samples.size();
  if (count < static_cast<std::size_t>(fold_count)) {
    throw std::runtime_error(dataset.root.string() + ": " + kind + " has " + std::to_string(count) + " images; a scope gate needs " +
                             std::to_string(fold_count) + " of each kind");
  }
  loaded.quality.resize(count);
  parallel_for(count, threads, [&](std::size_t i) {
    const Sample& sample = dataset.samples[images.samples[i]];
    loaded.quality[i] = assess_quality(read_image(sample.file, sample.path));
  });
  for (const std::size_t sample : images.samples) loaded.fold.push_back(folds[sample]);
  loaded.images.input = input;
  loaded.images.classes = 1;
  loaded.images.labels.assign(count, 0);
  loaded.images.chosen.resize(count);
  std::iota(loaded.images.chosen.begin(), loaded.images.chosen.end(), std::size_t{0});
  loaded.images.images = std::make_shared<const LoadedImages>(std::move(images));
  loaded.dataset = std::move(dataset);
  std::cerr << kind << ": " << count << " images " << (is_inside ? "to answer for" : "to refuse") << std::endl;
  return loaded;
}

std::string folder_name(const fs::path& folder) { return fs::absolute(folder / "").parent_path().filename().string(); }

}  // namespace

ScopeKinds load_scope_images(const Dataset& own, const std::vector<int>& folds, int fold_count, const ScopeFolders& folders, const InputSpec& input,
                             int threads) {
  ScopeKinds kinds;
  kinds.push_back(load_kind(folder_name(own.root), true, own, folds, fold_count, input, threads));
  for (const std::string& folder : folders.inside) {
    Dataset dataset = thinned(read_dataset(folder));
    const std::vector<int> in_turn = folds_in_turn(dataset, fold_count);
    kinds.push_back(load_kind(folder_name(folder), true, std::move(dataset), in_turn, fold_count, input, threads));
  }
  for (auto& [kind, dataset] : outside_kinds(folders.outside)) {
    const std::vector<int> in_turn = folds_in_turn(dataset, fold_count);
    kinds.push_back(load_kind(kind, false, std::move(dataset), in_turn, fold_count, input, threads));
  }
  return kinds;
}

}  // namespace lobule
