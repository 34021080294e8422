#pragma once

#include <span>
#include <string>
#include <vector>

#include "run_summary.h"

namespace lobule {

/// Names of training options in which the runs differ, in their own order; the network, which has a column, is not among them. Runs whose options could not
/// be read do not count.
std::vector<std::string> differing_options(std::span<const RunSummary> runs);

/// Sorts by the column of that name (run, name, network, best-epoch, val-loss, val-accuracy, val-auc, test-accuracy, test-auc, seconds, state) or an option in
/// which the runs differ: accuracies and AUC from the highest, other numbers from the lowest, what is unknown last; equals stay in their order. Throws
/// std::runtime_error naming the keys that there are.
void sort_runs(std::vector<RunSummary>& runs, const std::string& key);

/// Aligned columns, a line a run, for people: columns without any entry are left out.
std::string run_table_text(std::span<const RunSummary> runs);

/// {"runs": [...], "differing_options": [...]}: what is unknown is null.
std::string run_table_json(std::span<const RunSummary> runs);

}  // namespace lobule
