#pragma once

#include <string>

#include "perturbation.h"

namespace lobule {

/// corruption,severity,images,accuracy,balanced_accuracy,auc,ece,no_result_rate,refused_rate,mean_abs_probability_change,changed_call_rate,model_sha256; a line a
/// corruption and severity, the first (none, 0) of the images as they are. Undefined figures are empty.
std::string perturbations_csv(const PerturbationTable& table);

/// ROC AUC and balanced accuracy over the severity, a chart for each corruption, all on one scale; severity 0: the images as they are.
std::string perturbations_svg(const PerturbationTable& table);

/// For people: ROC AUC at every severity, and the means over the severities of other figures, a line a corruption.
std::string perturbations_text(const PerturbationTable& table);

}  // namespace lobule
