#include "train_arguments.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "options_difference.h"
#include "pretrained_weights.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

/// What was given, under the names that TrainOptions has in JSON.
Json given_options(const TrainArguments& arguments) {
  Json all = Json::parse(to_json(arguments.options));
  if (!arguments.weights.empty()) all["weights"] = weights_identity(arguments.weights);
  all["input-size"] = arguments.input_size;
  all["normalisation"] = arguments.normalisation;
  all["optimizer"] = arguments.optimizer;
  all["schedule"] = arguments.schedule;
  all["precision"] = arguments.precision;
  all["class-weights"] = arguments.class_weights;
  all["balance"] = arguments.balance;
  all["no-augmentation"] = arguments.no_augmentation;
  all["no-flips"] = arguments.no_flips;
  Json json = Json::object();
  for (const auto& item : all.items()) {
    if (arguments.given.count(item.key()) != 0) json[item.key()] = item.value();
  }
  return json;
}

void add_optimisation(CLI::App& app, TrainArguments& arguments) {
  app.option_defaults()->group("Optimisation");
  TrainOptions& options = arguments.options;
  app.add_option("--epochs", options.epochs, "Passes over the training images; 0 with --linear-probe: that is the result")->check(CLI::Range(0, 100000));
  app.add_option("--batch-size", options.batch_size, "Images a step, over all processes")->check(CLI::Range(1, 65536));
  app.add_option("--accumulate", options.accumulate, "Pieces in which a batch is computed: memory for one, the gradient of all")->check(CLI::Range(1, 65536));
  app.add_option("--optimizer", arguments.optimizer, "adam, or adamw: weight decay apart from the gradient")->check(CLI::IsMember(kOptimizerNames));
  app.add_option("--lr", options.learning_rate, "Learning rate of the last stage")->check(CLI::PositiveNumber);
  app.add_option("--schedule", arguments.schedule, "constant, or cosine: the learning rate falls to 0 at the end")->check(CLI::IsMember(kScheduleNames));
  app.add_option("--warmup", options.warmup_epochs, "Epochs over which the learning rate rises at first")->check(CLI::Range(0.0, 1000.0));
  app.add_option("--weight-decay", options.weight_decay, "Penalty of large weights")->check(CLI::NonNegativeNumber);
  app.add_option("--layer-decay", options.layer_decay, "Learning rate of a stage relative to the one after it")->check(CLI::Range(0.001, 1.0));
  app.add_option("--freeze", options.freeze_stages, "So many first stages stay as they are")->check(CLI::Range(0, 1000));
  app.add_option("--linear-probe", options.linear_probe,
                 "The last stage starts from a logistic regression of the features, with this penalty of its squared weights (1 is strong); 0: it starts anew")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--keep-statistics", options.keep_statistics, "Batch norm keeps the running figures that it starts with");
  app.add_option("--label-smoothing", options.label_smoothing, "Share of a label spread over all classes")->check(CLI::Range(0.0, 0.99));
  app.add_option("--weight-average", options.weight_average, "Decay of a moving average of the weights, which is what is kept; 0: none")
      ->check(CLI::Range(0.0, 0.999999));
  app.add_option("--tuned-share", options.tuned_share,
                 "Share of the tuned weights in the model, the rest being the weights that the training started from (WiSE-FT)")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--clip", options.clip_norm, "Largest norm of the gradient; 0: any")->check(CLI::NonNegativeNumber);
  app.add_option("--precision", arguments.precision, "float32, bfloat16 (with weights in float32), or float64")->check(CLI::IsMember(kPrecisionNames));
  app.add_option("--class-weights", arguments.class_weights, "none, or balanced: each class counts the same in the loss")
      ->check(CLI::IsMember(kClassWeightsNames));
  app.add_option("--balance", arguments.balance, "none, or patient: draw images so that classes, and in a class its patients, come equally often")
      ->check(CLI::IsMember(kBalanceNames));
  app.add_option("--patience", options.patience, "Epochs without a lower validation loss before the training stops; 0: never")->check(CLI::Range(0, 100000));
}

