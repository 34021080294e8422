#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "case_filter.h"
#include "lobule/evaluator.h"
#include "lobule/model_package.h"
#include "lobule/prediction_table.h"
#include "lobule/session_file.h"
#include "session_case.h"

namespace lobule {

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
  /// Replaces all cases by those of a session (undoable), without their images.
  void open_file(const SessionFile& file);
  /// Everything but the images.
  SessionFile to_file() const;
  /// The image of a case that has none comes back: of the same path, or else of the same name where one such case alone has it; and of the same size in bytes
  /// where that is known. It waits for its heat map, unless its prediction is another model's. Returns its id, or 0: there is no such case.
  int attach_image(const std::string& path, std::int64_t bytes);

  void remove_case(int id);
  void remove_all();
  void set_label(int id, const std::string& label);
  /// 0 <= low <= high <= 1, or std::runtime_error. A drag (steps less than one undo apart) is undone as one.
  void set_thresholds(double low, double high, bool same_drag = false);
  /// Cases whose image could not be read wait again; how many.
  int retry_failed();
  /// Undoes the last removal, label, threshold or opened table and says what it undid; "" when there is nothing to undo.
  std::string undo();
  bool can_undo() const { return !undo_.empty(); }
  /// Does again what was undone last, until something else is done; "" when there is nothing.
  std::string redo();
  bool can_redo() const { return !redo_.empty(); }

  void select(int id);  // 0: none
  int selected() const { return selected_; }
  double threshold_low() const { return threshold_low_; }
  double threshold_high() const { return threshold_high_; }
  const std::vector<std::string>& class_names() const { return class_names_; }
  int positive_class() const { return positive_class_; }

  const std::vector<Case>& cases() const { return cases_; }
  std::vector<const Case*> list(const CaseFilter& filter) const { return filter_cases(cases_, filter, class_names_, positive_class_); }
  std::vector<PatientCall> patients() const;
  /// copies_among(cases()), kept until something changes.
  const std::map<int, std::string>& copies() const;

  /// Cases with a prediction, sorted by path as `lobule evaluate` has them.
  PredictionTable table() const;
  /// Of table(), kept until something changes; null when no case is labelled. Without intervals while `quick`.
  const Evaluation* evaluation(bool quick = false);

  /// Goes up whenever anything that is shown changed.
  std::uint64_t revision() const { return revision_; }
  /// Goes up whenever a case or a label changed: not with thresholds and the selection.
  std::uint64_t data_revision() const { return data_revision_; }

 private:
  struct Change {  // what undo or redo brings about
    std::string what;
    std::vector<std::pair<std::size_t, Case>> removed;  // with their places, rising
    std::vector<int> added;                             // ids of those to take out
    std::optional<std::pair<int, std::string>> label;   // case, label before
    std::optional<std::pair<double, double>> thresholds;
    std::vector<std::string> class_names;  // when cases were replaced: what they were labelled with
    int positive_class = 1;
    std::string table_digest;
  };

  void changed();
  /// What stands in place of all cases, and whose predictions they are; undoable.
  struct Replacement {
    std::string what;
    std::vector<std::string> class_names;
    int positive_class = 1;
    std::string digest;
    double threshold_low = 0.5;
    double threshold_high = 0.5;
    std::vector<Case> cases;
  };
  void replace_all(Replacement replacement);
  /// Rows of another model's predictions make way for images of the model in use.
  void close_other_models_rows();
  /// Takes cases out of the list, into the change.
  void take_out(const std::vector<int>& ids, Change& change);
  /// Keeps what undoes an action that was just done; nothing can be done again after that.
  void remember(Change change);
  /// Brings a change about; returns the one that takes it back.
  Change apply(Change change);
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
  std::vector<Change> redo_;
  std::optional<Evaluator> evaluator_;  // of the cases as they are; none where no case is labelled
  std::optional<Evaluation> evaluation_;
  bool evaluation_is_quick_ = false;
  bool evaluation_is_current_ = false;
  bool evaluator_is_current_ = false;
  std::uint64_t revision_ = 1;
  std::uint64_t data_revision_ = 1;
  mutable std::map<int, std::string> copies_;
  mutable std::uint64_t copies_revision_ = 0;  // data_revision_ that they are of
};

}  // namespace lobule
