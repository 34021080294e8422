#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lobule/evaluation.h"
#include "lobule/model_package.h"
#include "out_of_fold.h"
#include "run_folder.h"

namespace lobule {

/// What card.md is made from. Nothing in a card is written by hand, so that none of it can be wrong about its model.
struct CardFacts {
  RunConfig config;
  std::optional<Calibration> calibration;  // nothing: not calibrated
  ModelPackage package;                    // of model.onnx
  std::size_t model_bytes = 0;             // of model.onnx
  std::int64_t parameters = 0;
  std::string weights_sha256;
  std::vector<std::string> set_summaries;  // a line for each set
  std::optional<Evaluation> test;          // nothing without a test set, or what cross-validation says
  std::optional<OutOfFold> out_of_fold;    // where `test` is of models trained alike
};

/// Markdown after Mitchell et al. 2019 ("Model Cards for Model Reporting"): data, split, training, figures with intervals, limits.
std::string model_card(const CardFacts& facts);

}  // namespace lobule
