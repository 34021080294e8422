#include "patient_group.h"

#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

#include "lobule/portable_math.h"
#include "split.h"

namespace lobule {
namespace {

/// Disjoint sets of patients (union-find with path halving; Tarjan 1975).
class PatientUnion {
 public:
  explicit PatientUnion(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t root(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parent_[root(a)] = root(b); }

 private:
  std::vector<std::size_t> parent_;
};

/// Where the groups lie, and how far that is from the shares. Lower is better.
class Balance {
 public:
  Balance(const std::vector<PatientGroup>& groups, const std::vector<double>& shares, std::size_t classes)
      : groups_(groups), shares_(shares), classes_(classes), total_(empty()), parts_(shares.size(), empty()) {
    for (const PatientGroup& group : groups) add(total_, group, 1);
  }

  void put(std::size_t group, int part) { add(parts_[static_cast<std::size_t>(part)], groups_[group], 1); }
  void take(std::size_t group, int part) { add(parts_[static_cast<std::size_t>(part)], groups_[group], -1); }

  /// Squared deviation from the share, relative to it (as in Pearson's chi-square), for images and patients of each class; and a penalty, larger
  /// than any such deviation can be, for a class that is missing.
  double cost(int part) const {
    const Counts& counts = parts_[static_cast<std::size_t>(part)];
    const double share = shares_[static_cast<std::size_t>(part)];
    double sum = 0;
    for (std::size_t c = 0; c < classes_; ++c) {
      const double images = counts.images[c] / total_.images[c] - share;
      const double patients = counts.patients[c] / total_.patients[c] - share;
      sum += (images * images + patients * patients) / share;
      if (counts.patients[c] == 0) sum += kMissingClass;
    }
    return sum;
  }

  bool lacks(int part, std::size_t label) const { return parts_[static_cast<std::size_t>(part)].patients[label] == 0; }

 private:
  static constexpr double kMissingClass = 1e6;
  struct Counts {
    std::vector<double> images, patients;  // by class
  };
  Counts empty() const { return {std::vector<double>(classes_), std::vector<double>(classes_)}; }
  void add(Counts& counts, const PatientGroup& group, double sign) const {
    for (std::size_t c = 0; c < classes_; ++c) {
      counts.images[c] += sign * group.images_of_class[c];
      counts.patients[c] += sign * group.patients_of_class[c];
    }
  }

  const std::vector<PatientGroup>& groups_;
  const std::vector<double>& shares_;
  std::size_t classes_;
  Counts total_;
  std::vector<Counts> parts_;
};

/// 0..count-1 in an order drawn from the seed (Fisher-Yates).
std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  SplitMix64 random(seed);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  return order;
}

/// The part whose cost falls most, or rises least, when the group is put there; the first of equals.
int best_part(Balance& balance, std::size_t group, int parts) {
  int best = 0;
  double best_change = 0;
  for (int part = 0; part < parts; ++part) {
    const double before = balance.cost(part);
    balance.put(group, part);
    const double change = balance.cost(part) - before;
    balance.take(group, part);
    if (part == 0 || change < best_change) {
      best = part;
      best_change = change;
    }
  }
  return best;
}

/// One pass over all pairs in different parts: exchanges two groups where that lowers the cost. True when it did for any.
bool exchange_pairs(Balance& balance, const std::vector<std::size_t>& order, std::vector<int>& part_of) {
  constexpr double kLower = 1e-9;  // more than rounding can make, so that the search ends
  bool changed = false;
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      const std::size_t a = order[i];
      const std::size_t b = order[j];
      const int part_a = part_of[a];
      const int part_b = part_of[b];
      if (part_a == part_b) continue;
      const double before = balance.cost(part_a) + balance.cost(part_b);
      balance.take(a, part_a), balance.take(b, part_b), balance.put(a, part_b), balance.put(b, part_a);
      if (balance.cost(part_a) + balance.cost(part_b) < before - kLower) {
        std::swap(part_of[a], part_of[b]);
        changed = true;
      } else {
        balance.take(a, part_b), balance.take(b, part_a), balance.put(a, part_a), balance.put(b, part_b);
      }
    }
  }
  return changed;
}

