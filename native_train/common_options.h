#pragma once

#include <CLI/CLI.hpp>

#include "lobule/evaluation.h"

namespace lobule {

/// Options that several subcommands have, worded and bounded alike.

void add_bootstrap_option(CLI::App& command, EvaluationOptions& options);

/// Of commands that decode a data set's images.
void add_decoding_options(CLI::App& command, int& threads, double& max_bad_share);

}  // namespace lobule
