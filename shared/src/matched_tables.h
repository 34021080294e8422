#pragma once

#include <span>
#include <vector>

#include "lobule/comparison.h"

namespace lobule {

/// The tables with the same images in the same order, that of their paths, each with the label and the patient that any of them says. Throws as compare does.
std::vector<PredictionTable> matched_tables(const std::vector<const NamedTable*>& tables);

}  // namespace lobule