void add_augmentation(CLI::App& app, TrainArguments& arguments) {
  app.option_defaults()->group("Augmentation");
  AugmentOptions& augmentation = arguments.options.augmentation;
  app.add_flag("--no-augmentation", arguments.no_augmentation, "Train on the images as they are");
  app.add_flag("--no-flips", arguments.no_flips, "Augment without mirroring");
  app.add_option("--rotation", augmentation.rotation_degrees, "Augment by up to so many degrees either way")->check(CLI::Range(0.0, 360.0));
  app.add_option("--zoom", augmentation.zoom, "Augment by a magnification between 1/ZOOM and ZOOM")->check(CLI::Range(1.0, 100.0));
  app.add_option("--detail", arguments.options.detail, "Keep the images so many times as wide and high as the network sees them, for zooming in to show more")
      ->check(CLI::Range(1.0, 4.0));
  AppearanceOptions& appearance = arguments.options.appearance;
  app.add_option("--stain", appearance.stain, "Vary the strength of haematoxylin and eosin by up to this share (0.05 light, 0.2 strong)")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--colour", appearance.colour, "Vary brightness, contrast, saturation and hue by up to this share")->check(CLI::Range(0.0, 1.0));
  app.add_option("--blur", appearance.blur, "Blur every second image by up to so many pixels, also along one axis alone")->check(CLI::Range(0.0, 16.0));
  app.add_option("--noise", appearance.noise, "Add noise to every second image, of a standard deviation up to this share of white")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--jpeg", appearance.jpeg, "Compress every second image as JPEG, of a quality down to 100 less this")->check(CLI::Range(0, 99));
  app.add_option("--cutout", appearance.cutout, "Cover up to this share of every second image's area")->check(CLI::Range(0.0, 0.9));
  app.add_option("--mixup", arguments.options.mixup, "Blend each image with another of the epoch, by a share from Beta(MIXUP, MIXUP); 0: none")
      ->check(CLI::Range(0.0, 1.0));
}

