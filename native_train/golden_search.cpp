#include "golden_search.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "lobule/preprocess.h"

namespace lobule {
namespace {

constexpr double kTolerance = 1e-4;                // stated in the model file: what another backend's logits may differ by
constexpr double kFewestApart = 100 * kTolerance;  // logits of golden inputs must differ by so much
constexpr std::uint64_t kSeeds = 64;
constexpr std::size_t kBatch = 8;

/// An input's answer: its logits, and by how much the positive class leads.
struct Answer {
  GoldenVector vector;
  double margin = 0;
};

Answer answer_of(std::uint64_t seed, const torch::Tensor& logits, int positive_class) {
  Answer answer{{seed, {}}, 0};
  const auto row = logits.accessor<float, 1>();
  double best_other = -INFINITY;
  for (std::int64_t k = 0; k < row.size(0); ++k) {
    if (!std::isfinite(row[k])) throw std::runtime_error("the network's logits are not finite numbers");
    answer.vector.logits.push_back(static_cast<double>(row[k]));
    if (k != positive_class) best_other = std::max(best_other, static_cast<double>(row[k]));
  }
  answer.margin = static_cast<double>(row[positive_class]) - best_other;
  return answer;
}

}  // namespace

torch::Tensor golden_inputs(const std::vector<std::uint64_t>& seeds, const InputSpec& input) {
  std::vector<torch::Tensor> images;
  for (const std::uint64_t seed : seeds) {
    images.push_back(torch::tensor(preprocess(golden_image(seed, input.width, input.height), input)).view({3, input.height, input.width}));
  }
  return torch::stack(images);
}

GoldenVectors search_golden_vectors(const ModelSpec& spec, const LogitFunction& logits) {
  std::vector<Answer> answers;
  for (std::uint64_t first = 1; first <= kSeeds; first += kBatch) {
    std::vector<std::uint64_t> seeds(kBatch);
    for (std::size_t i = 0; i < kBatch; ++i) seeds[i] = first + i;
    const torch::Tensor batch = logits(golden_inputs(seeds, spec.input));
    for (std::size_t i = 0; i < kBatch; ++i) answers.push_back(answer_of(seeds[i], batch[static_cast<std::int64_t>(i)], spec.positive_class));
  }
  // Ties keep the lower seed: stable, and the first found wins below.
  std::stable_sort(answers.begin(), answers.end(), [](const Answer& a, const Answer& b) { return a.margin < b.margin; });
  const Answer& lowest = answers.front();
  const Answer& highest = answers.back();
  const double middle = (lowest.margin + highest.margin) / 2;
  const Answer& between = *std::min_element(answers.begin(), answers.end(),
                                            [&](const Answer& a, const Answer& b) { return std::fabs(a.margin - middle) < std::fabs(b.margin - middle); });
  if (between.margin - lowest.margin < kFewestApart || highest.margin - between.margin < kFewestApart) {
    throw std::runtime_error("the network answers all of " + std::to_string(kSeeds) +
                             " different golden images alike: it has learned nothing, and golden vectors could not show that a backend computes it");
  }
  return {kTolerance, {lowest.vector, between.vector, highest.vector}};
}

}  // namespace lobule
