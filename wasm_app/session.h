#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lobule/evaluation.h"
#include "lobule/model_package.h"
#include "lobule/prediction_table.h"
#include "session_case.h"

namespace lobule {

/// What the list shows.
struct CaseFilter {
  std::string text;         // in path or patient, ASCII case ignored
  std::string call;         // "", "positive", "negative", "no_result", "failed", "waiting"
  bool wrong_only = false;  // labelled, decided, and called otherwise
};

/// A patient's call from the mean of its images' logits.
struct PatientCall {
  std::string patient;
  int images = 0;   // with a prediction
  int refused = 0;  // of them
  Prediction prediction;
};

/// The one copy of the page's state: model facts, cases, labels, predictions, thresholds, selection, and what can be undone. Draws nothing and
/// starts nothing, so that it is tested natively. Functions that take a case id throw std::runtime_error when there is no such case.
class Session {
 public:
  /// The model in use. Predictions made with another model are dropped: those cases wait again; rows of an opened table go.
  void set_model(const ModelSpec& spec, const std::string& digest);
  const std::optional<ModelSpec>& model() const { return model_; }
  const std::string& model_digest() const { return model_digest_; }

  /// path is case_id's source; label overrides what the path says and must be "" or a class of the model once there is one.
  int add_case(const std::string& name, const std::string& path, std::int64_t bytes, bool sample, const std::string& label);
  /// The model's raw logits, and why it must not answer; empty where it may.
  void set_result(int id, const std::vector<float>& logits, const std::string& refusal = "");
  void set_failure(int id, const std::string& cause);
  void set_cam(int id, CamMap cam);
  Case& at(int id);
  const Case& at(int id) const;

  /// Replaces all cases by the rows of a table (undoable): an evaluation without images.
  void open_table(const PredictionTable& table);

  void remove_case(int id);
  void remove_all();
  void set_label(int id, const std::string& label);
  /// 0 <= low <= high <= 1, or std::runtime_error. A drag (steps less than one undo apart) is undone as one.
  void set_thresholds(double low, double high, bool same_drag = false);
  /// Undoes the last removal, label, threshold or opened table and says what it undid; "" when there is nothing to undo.
  std::string undo();
  bool can_undo() const { return !undo_.empty(); }

  void select(int id);  // 0: none
  int selected() const { return selected_; }
  double threshold_low() const { return threshold_low_; }
  double threshold_high() const { return threshold_high_; }
  const std::vector<std::string>& class_names() const { return class_names_; }
  int positive_class() const { return positive_class_; }

  const std::vector<Case>& cases() const { return cases_; }
  /// Grouped by patient in order of first appearance; cases without a patient come last, in order.
  std::vector<const Case*> list(const CaseFilter& filter) const;
  std::vector<PatientCall> patients() const;

  /// Cases with a prediction, sorted by path as `lobule evaluate` has them.
  PredictionTable table() const;
  /// Of table(), kept until something changes; null when no case is labelled. Without intervals while `quick`.
  const Evaluation* evaluation(bool quick = false);

  /// Goes up whenever anything that is shown changed.
  std::uint64_t revision() const { return revision_; }

 private:
  struct Change {  // what undo puts back
    std::string what;
    std::vector<std::pair<std::size_t, Case>> removed;  // with their places, rising
    std::vector<int> added;                             // ids
    std::optional<std::pair<int, std::string>> label;   // case, label before
    std::optional<std::pair<double, double>> thresholds;
    std::vector<std::string> class_names;  // when cases were replaced: what they were labelled with
    int positive_class = 1;
    std::string table_digest;
  };

  void changed();
  void take_out(const std::vector<int>& ids, Change& change);
  void call_all();
  bool is_class(const std::string& label) const;

  std::optional<ModelSpec> model_;
  std::string model_digest_;
  std::string table_digest_;  // of the model that the predictions are of
  std::vector<std::string> class_names_ = {"benign", "malignant"};
  int positive_class_ = 1;
  double threshold_low_ = 0.5;
  double threshold_high_ = 0.5;
  std::vector<Case> cases_;
  int next_id_ = 1;
  int selected_ = 0;
  std::vector<Change> undo_;
  std::optional<Evaluation> evaluation_;
  bool evaluation_is_quick_ = false;
  bool evaluation_is_current_ = false;
  std::uint64_t revision_ = 1;
};

}  // namespace lobule
