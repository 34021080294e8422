#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace lobule {

inline const std::vector<std::string> kShellNames = {"bash", "zsh", "fish"};

/// A script for the shell that completes the program's subcommands, options and the values of options that are one of a few words; other values and
/// arguments complete as files, numbers not at all. All of it comes from what the program has told CLI11, so that it cannot be out of date. shell: one of
/// kShellNames.
std::string completion_script(const CLI::App& program, const std::string& shell);

}  // namespace lobule
