#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lobule/metrics.h"

namespace lobule {

/// Figures of one set after one epoch. Absent figures (zero denominators) are nothing, not 0.
struct SetFigures {
  double loss = 0;  // mean binary cross-entropy, nats
  Figure accuracy;
  Figure precision;
  Figure recall;
  Figure f1;
  Figure auc;
};

/// One line of a run's history.jsonl.
struct EpochRecord {
  int epoch = 0;  // from 1
  double learning_rate = 0;
  double seconds = 0;
  double images_per_second = 0;  // training images
  SetFigures train;
  std::optional<SetFigures> val;  // nothing where the data has no validation set
  bool best = false;              // this epoch's weights were kept: lowest validation loss so far, or no validation set
};

/// One JSON object without a line break.
std::string to_json_line(const EpochRecord& record);

/// JSON lines, blank lines skipped. Throws std::runtime_error naming the line and the cause.
std::vector<EpochRecord> parse_history(std::string_view json_lines);

}  // namespace lobule
