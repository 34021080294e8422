#include "common_options.h"

namespace lobule {

void add_bootstrap_option(CLI::App& command, EvaluationOptions& options) {
  command.add_option("--bootstrap", options.bootstrap_replicates, "Bootstrap replicates for 95 % intervals; 0: none")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
}

void add_decoding_options(CLI::App& command, int& threads, double& max_bad_share) {
  command.add_option("--threads", threads, "Threads that decode images; 0: one per processor")->check(CLI::Range(0, 1024))->capture_default_str();
  command.add_option("--max-bad-share", max_bad_share, "Share of unreadable images above which the run ends")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace lobule
