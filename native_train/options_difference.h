#pragma once

#include <string>

namespace lobule {

/// "--lr was 0.001, is now 0.01": the first training option that decides a result and differs between two TrainOptions as JSON, or "". --patience may
/// differ, and --epochs where no schedule is drawn over them: they decide only where a training ends. Throws nlohmann's exceptions for what is not a JSON object.
std::string options_difference(const std::string& before_json, const std::string& now_json);

}  // namespace lobule
