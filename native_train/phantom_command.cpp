#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "command.h"
#include "lobule/number_text.h"
#include "phantom_files.h"
#include "progress.h"

namespace lobule {
namespace {

struct PhantomCommandOptions {
  std::string out_dir;
  std::string size = "240x160";
  PhantomOptions phantom;
};

void apply_size(const std::string& text, PhantomOptions& options) {
  const std::size_t cross = text.find('x');
  const auto width = parse_int(std::string_view(text).substr(0, cross));
  const auto height = cross == std::string::npos ? std::nullopt : parse_int(std::string_view(text).substr(cross + 1));
  if (!width || !height) throw std::runtime_error("--size is \"" + text + "\"; write it as WIDTHxHEIGHT, for example 240x160");
  options.width = *width;
  options.height = *height;
}

void run_phantom(PhantomCommandOptions options) {
  apply_size(options.size, options.phantom);
  const bool terminal = stderr_is_terminal();
  std::size_t images = 0;
  const auto drawn = [&](std::size_t done, std::size_t total) {
    images = total;
    if (terminal && (done % 10 == 0 || done == total)) std::fprintf(stderr, "\rphantom: %zu of %zu images", done, total);
  };
  write_phantoms(options.phantom, options.out_dir, 0, drawn);
  std::fprintf(stderr, "%sphantom: %s holds %zu synthetic images of %d patients\n", terminal ? "\n" : "", options.out_dir.c_str(), images,
               options.phantom.patients);
}

}  // namespace

void add_phantom_command(CLI::App& app) {
  const auto options = std::make_shared<PhantomCommandOptions>();
  CLI::App* command = app.add_subcommand("phantom", "Draw a labelled data set of synthetic H&E-like tissue");
  command->add_option("OUT_DIR", options->out_dir, "New or empty folder")->required();
  command->add_option("--patients", options->phantom.patients, "Synthetic patients, half of them malignant")->capture_default_str();
  command->add_option("--images-per-patient", options->phantom.images_per_patient, "Images of each patient at each magnification")->capture_default_str();
  command->add_option("--size", options->size, "WIDTHxHEIGHT in pixels")->capture_default_str();
  command->add_option("--seed", options->phantom.seed, "Another seed draws other patients")->capture_default_str();
  command->add_option("--magnifications", options->phantom.magnifications, "Of 40, 100, 200 and 400, with commas between")
      ->delimiter(',')
      ->capture_default_str();
  command->footer("Example: lobule phantom phantoms --seed 7");
  command->callback([options] { run_phantom(*options); });
}

}  // namespace lobule
