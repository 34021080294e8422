#include "json_bounds.h"

#include <stdexcept>
#include <string>

namespace lobule {

nlohmann::ordered_json parse_bounded_json(std::string_view text, const JsonLimits& limits) {
  using Json = nlohmann::ordered_json;
  int members = 0;
  const auto bounded = [&](int depth, Json::parse_event_t event, const Json&) {
    if (depth > limits.nesting) throw std::runtime_error("is nested too deeply");
    if (event == Json::parse_event_t::key && ++members > limits.members) {
      throw std::runtime_error("has more than " + std::to_string(limits.members) + " members");
    }
    return true;
  };
  return Json::parse(text, bounded);
}

}  // namespace lobule
