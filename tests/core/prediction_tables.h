#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lobule/portable_math.h"
#include "lobule/prediction_table.h"

/// Tables of predictions that tests make.
namespace lobule {

struct Facts {
  std::string path;
  std::string label;
  std::string patient;
  double logit = 0;  // of the positive class; the other's is 0
};

inline PredictionTable make_table(const std::vector<Facts>& images, double low = 0.5, double high = 0.5) {
  PredictionTable table;
  table.class_names = {"benign", "malignant"};
  table.threshold_low = low;
  table.threshold_high = high;
  for (const Facts& facts : images) {
    PredictionRow row;
    row.path = facts.path;
    row.label = facts.label;
    row.patient = facts.patient;
    row.prediction = prediction_of({0, facts.logit}, 1, low, high);
    table.rows.push_back(row);
  }
  return table;
}

/// images pictures of patients people, with magnification, subtype and source.
inline PredictionTable large_table(int images, int patients, std::uint64_t seed = 31) {
  SplitMix64 random(seed);
  PredictionTable table = make_table({});
  const char* const subtypes[] = {"adenosis", "fibroadenoma", "ductal_carcinoma", "lobular_carcinoma"};
  const int magnifications[] = {40, 100, 200, 400};
  for (int i = 0; i < images; ++i) {
    const int patient = i % patients;
    const bool malignant = patient % 3 != 0;
    PredictionRow row;
    row.path = std::string("image").append(std::to_string(i));
    row.label = malignant ? "malignant" : "benign";
    row.patient = std::string("p").append(std::to_string(patient));
    row.magnification = magnifications[random.below(4)];
    row.subtype = subtypes[(malignant ? 2 : 0) + patient % 2];
    row.source = patient % 5 == 0 ? "original" : "squeezed";
    row.prediction = prediction_of({0, 4 * random.uniform() - (malignant ? 1.2 : 2.5)}, 1, 0.5, 0.5);
    table.rows.push_back(row);
  }
  return table;
}

}  // namespace lobule
