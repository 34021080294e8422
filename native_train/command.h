#pragma once

#include <CLI/CLI.hpp>

namespace lobule {

/// Each subcommand adds itself to the program: its options go into a struct of its own, and its callback does the work when the command
/// line has been parsed. A callback throws std::runtime_error for bad input (exit 1).
void add_phantom_command(CLI::App& app);
void add_split_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_crossval_command(CLI::App& app);
void add_export_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);
void add_predict_command(CLI::App& app);
void add_verify_command(CLI::App& app);
void add_inspect_command(CLI::App& app);
void add_compare_command(CLI::App& app);
void add_confounders_command(CLI::App& app);
void add_runs_command(CLI::App& app);
/// Describes all subcommands of app, also those that are added after it.
void add_completion_command(CLI::App& app);

}  // namespace lobule
