// A program of another project, which trains with lobule's library: train_library DATA RUN_DIR. CONTRIBUTING.md says how to link it.
#include <exception>
#include <filesystem>
#include <iostream>
#include <utility>

#include "atomic_file.h"
#include "dataset.h"
#include "device.h"
#include "image_set.h"
#include "lobule/history.h"
#include "network.h"
#include "run_folder.h"
#include "split.h"
#include "train_options.h"
#include "training.h"
#include "training_data.h"

namespace {

void train(const std::filesystem::path& data_dir, const std::filesystem::path& run_dir) {
  lobule::TrainOptions options = lobule::default_options("seed_cnn");
  options.epochs = 2;
  options.batch_size = 8;
  lobule::set_input_size("48x32", options.network);
  lobule::InputSpec input;
  input.width = options.network.width;
  input.height = options.network.height;

  lobule::Dataset dataset = lobule::read_dataset(data_dir);
  lobule::LoadedImages images = lobule::load_images(dataset, lobule::all_samples(dataset), input);
  lobule::split_by_patient(dataset, lobule::hashes_of(images), lobule::SplitShares{}, options.seed);
  const lobule::TrainingData data = lobule::make_training_data(std::move(dataset), std::move(images), input);

  const std::shared_ptr<lobule::Network> network = lobule::make_network(options.network);
  lobule::create_folder(run_dir / "checkpoints");
  lobule::run_training(options, data, *network, {run_dir, lobule::choose_device("auto")});
  for (const lobule::EpochRecord& epoch : lobule::parse_history(lobule::read_file(run_dir / lobule::run_file::kHistory))) {
    std::cout << "epoch " << epoch.epoch << ": validation loss " << epoch.val->loss << "\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    train(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
