#pragma once

#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "app.h"

/// What the functions of app_api.h have in common.
namespace lobule::app_api {

using nlohmann::ordered_json;

inline App& app() {
  static App the_app;
  return the_app;
}

/// The text that the last call returned.
inline const char* keep(std::string text) {
  static std::string kept;
  kept = std::move(text);
  return kept.c_str();
}

/// "" when the action went through, or the cause: no exception crosses into JavaScript.
template <typename Action>
const char* cause_of(Action&& action) {
  try {
    action();
    app().wake();
    return keep("");
  } catch (const std::exception& error) {
    return keep(error.what());
  }
}

/// A text, or "" when it can't be made.
template <typename Make>
const char* text_of(Make&& make) {
  try {
    return keep(make());
  } catch (const std::exception&) {
    return keep("");
  }
}

}  // namespace lobule::app_api
