#include "epoch_augmentation.h"

#include <array>
#include <catch2/catch.hpp>
#include <numeric>
#include <set>

#include "batches.h"
#include "lobule/preprocess.h"
#include "tiny_training.h"
#include "training_setup.h"

using namespace lobule;

namespace {

EpochAugmentation mixup_of(double alpha, std::size_t images) {
  const auto all = std::make_shared<std::vector<std::size_t>>(images);
  std::iota(all->begin(), all->end(), std::size_t{0});
  EpochAugmentation augmentation;
  augmentation.mixup = Mixup{alpha, all};
  augmentation.seed = 1;
  augmentation.epoch = 1;
  return augmentation;
}

/// Draws fall evenly into intervals that this distribution function makes equally likely: chi-squared, 0.999 quantile for 9 degrees of freedom.
template <typename Distribution>
void check_distribution(double alpha, Distribution probability_below) {
  constexpr std::size_t kDraws = 4000;
  const EpochAugmentation augmentation = mixup_of(alpha, kDraws);
  std::array<double, 10> counts{};
  for (std::size_t image = 0; image < kDraws; ++image) {
    const double share = draw_blend(augmentation, image).share;
    REQUIRE(share >= 0.5);
    REQUIRE(share <= 1);
    // Folded at a half: P(max(x, 1 - x) < share) = 2 F(share) - 1.
    const double below = 2 * probability_below(share) - 1;
    ++counts.at(std::min<std::size_t>(9, static_cast<std::size_t>(below * 10)));
  }
  double chi_squared = 0;
  for (const double count : counts) chi_squared += (count - kDraws / 10.0) * (count - kDraws / 10.0) / (kDraws / 10.0);
  CHECK(chi_squared < 27.9);
}

}  // namespace

TEST_CASE("Shares of mixup follow the Beta distribution") {
  check_distribution(1, [](double x) { return x; });
  check_distribution(0.5, [](double x) { return 2 / 3.14159265358979323846 * std::asin(std::sqrt(x)); });  // the arcsine distribution
}

TEST_CASE("Partners of mixup come from the whole epoch") {
  const EpochAugmentation augmentation = mixup_of(0.2, 50);
  std::set<std::size_t> partners;
  for (std::size_t image = 0; image < 1000; ++image) partners.insert(draw_blend(augmentation, image).partner);
  CHECK(partners.size() == 50);
  CHECK(*partners.rbegin() == 49);
}

TEST_CASE("A blended image is its share of one view and the rest of another") {
  const TrainingData data = tiny_training_data(30);
  const std::size_t images = data.train.labels.size();
  EpochAugmentation plain;
  plain.seed = 1;
  plain.epoch = 1;
  EpochAugmentation mixed = mixup_of(1, images);
  const Batch views = BatchStream(data.train, ordered_batches(images, 100), 0, plain, 0).next().value();
  const Batch blended = BatchStream(data.train, ordered_batches(images, 100), 0, mixed, 0).next().value();
  CHECK_FALSE(views.shares.defined());
  CHECK(torch::equal(views.labels, blended.labels));
  for (std::size_t image = 0; image < images; ++image) {
    const Blend blend = draw_blend(mixed, image);
    const auto row = static_cast<std::int64_t>(image);
    CHECK(blended.shares[row].item<float>() == static_cast<float>(blend.share));
    CHECK(blended.partner_labels[row].item<std::int64_t>() == label_of(data.train, blend.partner));
    // The partner is seen in a view of its own: what is left when the own share is taken away must be that image, turned in some way, so its mean stays near.
    const torch::Tensor rest = (blended.images[row] - blend.share * views.images[row]) / (1 - blend.share);
    if (blend.share < 0.9)
      CHECK(rest.mean().item<double>() == Approx(views.images[static_cast<std::int64_t>(blend.partner)].mean().item<double>()).margin(0.25));
  }
}

TEST_CASE("Mixup does not depend on the number of threads that make the batches") {
  const TrainingData data = tiny_training_data(30);
  const std::size_t images = data.train.labels.size();
  const EpochAugmentation mixed = mixup_of(0.4, images);
  BatchStream one(data.train, ordered_batches(images, 4), 0, mixed, 0);
  BatchStream several(data.train, ordered_batches(images, 4), 0, mixed, 3);
  while (const auto batch = one.next()) CHECK(torch::equal(batch->images, several.next().value().images));
}

TEST_CASE("A plan of a balanced epoch holds copies in views of their own, and the class weights of what it blends") {
  TrainingData data = tiny_training_data(30);
  for (std::size_t i = 0; i < data.dataset.samples.size(); ++i) data.dataset.samples[i].patient = i < 3 ? "few" : "many" + std::to_string(i / 20);
  TrainOptions options;
  options.balance = Balance::patient;
  options.mixup = 0.4;
  const EpochPlan plan = plan_epoch(options, data, 1);
  std::set<std::size_t> numbers;
  for (const auto& batch : plan.batches) numbers.insert(batch.begin(), batch.end());
  CHECK(numbers.size() == data.train.labels.size());
  CHECK(*numbers.rbegin() >= data.train.labels.size());
  REQUIRE(plan.augmentation.has_value());
  REQUIRE(plan.augmentation->mixup.has_value());
  CHECK(plan.augmentation->mixup->epoch->size() == data.train.labels.size());

  const std::vector<double> weights = {1, 3};
  double expected = 0;
  for (const std::size_t number : plan.batches[0]) {
    const Blend blend = draw_blend(*plan.augmentation, number);
    expected += blend.share * (label_of(data.train, number) == 0 ? 1 : 3) + (1 - blend.share) * (label_of(data.train, blend.partner) == 0 ? 1 : 3);
  }
  CHECK(weight_sum(data.train, plan, plan.batches[0], weights) == Approx(expected));
  CHECK(weight_sum(data.train, plan, plan.batches[0], {}) == static_cast<double>(plan.batches[0].size()));
}
