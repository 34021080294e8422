#include "case_filter.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace lobule {
namespace {

std::string ascii_lower(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

bool contains(const std::string& text, const std::string& lower) { return lower.empty() || ascii_lower(text).find(lower) != std::string::npos; }

bool has_probability(const Case& c) { return c.state == CaseState::done && !c.prediction.logits.empty(); }

bool passes_text(const Case& c, const std::string& text) { return contains(c.path, text) || contains(c.facts.patient, text); }

bool passes_call(const Case& c, const std::string& call) {
  const bool done = c.state == CaseState::done;
  if (call == "waiting") return c.state == CaseState::waiting;
  if (call == "unread") return c.reading_first.empty();
  if (call == "failed") return c.state == CaseState::failed;
  if (call == "positive") return done && c.prediction.call == Call::positive;
  if (call == "negative") return done && c.prediction.call == Call::negative;
  if (call == "no_result") return done && c.prediction.call == Call::no_result;
  return true;
}

bool passes_probability(const Case& c, const CaseFilter& filter) {
  if (filter.p_low <= 0 && filter.p_high >= 1) return true;
  return has_probability(c) && c.prediction.p_positive >= filter.p_low && c.prediction.p_positive <= filter.p_high;
}

bool passes_label(const Case& c, const std::string& label) {
  if (label.empty()) return true;
  return label == CaseFilter::kUnlabelled ? c.label.empty() : c.label == label;
}

/// -1 without a call.
int called(const Case& c, const std::vector<std::string>& class_names, int positive_class) {
  if (c.state != CaseState::done) return -1;
  return called_class(c.prediction, static_cast<int>(class_names.size()), positive_class);
}

bool passes_predicted(const Case& c, const std::string& predicted, const std::vector<std::string>& class_names, int positive_class) {
  if (predicted.empty()) return true;
  const int call = called(c, class_names, positive_class);
  return call >= 0 && class_names[static_cast<std::size_t>(call)] == predicted;
}

bool is_wrong(const Case& c, const std::vector<std::string>& class_names, int positive_class) {
  const int call = called(c, class_names, positive_class);
  return call >= 0 && !c.label.empty() && class_names[static_cast<std::size_t>(call)] != c.label;
}

std::vector<const Case*> by_patient(const std::vector<const Case*>& shown) {
  std::map<std::string, std::size_t> place_of_patient;
  std::vector<std::vector<const Case*>> groups;
  std::vector<const Case*> without_patient;
  for (const Case* c : shown) {
    if (c->facts.patient.empty()) {
      without_patient.push_back(c);
      continue;
    }
    const auto [entry, is_new] = place_of_patient.emplace(c->facts.patient, groups.size());
    if (is_new) groups.emplace_back();
    groups[entry->second].push_back(c);
  }
  std::vector<const Case*> ordered;
  for (const auto& group : groups) ordered.insert(ordered.end(), group.begin(), group.end());
  ordered.insert(ordered.end(), without_patient.begin(), without_patient.end());
  return ordered;
}

/// What a case is sorted by, rising; those without a probability come last.
double sort_key(const Case& c, CaseOrder order) {
  constexpr double kLast = 2;
  if (!has_probability(c)) return kLast;
  return order == CaseOrder::most_positive ? -c.prediction.p_positive : std::abs(c.prediction.p_positive - 0.5);
}

CaseOrder order_of(const std::string& name) {
  if (name == "name") return CaseOrder::name;
  if (name == "most_positive") return CaseOrder::most_positive;
  if (name == "least_sure") return CaseOrder::least_sure;
  return CaseOrder::patient;
}

template <typename Value>
void read(const nlohmann::json& object, const char* key, Value& value) {
  const auto found = object.find(key);
  if (found == object.end()) return;
  if constexpr (std::is_same_v<Value, std::string>) {
    if (found->is_string()) value = found->get<std::string>();
  } else if constexpr (std::is_same_v<Value, bool>) {
    if (found->is_boolean()) value = found->get<bool>();
  } else if (found->is_number()) {
    value = found->get<Value>();
  }
}

}  // namespace

CaseFilter parse_filter_json(const std::string& json) {
  CaseFilter filter;
  const auto object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) return filter;
  std::string order;
  read(object, "text", filter.text);
  read(object, "call", filter.call);
  read(object, "wrong_only", filter.wrong_only);
  read(object, "copies_only", filter.copies_only);
  read(object, "changed_only", filter.changed_only);
  read(object, "label", filter.label);
  read(object, "predicted", filter.predicted);
  read(object, "magnification", filter.magnification);
  read(object, "p_low", filter.p_low);
  read(object, "p_high", filter.p_high);
  read(object, "training", filter.training);
  read(object, "order", order);
  filter.order = order_of(order);
  return filter;
}

bool mentions(const std::string& text, const std::string& sought) { return contains(text, ascii_lower(sought)); }

std::map<int, std::string> copies_among(const std::vector<Case>& cases) {
  std::map<std::string, const Case*> first;
  std::map<int, std::string> copies;
  for (const Case& c : cases) {
    if (c.pixel_sha256.empty()) continue;
    const auto [entry, is_new] = first.emplace(c.pixel_sha256, &c);
    if (!is_new) copies.emplace(c.id, entry->second->name);
  }
  return copies;
}

std::vector<const Case*> filter_cases(const std::vector<Case>& cases, const CaseFilter& filter, const std::vector<std::string>& class_names,
                                      int positive_class) {
  const std::string text = ascii_lower(filter.text);
  std::map<int, std::string> copies;
  if (filter.copies_only) copies = copies_among(cases);
  std::vector<const Case*> shown;
  for (const Case& c : cases) {
    if (passes_text(c, text) && passes_call(c, filter.call) && passes_label(c, filter.label) && passes_probability(c, filter) &&
        (filter.magnification == 0 || c.facts.magnification == filter.magnification) && passes_predicted(c, filter.predicted, class_names, positive_class) &&
        (!filter.wrong_only || is_wrong(c, class_names, positive_class)) && (!filter.copies_only || copies.contains(c.id))) {
      shown.push_back(&c);
    }
  }
  if (filter.order == CaseOrder::patient) return by_patient(shown);
  if (filter.order == CaseOrder::name) {
    std::stable_sort(shown.begin(), shown.end(), [](const Case* a, const Case* b) { return a->path < b->path; });
  } else {
    std::stable_sort(shown.begin(), shown.end(), [&](const Case* a, const Case* b) { return sort_key(*a, filter.order) < sort_key(*b, filter.order); });
  }
  return shown;
}

}  // namespace lobule
