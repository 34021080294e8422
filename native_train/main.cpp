#include <c10/util/Exception.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>

#include "command.h"
#include "lobule/model_package.h"

namespace {

/// As in README's table of commands. 70 is EX_SOFTWARE of sysexits.h: an internal error.
enum ExitCode : int { kDone = 0, kRefused = 1, kWrongUsage = 2, kDefect = 70 };

int say(ExitCode code, const std::string& message) {
  std::cerr << "lobule: " << message << '\n';
  return code;
}

void add_commands(CLI::App& app) {
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("lobule ") + LOBULE_VERSION);
  app.footer(std::string(lobule::kResearchUseOnly) +
             "\n\n"
             "Examples:\n"
             "  lobule phantom phantoms\n"
             "  lobule split phantoms --out split.csv\n"
             "  lobule train phantoms --split split.csv --out run\n"
             "  lobule export run --out model.onnx\n"
             "  lobule evaluate model.onnx phantoms --split split.csv --out evaluation\n"
             "  lobule predict model.onnx image.png\n"
             "  lobule verify session.json model.onnx cases\n"
             "  lobule inspect model.onnx\n"
             "  lobule compare cv/repeat1/predictions.csv other.csv\n"
             "  lobule runs experiments\n\n"
             "Exit status: 0 done, 1 refused (the message names file and cause), 2 wrong usage, 70 a defect of lobule.");
  lobule::add_phantom_command(app);
  lobule::add_split_command(app);
  lobule::add_train_command(app);
  lobule::add_crossval_command(app);
  lobule::add_export_command(app);
  lobule::add_evaluate_command(app);
  lobule::add_predict_command(app);
  lobule::add_verify_command(app);
  lobule::add_inspect_command(app);
  lobule::add_compare_command(app);
  lobule::add_confounders_command(app);
  lobule::add_runs_command(app);
  lobule::add_completion_command(app);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("lobule: benign or malignant, from breast histopathology images", "lobule");
  try {
    add_commands(app);
    app.parse(argc, argv);
    return kDone;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;  // --help and --version are "errors" of status 0
  } catch (const std::filesystem::filesystem_error& error) {
    return say(kRefused, error.path1().string() + ": " + error.code().message());
  } catch (const std::bad_alloc&) {
    return say(kRefused, "out of memory");
  } catch (const c10::OutOfMemoryError& error) {
    return say(kRefused, error.what_without_backtrace());
  } catch (const std::runtime_error& error) {
    return say(kRefused, error.what());
  } catch (const std::exception& error) {
    return say(kDefect, std::string("a defect of lobule, please report it: ") + error.what());
  }
}
