#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lobule/comparison.h"
#include "lobule/prediction_table.h"
#include "lobule/preprocess.h"
#include "session_case.h"

namespace lobule {

/// A comparison of the session's predictions (A) with a baseline's (B), on the images that both have.
struct BaselineComparison {
  Comparison comparison;
  std::int64_t only_in_session = 0;  // images
  std::int64_t only_in_baseline = 0;
  std::int64_t changed = 0;  // images that both decided, and called differently
};

/// Where another model looked: its input, and its heat maps by their images' paths.
struct BaselineSight {
  InputSpec input;
  std::map<std::string, CamMap> cams;
};

/// Another model's predictions, kept to be compared with the session's.
class Baseline {
 public:
  /// name: the model's, or the file's that the table came from. Of rows with the same path the first counts. sight: none for a table from a file.
  Baseline(std::string name, PredictionTable table, std::optional<BaselineSight> sight = std::nullopt);

  const std::string& name() const { return name_; }
  const PredictionTable& table() const { return table_; }
  const std::optional<BaselineSight>& sight() const { return sight_; }
  /// Null: there is none of that image.
  const CamMap* cam(const std::string& path) const;
  /// Null: it knows nothing of the image.
  const PredictionRow* row(const std::string& path) const;
  /// Whether it decided the image and called it otherwise than this decided prediction does.
  bool differs(const std::string& path, const Prediction& prediction) const;

  /// What the session says of labels and patients counts. Throws std::runtime_error where no image of both is labelled, or the positive classes have other names.
  BaselineComparison compare(const PredictionTable& session) const;
  /// Its ROC curve on the images that both have; empty where there is none.
  std::vector<RocPoint> roc(const PredictionTable& session) const;

 private:
  /// Rows of both, in the session's order.
  struct CommonRows {
    PredictionTable session;
    PredictionTable baseline;
  };
  CommonRows common_rows(const PredictionTable& session) const;

  std::string name_;
  PredictionTable table_;
  std::optional<BaselineSight> sight_;
  std::map<std::string, std::size_t> row_of_path_;
};

}  // namespace lobule
