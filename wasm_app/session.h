#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "baseline.h"
#include "case_filter.h"
#include "lobule/evaluator.h"
#include "lobule/model_package.h"
#include "lobule/prediction_table.h"
#include "lobule/reading.h"
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
  /// training_patients: those that its file names, whose images are no test of it.
  void set_model(const ModelSpec& spec, const std::string& digest, const std::vector<std::string>& training_patients = {});
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

  void remove_cases(const std::vector<int>& ids);
  void remove_all();
  /// While reading first it is the reader's call, and the label stays: the first reading while the call is hidden, the reading with the model once it is known,
  /// which "" takes back.
  void set_label(const std::vector<int>& ids, const std::string& label);
  /// 0 <= low <= high <= 1, or std::runtime_error. A drag (steps less than one undo apart) is undone as one.
  void set_thresholds(double low, double high, bool same_drag = false);
  /// Cases whose image could not be read wait again; how many.
  int retry_failed();
  /// Undoes the last removal, label, reading, threshold or opened table and says what it undid; "" when there is nothing to undo.
  std::string undo();
  bool can_undo() const { return !undo_.empty(); }
  /// Does again what was undone last, until something else is done; "" when there is nothing.
  std::string redo();
  bool can_redo() const { return !redo_.empty(); }

  /// Read first: a case's call, probability and map are hidden until a reader has labelled it, and its label, file name and place all along.
  void set_reads_first(bool on);
  bool reads_first() const { return reads_first_; }
  bool hides_call(const Case& c) const { return reads_first_ && c.reading_first.empty(); }
  /// Its name, or while reading first one that says nothing of the truth and stays the same.
  std::string shown_name(const Case& c) const;

  /// Of a patient whom the model in use learned from.
  bool in_training(const Case& c) const { return c.in_training || (table_digest_ == model_digest_ && training_patients_.contains(c.facts.patient)); }
  /// Whether images of training patients are in table() and in the figures; they are not, unless asked for.
  void set_counts_training(bool on);
  bool counts_training() const { return counts_training_; }
  /// Cases with a prediction that are left out for it.
  int left_out() const;

  void select(int id);  // 0: none
  int selected() const { return selected_; }
  /// The case that stays beside the selected one, to be compared with it; 0: none. A removed case is no longer pinned.
  void pin(int id);
  int pinned() const { return pinned_; }
  /// Whether the selected case is looked at twice: as the baseline sees it, and as the model in use does. Only with a baseline that is a model.
  void compare_models(bool on);
  bool compares_models() const { return compares_models_ && can_compare_models(); }
  bool can_compare_models() const { return baseline_ && baseline_->sight(); }
  /// What a person says that a pixel of the case measures; 0 takes it back. std::runtime_error unless it is a size of tissue under a microscope.
  void set_pixel_size(int id, double micrometres);
  /// Micrometres a pixel: what was said of the case, or what BreaKHis' own images have, or what was said last of an image of the same size and magnification;
  /// 0: not known.
  double pixel_size(const Case& c) const;
  double threshold_low() const { return threshold_low_; }
  double threshold_high() const { return threshold_high_; }
  const std::vector<std::string>& class_names() const { return class_names_; }
  int positive_class() const { return positive_class_; }

  const std::vector<Case>& cases() const { return cases_; }
  /// While reading first: by patient, in an order that says nothing of the truth, and narrowed by what says nothing of the answers.
  std::vector<const Case*> list(const CaseFilter& filter) const;
  std::vector<PatientCall> patients() const;
  /// copies_among(cases()), kept until something changes.
  const std::map<int, std::string>& copies() const;

  /// Cases with a prediction that are counted, sorted by path as `lobule evaluate` has them.
  PredictionTable table() const;
  /// All cases with a prediction. Those that table() leaves out are marked, and are left out by whoever evaluates this one.
  PredictionTable predictions() const;
  /// table() with what a reader called its rows.
  ReadingTable readings() const;
  /// Of table(), kept until something changes; null when no case is labelled. Without intervals of calls while `quick`. Or the one that was opened.
  const Evaluation* evaluation(bool quick = false);

  /// Predictions of the same images by another model, to be compared with these. A model that takes another one's place leaves the other's predictions as the
  /// baseline where both know the same classes. Throws std::runtime_error where the table's positive class is another one.
  void set_baseline(const std::string& name, PredictionTable table);
  void clear_baseline();
  const std::optional<Baseline>& baseline() const { return baseline_; }
  /// table() against the baseline, kept until something changes; null where there is none, or nothing to compare: comparison_problem() then says why.
  const BaselineComparison* comparison();
  const std::string& comparison_problem() const { return compared_.problem; }

  /// The baseline's curve on the images that both have; empty where there is none.
  const std::vector<RocPoint>& baseline_roc();

  /// An evaluation from its file is shown in place of the cases' own until it is closed; no threshold moves it.
  void open_evaluation(Evaluation evaluation);
  void close_evaluation();
  bool has_opened_evaluation() const { return opened_evaluation_.has_value(); }

  /// Goes up whenever anything that is shown changed.
  std::uint64_t revision() const { return revision_; }
  /// Goes up whenever a case or a label changed: not with thresholds and the selection.
  std::uint64_t data_revision() const { return data_revision_; }

 private:
  struct Marks {  // what a person says of a case
    std::string label;
    std::string reading_first;
    std::string reading_after;
    friend bool operator==(const Marks&, const Marks&) = default;
  };
  static Marks marks_of(const Case& c) { return {c.label, c.reading_first, c.reading_after}; }
  static void set_marks(Case& c, Marks marks);
  Marks marked(const Case& c, const std::string& label) const;
  std::vector<const Case*> list_to_read(CaseFilter filter) const;
  std::vector<const Case*> rows(bool with_training) const;
  PredictionTable table_of(const std::vector<const Case*>& rows) const;

  struct Change {  // what undo or redo brings about
    std::string what;
    std::vector<std::pair<std::size_t, Case>> removed;  // with their places, rising
    std::vector<int> added;                             // ids of those to take out
    std::vector<std::pair<int, Marks>> marks;           // cases, marks before
    std::optional<std::pair<double, double>> thresholds;
    std::vector<std::string> class_names;  // when cases were replaced: what they were labelled with
    int positive_class = 1;
    std::string table_digest;
  };

  /// Before another model takes over.
  void keep_as_baseline(const ModelSpec& next);

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
  bool reads_first_ = false;
  std::set<std::string> training_patients_;
  bool counts_training_ = false;
  int pinned_ = 0;
  bool compares_models_ = false;
  std::map<std::tuple<int, int, int>, double> pixel_sizes_;  // said last of images of that width, height and magnification
  std::optional<Baseline> baseline_;
  struct Compared {
    std::tuple<std::uint64_t, double, double> at;  // data revision and thresholds
    std::optional<BaselineComparison> result;
    std::string problem;
    std::uint64_t roc_at = 0;  // data revision
    std::vector<RocPoint> roc;
  };
  Compared compared_;
  std::optional<Evaluation> opened_evaluation_;
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
