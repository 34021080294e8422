#include "temperature.h"

#include <cmath>
#include <vector>

#include "epoch_figures.h"
#include "lobule/metrics.h"
#include "lobule/portable_math.h"

namespace lobule {
namespace {

constexpr double kLowest = 1;
constexpr double kHighest = 10;
constexpr int kSteps = 60;  // 0.618^60 of the interval: below a double's resolution of the loss

double calibration_error(const torch::Tensor& logits, std::span<const std::int64_t> labels, double temperature, int positive_class) {
  const auto values = logits.accessor<float, 2>();
  std::vector<ScoredCase> cases;
  for (std::int64_t i = 0; i < logits.size(0); ++i) {
    std::vector<double> row(static_cast<std::size_t>(logits.size(1)));
    for (std::size_t k = 0; k < row.size(); ++k) row[k] = values[i][static_cast<std::int64_t>(k)] / temperature;
    cases.push_back({softmax(row)[static_cast<std::size_t>(positive_class)], labels[static_cast<std::size_t>(i)] == positive_class});
  }
  return *expected_calibration_error(cases);
}

}  // namespace

Calibration fit_temperature(const torch::Tensor& logits, std::span<const std::int64_t> labels, int positive_class) {
  const auto loss = [&](double log_temperature) { return set_figures(logits / std::exp(log_temperature), labels, {}, positive_class).loss; };
  // The loss is convex in 1 / temperature, so it has one valley in log temperature: golden-section search (Kiefer 1953).
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double low = std::log(kLowest);
  double high = std::log(kHighest);
  double left = high - ratio * (high - low);
  double right = low + ratio * (high - low);
  double left_loss = loss(left);
  double right_loss = loss(right);
  for (int step = 0; step < kSteps; ++step) {
    if (left_loss <= right_loss) {
      high = right;
      right = left;
      right_loss = left_loss;
      left = high - ratio * (high - low);
      left_loss = loss(left);
    } else {
      low = left;
      left = right;
      left_loss = right_loss;
      right = low + ratio * (high - low);
      right_loss = loss(right);
    }
  }
  Calibration calibration;
  calibration.temperature = loss(std::log(kLowest)) <= loss((low + high) / 2) ? kLowest : std::exp((low + high) / 2);
  calibration.ece_before = calibration_error(logits, labels, 1, positive_class);
  calibration.ece_after = calibration_error(logits, labels, calibration.temperature, positive_class);
  return calibration;
}

}  // namespace lobule
