#include "phantom.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "tissue_random.h"

namespace lobule {
namespace {

struct Subtype {
  std::string_view label;
  char tumour_class;
  std::string_view name;
  std::string_view code;
  TissueHabit habit;
};

constexpr TissueHabit kSmallGlands = {17, 29};
constexpr TissueHabit kLargeGlands = {24, 44};
constexpr std::array<Subtype, 4> kSubtypes = {{
    {"benign", 'B', "adenosis", "A", kSmallGlands},
    {"benign", 'B', "tubular_adenoma", "TA", kLargeGlands},
    {"malignant", 'M', "lobular_carcinoma", "LC", kSmallGlands},
    {"malignant", 'M', "ductal_carcinoma", "DC", kLargeGlands},
}};

/// Width of the field of view at a magnification, about BreaKHis' own (700 pixels of 0.27 um at 200X).
double field_width_um(int magnification) { return 190.0 * 200 / magnification; }

struct Patient {
  const Subtype* subtype = nullptr;
  std::string number;
  double grade = 0;
  StainRecipe stain;
};

void check_range(const char* option, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high) {
    throw std::runtime_error(std::string(option) + " is " + std::to_string(value) + "; it must be from " + std::to_string(low) + " to " + std::to_string(high));
  }
}

/// Subtype of each patient: equally many of each class, in an order that the number does not tell.
std::vector<const Subtype*> shuffled_subtypes(const PhantomOptions& options) {
  SplitMix64 random(mix_seed(options.seed, 0));
  std::vector<const Subtype*> subtypes;
  for (int i = 0; i < options.patients; ++i) {
    const int malignant = i % 2;
    subtypes.push_back(&kSubtypes[2 * malignant + i / 2 % 2]);
  }
  for (std::size_t i = subtypes.size() - 1; i > 0; --i) {
    std::swap(subtypes[i], subtypes[random.below(static_cast<std::uint32_t>(i + 1))]);
  }
  return subtypes;
}

Patient make_patient(const PhantomOptions& options, int index, const Subtype& subtype) {
  SplitMix64 random(mix_seed(options.seed, 1, index));
  Patient patient;
  patient.subtype = &subtype;
  std::string digits = std::to_string(options.seed * 1000 + index + 1);
  digits.insert(0, std::max<std::size_t>(4, digits.size()) - digits.size(), '0');
  patient.number = "90-" + digits;
  const bool malignant = subtype.tumour_class == 'M';
  patient.grade = malignant ? uniform_between(random, 0.51, 1.0) : uniform_between(random, 0.0, 0.41);
  patient.stain = random_stain(random);
  return patient;
}

double image_grade(SplitMix64& random, const Patient& patient) {
  const double grade = patient.grade + 0.06 * standard_normal(random);
  return patient.subtype->tumour_class == 'M' ? std::clamp(grade, kLowestMalignantGrade, 1.0) : std::clamp(grade, 0.0, kHighestBenignGrade);
}

std::string padded(int number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

PhantomCase make_case(const PhantomOptions& options, const Patient& patient, int patient_index, int magnification, int number) {
  SplitMix64 random(mix_seed(mix_seed(options.seed, 2, patient_index), magnification, number));
  const Subtype& subtype = *patient.subtype;
  PhantomCase phantom;
  phantom.label = subtype.label;
  phantom.patient = patient.number;
  phantom.slide = patient.number + "A";
  phantom.subtype = subtype.name;
  phantom.magnification = magnification;
  const std::string stem = std::string(kPhantomPrefix) + "SOB_" + subtype.tumour_class + "_" + std::string(subtype.code);
  const std::string power = std::to_string(magnification);
  phantom.path = "breast/" + phantom.label + "/SOB/" + phantom.subtype + "/" + stem + "_" + phantom.slide + "/" + power + "X/" + stem + "-" + phantom.slide +
                 "-" + power + "-" + padded(number) + ".png";
  phantom.scene.width = options.width;
  phantom.scene.height = options.height;
  phantom.scene.um_per_pixel = field_width_um(magnification) / options.width;
  phantom.scene.grade = image_grade(random, patient);
  phantom.scene.habit = subtype.habit;
  phantom.scene.stain = patient.stain;
  phantom.scene.seed = random.next();
  return phantom;
}

}  // namespace

void check_phantom_options(const PhantomOptions& options) {
  check_range("--patients", options.patients, 2, 999);
  check_range("--images-per-patient", options.images_per_patient, 1, 999);
  check_range("the width of --size", options.width, 32, 2048);
  check_range("the height of --size", options.height, 32, 2048);
  check_range("--seed", options.seed, 0, 9999);
  if (options.magnifications.empty()) throw std::runtime_error("--magnifications is empty");
  for (std::size_t i = 0; i < options.magnifications.size(); ++i) {
    const int power = options.magnifications[i];
    if (power != 40 && power != 100 && power != 200 && power != 400) {
      throw std::runtime_error("--magnifications has " + std::to_string(power) + "; it may have 40, 100, 200 and 400");
    }
    if (std::count(options.magnifications.begin(), options.magnifications.end(), power) > 1) {
      throw std::runtime_error("--magnifications has " + std::to_string(power) + " twice");
    }
  }
}

std::vector<PhantomCase> plan_phantoms(const PhantomOptions& options) {
  check_phantom_options(options);
  const std::vector<const Subtype*> subtypes = shuffled_subtypes(options);
  std::vector<PhantomCase> cases;
  for (int i = 0; i < options.patients; ++i) {
    const Patient patient = make_patient(options, i, *subtypes[i]);
    for (const int magnification : options.magnifications) {
      for (int number = 1; number <= options.images_per_patient; ++number) {
        cases.push_back(make_case(options, patient, i, magnification, number));
      }
    }
  }
  std::sort(cases.begin(), cases.end(), [](const PhantomCase& a, const PhantomCase& b) { return a.path < b.path; });
  return cases;
}

}  // namespace lobule
