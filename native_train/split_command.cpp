#include <iostream>
#include <memory>

#include "atomic_file.h"
#include "command.h"
#include "common_options.h"
#include "split.h"

namespace lobule {
namespace {

struct SplitOptions {
  std::string data;
  std::string out;
  std::string ratios = "60/20/20";
  int folds = 0;  // 0: three sets
  std::string dsfold;
  std::uint64_t seed = 1;
  int threads = 0;
  double max_bad_share = kMaxBadShare;
};

void tell_shared_images(const Dataset& dataset, const PixelHashes& hashes) {
  for (const auto& [first, other] : images_shared_by_patients(dataset, hashes)) {
    const Sample& a = dataset.samples[first];
    const Sample& b = dataset.samples[other];
    std::cerr << "identical images of two patients, kept in one set: " << a.path << " (" << a.patient << "), " << b.path << " (" << b.patient << ")\n";
  }
}

/// Without patients nothing keeps two pictures of one tumour apart: the user must know that the split rests on that.
void tell_unknown_patients(const Dataset& dataset) {
  std::size_t unknown = 0;
  for (const Sample& sample : dataset.samples) unknown += has_known_patient(sample) ? 0 : 1;
  if (unknown > 0) std::cerr << unknown << " images have no known patient: each counts as a patient of its own\n";
}

void tell_coverage(const FoldListCoverage& coverage) {
  std::cerr << coverage.found << " of the list's " << coverage.listed << " images are in the data set\n";
  if (coverage.unlisted > 0) std::cerr << coverage.unlisted << " images are not in the list: in no set\n";
  if (coverage.left_out > 0) std::cerr << coverage.left_out << " training images belong to test patients: in no set\n";
}

void run_split(const SplitOptions& options) {
  const SplitShares shares = parse_split_shares(options.ratios);
  Dataset dataset = read_dataset(options.data);
  tell_unknown_patients(dataset);
  std::cerr << dataset.samples.size() << " images; comparing their pixels\n";
  const PixelHashes hashes = hash_images(dataset, options.threads);
  report_failures(hashes.failures, dataset.samples.size(), options.max_bad_share);

  if (options.folds > 0) {
    tell_shared_images(dataset, hashes);
    const std::vector<int> folds = fold_by_patient(dataset, hashes, options.folds, options.seed);
    write_file_atomically(options.out, fold_csv(dataset, folds));
    std::cerr << fold_summary(dataset, folds);
    return;
  }
  if (options.dsfold.empty()) {
    tell_shared_images(dataset, hashes);
    split_by_patient(dataset, hashes, shares, options.seed);
  } else {
    tell_coverage(apply_dsfold(dataset, options.dsfold, hashes, options.seed));
  }
  write_file_atomically(options.out, split_csv(dataset));
  std::cerr << split_summary(dataset);
}

}  // namespace

void add_split_command(CLI::App& app) {
  const auto options = std::make_shared<SplitOptions>();
  CLI::App* command = app.add_subcommand("split", "Divide a data set by patient into train, val and test, or into folds");
  command->add_option("data", options->data, "BreaKHis tree, ImageFolder, or CSV manifest (path,label,patient)")->required();
  command->add_option("--out", options->out, "CSV to write: path,label,patient,split (or fold)")->required();
  CLI::Option* ratios = command->add_option("--ratios", options->ratios, "Shares of train/val/test")->capture_default_str();
  CLI::Option* folds = command->add_option("--folds", options->folds, "Write K folds instead of three sets")->check(CLI::Range(3, 1000));
  CLI::Option* dsfold = command->add_option("--dsfold", options->dsfold, "Published BreaKHis fold list (dsfold1.txt) that says train and test");
  ratios->excludes(folds)->excludes(dsfold);
  folds->excludes(dsfold);
  command->add_option("--seed", options->seed, "Another seed gives another split of the same balance")->capture_default_str();
  add_decoding_options(*command, options->threads, options->max_bad_share);
  command->footer("Example: lobule split breakhis --out split.csv --seed 7");
  command->callback([options] { run_split(*options); });
}

}  // namespace lobule
