#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

// Each target is one libFuzzer program: it gives the bytes to a parser and holds what the parser made of them against a promise.
namespace lobule::fuzz {

/// What the parser made; nothing when it refused. std::runtime_error is the one way to refuse: anything else ends the program, and so is a find.
template <typename Parse>
auto parsed(const Parse& parse) -> std::optional<decltype(parse())> {
  try {
    return parse();
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

/// A promise of the parser.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(data), size);
}

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

}  // namespace lobule::fuzz
