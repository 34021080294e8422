#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace lobule {

/// What a JSON text that nobody vouches for may hold.
struct JsonLimits {
  int nesting = 32;    // readers of values go as deep as the text does
  int members = 4096;  // of all objects together: an object that keeps its order looks through all its members for each new one
};

/// Parses a text. Throws nlohmann's exceptions for what is no JSON, and std::runtime_error "is nested too deeply" or "has more than 4096 members".
nlohmann::ordered_json parse_bounded_json(std::string_view text, const JsonLimits& limits = {});

}  // namespace lobule