void check_enough_groups(const Dataset& dataset, const std::vector<PatientGroup>& groups, std::size_t parts) {
  const std::string needed = std::to_string(parts) + " sets need at least " + std::to_string(parts);
  if (groups.size() < parts) throw std::runtime_error("there are " + std::to_string(groups.size()) + " patients; " + needed);
  for (std::size_t label = 0; label < dataset.class_names.size(); ++label) {
    std::size_t with_class = 0;
    for (const PatientGroup& group : groups) with_class += group.images_of_class[label] > 0 ? 1 : 0;
    if (with_class < parts) {
      throw std::runtime_error("class " + dataset.class_names[label] + " has " + std::to_string(with_class) + " patients; " + needed);
    }
  }
}

}  // namespace

std::vector<PatientGroup> patient_groups(const Dataset& dataset, const std::vector<std::size_t>& chosen, const PixelHashes& hashes) {
  std::map<std::string, std::size_t> number_of_patient;
  for (const std::size_t i : chosen) number_of_patient.emplace(dataset.samples[i].patient, number_of_patient.size());
  PatientUnion joined(number_of_patient.size());
  for (const auto& [a, b] : images_shared_by_patients(dataset, hashes)) {
    const auto patient_a = number_of_patient.find(dataset.samples[a].patient);
    const auto patient_b = number_of_patient.find(dataset.samples[b].patient);
    if (patient_a != number_of_patient.end() && patient_b != number_of_patient.end()) joined.join(patient_a->second, patient_b->second);
  }

  std::vector<PatientGroup> groups;
  std::map<std::size_t, std::size_t> group_of_root;
  std::set<std::pair<std::string, int>> counted;  // patient and class
  for (const std::size_t i : chosen) {
    const Sample& sample = dataset.samples[i];
    const auto [place, is_new] = group_of_root.emplace(joined.root(number_of_patient.at(sample.patient)), groups.size());
    if (is_new) groups.push_back({{}, std::vector<double>(dataset.class_names.size()), std::vector<double>(dataset.class_names.size())});
    PatientGroup& group = groups[place->second];
    group.samples.push_back(i);
    const auto label = static_cast<std::size_t>(sample.label);
    group.images_of_class[label] += 1;
    if (counted.emplace(sample.patient, sample.label).second) group.patients_of_class[label] += 1;
  }
  return groups;
}

std::vector<int> balance_groups(const Dataset& dataset, const std::vector<PatientGroup>& groups, const std::vector<double>& shares, std::uint64_t seed) {
  const int parts = static_cast<int>(shares.size());
  const std::size_t classes = dataset.class_names.size();
  check_enough_groups(dataset, groups, shares.size());

  Balance balance(groups, shares, classes);
  const std::vector<std::size_t> order = shuffled(groups.size(), seed);
  std::vector<int> part_of(groups.size(), 0);
  for (const std::size_t group : order) balance.put(group, part_of[group] = best_part(balance, group, parts));

  // A greedy pass leaves what came last where there was room. Moves and exchanges mend it; patients are few and uneven (one of them may hold a quarter of
  // a class). Pairs are tried only where they are not millions: many small groups are even enough by moves alone.
  constexpr int kMaxPasses = 50;
  constexpr std::size_t kMaxGroupsForPairs = 500;
  bool changed = true;
  for (int pass = 0; pass < kMaxPasses && changed; ++pass) {
    changed = false;
    for (const std::size_t group : order) {
      balance.take(group, part_of[group]);
      const int best = best_part(balance, group, parts);
      changed = changed || best != part_of[group];
      balance.put(group, part_of[group] = best);
    }
    if (groups.size() <= kMaxGroupsForPairs && exchange_pairs(balance, order, part_of)) changed = true;
  }

  for (int part = 0; part < parts; ++part) {
    for (std::size_t label = 0; label < classes; ++label) {
      if (balance.lacks(part, label)) {
        throw std::runtime_error("found no way to have class " + dataset.class_names[label] + " in each of " + std::to_string(parts) +
                                 " sets without dividing a patient; try another --seed or fewer sets");
      }
    }
  }
  return part_of;
}

}  // namespace lobule
