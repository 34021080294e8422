#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batches.h"
#include "dataset.h"
#include "lobule/preprocess.h"
#include "lobule/quality.h"

namespace lobule {

/// Images of one kind, by which a scope gate is fitted and measured. Those that cannot be read are left out.
struct ScopeImages {
  std::string kind;        // a folder's name, for people
  bool is_inside = false;  // the model is to answer for them
  Dataset dataset;
  LabelledImages images;               // at the network's size; their labels say nothing
  std::vector<QualityReport> quality;  // of each
  std::vector<int> fold;               // of each: its score comes from the gate that was fitted to the other folds
};

/// What a scope gate is fitted to. The first kind is the data that the model was trained on.
using ScopeKinds = std::vector<ScopeImages>;

/// Folders of `lobule crossval`.
struct ScopeFolders {
  std::string outside;              // with a folder for each kind; empty: no gate
  std::vector<std::string> inside;  // data sets besides the training's own
};

/// Reads all kinds. folds: of each sample of the training's own data. Of a further data set inside, 1000 images at most, evenly over its patients' images. Unreadable
/// images are named on stderr. Throws std::runtime_error naming the folder and the cause, where a kind has fewer images than there are folds.
ScopeKinds load_scope_images(const Dataset& own, const std::vector<int>& folds, int fold_count, const ScopeFolders& folders, const InputSpec& input,
                             int threads);

}  // namespace lobule
