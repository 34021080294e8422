#include "options_difference.h"

#include <nlohmann/json.hpp>
#include <set>

namespace lobule {

std::string options_difference(const std::string& before_json, const std::string& now_json) {
  using Json = nlohmann::ordered_json;
  const auto text = [](const Json& options, const std::string& key) { return options.contains(key) ? options.at(key).dump() : "not given"; };
  const Json before = Json::parse(before_json);
  const Json now = Json::parse(now_json);
  std::set<std::string> free = {"epochs", "half", "patience", "tuned-share", "with-patients"};
  if (now.value("schedule", "constant") == "cosine") free.erase("epochs");  // the last epoch shapes the learning rate of the first
  for (const Json* options : {&before, &now}) {
    for (const auto& item : options->items()) {
      const std::string& key = item.key();
      if (free.count(key) != 0 || text(before, key) == text(now, key)) continue;
      return "--" + key + " was " + text(before, key) + ", is now " + text(now, key);
    }
  }
  return "";
}

}  // namespace lobule
