#include "json_text.h"

#include <algorithm>

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

std::string one_line(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

void append(std::string& text, const Json& value, std::size_t indent) {
  const bool is_tree = value.is_object() && std::any_of(value.begin(), value.end(), [](const Json& member) { return member.is_structured(); });
  const bool is_list = value.is_array() && !value.empty() && value.front().is_object();
  if (!is_tree && !is_list) {
    text += one_line(value);
    return;
  }
  const std::string line_start = std::string(1, '\n').append(indent + 1, ' ');
  text += is_tree ? '{' : '[';
  bool first = true;
  for (const auto& member : value.items()) {
    if (!first) text += ',';
    first = false;
    text += line_start;
    if (is_tree) {
      text += one_line(member.key()) + ": ";
      append(text, member.value(), indent + 1);
    } else {
      text += one_line(member.value());
    }
  }
  text.append(1, '\n').append(indent, ' ') += is_tree ? '}' : ']';
}

}  // namespace

std::string json_text(const nlohmann::ordered_json& value) {
  std::string text;
  append(text, value, 0);
  return text + '\n';
}

}  // namespace lobule
