#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace lobule {

/// JSON laid out for people and for diff: an object that holds lists or objects gets a line a member, a list of objects a line an object,
/// everything else stays on its line. Ends with a line break. Bytes that are not UTF-8 (file names may hold some) become U+FFFD.
std::string json_text(const nlohmann::ordered_json& value);

}  // namespace lobule
