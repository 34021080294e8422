#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "command.h"
#include "completion.h"

namespace lobule {

void add_completion_command(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print a script with which a shell completes lobule's commands, options and their values");
  command->add_option("shell", *shell, "Which shell")->required()->check(CLI::IsMember(kShellNames));
  command->footer("Example: eval \"$(lobule completion bash)\"");
  command->callback([&app, shell] {
    std::cout << completion_script(app, *shell);
    if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
  });
}

}  // namespace lobule
