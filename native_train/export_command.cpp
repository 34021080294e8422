#include <iostream>
#include <memory>

#include "command.h"
#include "export_model.h"
#include "lobule/model_package.h"
#include "lobule/number_text.h"

namespace lobule {
namespace {

struct ExportCommand {
  std::string run_dir;
  ExportOptions options;
};

void run_export(const ExportCommand& command) {
  const ExportResult result = export_model(command.run_dir, command.options);
  std::cout << "file        " << result.file.string() << "\n"
            << "bytes       " << result.bytes << "\n"
            << "digest      " << result.digest << "\n"
            << "checkpoint  logits at most " << shortest(result.distance) << " away (limit " << shortest(result.limit) << ")\n"
            << "golden      seeds";
  for (const std::uint64_t seed : result.golden_seeds) std::cout << ' ' << seed;
  std::cout << "\n" << kResearchUseOnly << std::endl;
}

}  // namespace

void add_export_command(CLI::App& app) {
  CLI::App& command = *app.add_subcommand("export", "Write a run's best weights as one ONNX file that holds all that a reader needs");
  auto parsed = std::make_shared<ExportCommand>();
  command.add_option("run_dir", parsed->run_dir, "Run folder of `lobule train`")->required();
  command.add_option("--out", parsed->options.out, "The file to write")->required();
  command.add_option("--name", parsed->options.name, "The model's name, for people; without: the run's");
  command.add_flag("--half", parsed->options.half_weights, "Store weights as float16: half the size, logits change by less than 0.05");
  command.add_flag("--with-patients", parsed->options.with_patients,
                   "Name the training's patients inside the file, so that readers can mark their images; short ids can be guessed from it");
  command.callback([parsed] { run_export(*parsed); });
}

}  // namespace lobule
