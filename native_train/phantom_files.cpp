#include "phantom_files.h"

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <vector>

#include "atomic_file.h"
#include "lobule/csv.h"
#include "lobule/encode.h"
#include "lobule/model_package.h"
#include "lobule/number_text.h"
#include "parallel_for.h"

namespace lobule {
namespace {

namespace fs = std::filesystem;

/// Only an empty or new folder, or one whose card says that it holds this data set.
void check_out_dir(const fs::path& out_dir, const std::string& card) {
  std::error_code error;
  const fs::file_status status = fs::status(out_dir, error);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status)) throw std::runtime_error(out_dir.string() + ": is a file; phantoms need a folder");
  const fs::directory_iterator entries(out_dir, error);
  if (error) throw std::runtime_error(out_dir.string() + ": cannot read the folder: " + error.message());
  if (entries == fs::directory_iterator()) return;
  const fs::path card_file = out_dir / "README.md";
  if (fs::is_regular_file(card_file, error) && read_file(card_file) == card) return;
  throw std::runtime_error(out_dir.string() + ": is not empty and does not hold this data set; choose a new folder");
}

std::string manifest(const std::vector<PhantomCase>& cases) {
  std::string csv = csv_line({"path", "label", "patient", "slide", "magnification", "subtype", "source"});
  for (const PhantomCase& phantom : cases) {
    csv += csv_line({phantom.path, phantom.label, phantom.patient, phantom.slide, std::to_string(phantom.magnification), phantom.subtype, "phantom"});
  }
  return csv;
}

}  // namespace

std::string phantom_card(const PhantomOptions& options) {
  std::string powers;
  for (const int power : options.magnifications) powers += (powers.empty() ? "" : ",") + std::to_string(power);
  const std::string size = std::to_string(options.width) + "x" + std::to_string(options.height);
  return "# PHANTOM: synthetic breast tissue\n\n"
         "Every image in this folder is synthetic: drawn by a program, of nobody. They look like breast tissue stained with\n"
         "haematoxylin and eosin, for teaching and for testing lobule. A network trained on them knows nothing about real tissue.\n" +
         std::string(kResearchUseOnly) +
         "\n\n"
         "Made by\n\n"
         "    lobule phantom OUT_DIR --patients " +
         std::to_string(options.patients) + " --images-per-patient " + std::to_string(options.images_per_patient) + " --size " + size + " --seed " +
         std::to_string(options.seed) + " --magnifications " + powers +
         "\n\n"
         "- The tree and the names follow BreaKHis (Spanhol 2016), with PHANTOM in front. `manifest.csv` lists every image.\n"
         "- Labels are never wrong: every image has a grade of malignancy from 0 to 1, benign ones up to " +
         shortest(kHighestBenignGrade) + ",\n  malignant ones from " + shortest(kLowestMalignantGrade) +
         ". Images near the gap are hard. Glands, nuclei and their order change with the grade; how much nucleus,\n"
         "  clear space and stain an image holds does not, so mean colour or nuclear density do not tell the class.\n"
         "- Each synthetic patient has a stain, focus and light of its own: keep patients apart when you split.\n"
         "- Subtype names say how large the glands are drawn, not more.\n";
}

void write_phantoms(const PhantomOptions& options, const std::filesystem::path& out_dir, int threads,
                    const std::function<void(std::size_t, std::size_t)>& drawn) {
  const std::vector<PhantomCase> cases = plan_phantoms(options);
  const std::string card = phantom_card(options);
  check_out_dir(out_dir, card);
  create_folder(out_dir);
  write_file_atomically(out_dir / "README.md", card);
  std::set<fs::path> folders;
  for (const PhantomCase& phantom : cases) folders.insert((out_dir / phantom.path).parent_path());
  for (const fs::path& folder : folders) create_folder(folder);
  std::size_t done = 0;
  std::mutex done_mutex;
  std::atomic<bool> failed{false};  // a full disk stops all threads at once
  parallel_for(cases.size(), threads, [&](std::size_t i) {
    if (failed) return;
    try {
      write_file_atomically(out_dir / cases[i].path, encode_png(draw_tissue(cases[i].scene)));
    } catch (...) {
      failed = true;
      throw;
    }
    const std::lock_guard<std::mutex> lock(done_mutex);
    drawn(++done, cases.size());
  });
  write_file_atomically(out_dir / "manifest.csv", manifest(cases));
}

}  // namespace lobule
