#pragma once

#include <map>
#include <string>
#include <vector>

#include "session_case.h"

namespace lobule {

enum class CaseOrder { patient, name, most_positive, least_sure };

/// What the list shows, and in which order.
struct CaseFilter {
  std::string text;         // in path or patient, ASCII case ignored
  std::string call;         // "", "positive", "negative", "no_result", "failed", "waiting", "unread"
  bool wrong_only = false;  // labelled, decided, and called otherwise
  bool copies_only = false;
  bool changed_only = false;  // called otherwise by the baseline (see Session::list)
  std::string label;          // "", a class name, or kUnlabelled
  std::string predicted;      // "", or the class that a decided case was called: a column of the confusion matrix
  int magnification = 0;      // 0: any
  double p_low = 0;           // least and largest probability of the positive class; a case without one passes only from 0 to 1
  double p_high = 1;
  std::string training;  // "", "in" or "out": of a patient whom the model learned from, or not; Session::list sees to it
  CaseOrder order = CaseOrder::patient;

  static constexpr const char* kUnlabelled = "(none)";
};

/// From the page's {"text":"","call":"","wrong_only":false,"copies_only":false,"changed_only":false,"label":"","predicted":"","magnification":0,"p_low":0,"p_high":1,
/// "training":"","order":"patient|name|most_positive|least_sure"}; what is missing or of another type is as if it were not there.
CaseFilter parse_filter_json(const std::string& json);

/// Whether a text contains another, ASCII case ignored.
bool mentions(const std::string& text, const std::string& sought);

/// Cases whose pixels an earlier case of the list has, by id: the name of that one.
std::map<int, std::string> copies_among(const std::vector<Case>& cases);

/// The cases that pass, in the order that is asked for. patient: grouped by patient in order of first appearance, cases without a patient last, in order;
/// name: by path; most_positive: falling probability, then those without one; least_sure: by the distance of the probability to 0.5. Ties stay as they were.
std::vector<const Case*> filter_cases(const std::vector<Case>& cases, const CaseFilter& filter, const std::vector<std::string>& class_names,
                                      int positive_class);

}  // namespace lobule