void add_data(CLI::App& app, TrainArguments& arguments) {
  app.option_defaults()->group("Data");
  CLI::Option* cache = app.add_option("--cache", arguments.cache,
                                      "Folder of decoded images, for the next run; without: $XDG_CACHE_HOME/lobule/images, or ~/.cache/lobule/images");
  app.add_flag("--no-cache", arguments.no_cache, "Decode all images into memory, and keep none")->excludes(cache);
  app.add_flag("--no-validation", arguments.no_validation,
               "Train on the validation set, too: nothing chooses among the epochs, the last one is kept, and its probabilities are not calibrated");
  app.add_flag("--trust-labels", arguments.trust_labels, "Train although labels contradict what names of files or folders say");
  app.add_option("--max-bad-share", arguments.max_bad_share, "Share of unreadable images above which the run ends")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace

void add_training_arguments(CLI::App& app, TrainArguments& arguments) {
  TrainOptions& options = arguments.options;
  app.add_option("data", arguments.data, "BreaKHis tree, ImageFolder, or CSV manifest (path,label,patient)")->required();
  app.add_option("--config", arguments.config, "A run's config.json, to train with its options; others on the command line go before them");
  app.add_flag("--half", options.half_weights, "Store the weights in model.onnx as float16: half the size; its figures are those of the rounded weights");
  app.add_flag("--with-patients", options.with_patients,
               "Name the training's patients in model.onnx, so that readers can mark their images; short ids can be guessed from it");
  app.add_option("--name", arguments.name, "The model's name, for people; without: the network's");
  app.add_option("--seed", options.seed, "Decides weights, order, dropout, augmentation and split")->capture_default_str();
  add_data(app, arguments);
  app.option_defaults()->group("Network");
  app.add_option("--network", options.network.network,
                 "Network to train: seed_cnn, efficientnet_lite0, efficientnet_lite1, efficientnet_lite2 or efficientnet_lite0_first5")
      ->capture_default_str();
  app.add_option("--weights", arguments.weights,
                 "Where they start: imagenet, none (drawn at random) or a safetensors file; without: imagenet for efficientnet_lite");
  app.add_option("--input-size", arguments.input_size, "WIDTHxHEIGHT in pixels that the network sees");
  app.add_option("--normalisation", arguments.normalisation, "half: values from -1 to 1; imagenet: by mean and deviation of ImageNet's images")
      ->check(CLI::IsMember(kNormalisationNames));
  app.add_option("--dropout", options.network.dropout, "Share of the features left out in each step")->check(CLI::Range(0.0, 0.99));
  add_optimisation(app, arguments);
  add_augmentation(app, arguments);
  app.option_defaults()->group("Machine");
  app.add_option("--threads", arguments.threads, "Threads that compute; 0: LibTorch's choice, or a machine's processors shared by its processes")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("--device", arguments.device, "Where the network runs: cpu, cuda or auto")->capture_default_str();
  app.add_option("--checkpoint-minutes", arguments.checkpoint_minutes, "Within an epoch, minutes between checkpoints")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.option_defaults()->group("Options");
}

void add_train_arguments(CLI::App& app, TrainArguments& arguments) {
  app.add_option("--out", arguments.out, "Run folder: checkpoints, history, the model and its evaluation. Needed to train");
  CLI::Option* resume =
      app.add_flag("--resume", arguments.resume, "Go on with the run in --out, with its own options; --patience may change, and --epochs without a schedule");
  CLI::Option* find_lr =
      app.add_flag("--find-lr", arguments.find_lr,
                   "Do not train: raise the learning rate step by step, and say where the loss falls fastest. With --out a table and a chart "
                   "are written there");
  CLI::Option* dry_run =
      app.add_flag("--dry-run", arguments.dry_run, "Do not train: say what would be done, and the memory and time that it takes; a few steps are measured");
  CLI::Option* sheet = app.add_option("--show-augmentation", arguments.show_augmentation,
                                      "Do not train: draw training images as the first epochs would show them to the network into this PNG file");
  resume->excludes(find_lr)->excludes(dry_run)->excludes(sheet);
  find_lr->excludes(dry_run)->excludes(sheet);
  dry_run->excludes(sheet);
  app.option_defaults()->group("Data");
  CLI::Option* split = app.add_option("--split", arguments.split,
                                      "CSV of `lobule split`, or a published BreaKHis list (dsfold1.txt); without: "
                                      "the data's own sets, or 60/20/20 by patient");
  app.add_option("--fold", arguments.fold, "Fold that tests, where the split has folds")->needs(split);
  app.option_defaults()->group("Options");
  add_training_arguments(app, arguments);
}

void note_given(const CLI::App& app, TrainArguments& arguments) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() > 0 && !option->get_lnames().empty()) arguments.given.insert(option->get_lnames().front());
  }
}

TrainOptions new_options(const TrainArguments& arguments) {
  Json options = {{"network", arguments.options.network.network}};
  if (!arguments.config.empty()) {
    options = Json::parse(read_run_config_file(arguments.config).training_json).at("options");
    if (arguments.given.count("network") != 0 && options.at("network") != arguments.options.network.network) {
      throw std::runtime_error(arguments.config + ": its options are those of " + options.at("network").get<std::string>() + ", not of " +
                               arguments.options.network.network);
    }
  }
  options.update(given_options(arguments));
  return parse_train_options(options.dump());
}

TrainOptions resumed_options(const TrainArguments& arguments, const RunConfig& saved) {
  const Json before = Json::parse(saved.training_json).at("options");
  Json merged = before;
  merged.update(given_options(arguments));
  const std::string difference = options_difference(before.dump(), merged.dump());
  if (!difference.empty()) throw std::runtime_error(arguments.out + ": cannot go on with other options: " + difference);
  return parse_train_options(merged.dump());
}

std::string weights_to_load(const TrainArguments& arguments, const TrainOptions& options) {
  if (!arguments.weights.empty()) return arguments.weights;
  if (is_weights_digest(options.weights))
    throw std::runtime_error("the training starts from a file of weights, " + options.weights + ": name it with --weights");
  return options.weights;
}

}  // namespace lobule
