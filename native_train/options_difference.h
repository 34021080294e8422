#pragma once

#include <string>

namespace lobule {

/// "--lr was 0.001, is now 0.01": the first option that decides the course of a training and differs between two TrainOptions as JSON, or "". --patience may
/// differ, and --epochs where no schedule is drawn over them: they decide only where a training ends; and what makes the model file of the weights that were
/// trained: --tuned-share, --half, --with-patients. Throws nlohmann's exceptions for what is not a JSON object.
std::string options_difference(const std::string& before_json, const std::string& now_json);

}  // namespace lobule
