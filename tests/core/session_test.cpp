#include "session.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "session_json.h"

namespace {

using lobule::Call;
using lobule::CaseState;
using lobule::ModelSpec;
using lobule::Session;

ModelSpec spec() {
  ModelSpec model;
  model.name = "test";
  model.class_names = {"benign", "malignant"};
  model.input.width = 144;
  model.input.height = 96;
  return model;
}

/// p(malignant) = 0.5 + a bit for d > 0.
std::vector<float> logits(float d) { return {-d / 2, d / 2}; }

int add(Session& session, const std::string& path, float d) {
  const int id = session.add_case(path, path, 1000, false, "");
  session.set_result(id, logits(d));
  return id;
}

Session session_with_model() {
  Session session;
  session.set_model(spec(), "digest-a");
  return session;
}

}  // namespace

TEST_CASE("a case gets patient, magnification and label from its path") {
  Session session = session_with_model();
  const auto& c = session.at(session.add_case("x.png", "SOB_M_DC-14-5287-400-001.png", 1, false, ""));
  CHECK(c.facts.patient == "14-5287");
  CHECK(c.facts.magnification == 400);
  CHECK(c.label == "malignant");
}

TEST_CASE("a label that is no class of the model is refused when given, and ignored in a path") {
  Session session;
  ModelSpec idc = spec();
  idc.class_names = {"no_idc", "idc"};
  session.set_model(idc, "digest-idc");
  CHECK(session.at(session.add_case("x.png", "benign/x.png", 1, false, "")).label.empty());
  CHECK_THROWS_WITH(session.add_case("x.png", "x.png", 1, false, "benign"), Catch::Contains("not a class"));
}

TEST_CASE("moving the thresholds calls every case anew, and undo brings the old ones back") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 0.5F);  // p = 0.62
  CHECK(session.at(id).prediction.call == Call::positive);
  session.set_thresholds(0.8, 0.8);
  CHECK(session.at(id).prediction.call == Call::negative);
  session.set_thresholds(0.5, 0.9);
  CHECK(session.at(id).prediction.call == Call::no_result);
  CHECK_FALSE(session.at(id).prediction.reason.empty());
  CHECK(session.undo() == "threshold");
  CHECK(session.at(id).prediction.call == Call::negative);
  CHECK_THROWS_WITH(session.set_thresholds(0.9, 0.5), Catch::Contains("low <= high"));
}

TEST_CASE("one drag of the threshold is one step of undo") {
  Session session = session_with_model();
  session.set_thresholds(0.6, 0.6, false);
  session.set_thresholds(0.7, 0.7, true);
  session.set_thresholds(0.8, 0.8, true);
  session.undo();
  CHECK(session.threshold_high() == 0.5);
  CHECK_FALSE(session.can_undo());
}

TEST_CASE("a removed case comes back to its place with its prediction") {
  Session session = session_with_model();
  add(session, "a.png", 1);
  const int b = add(session, "b.png", 2);
  add(session, "c.png", 3);
  session.select(b);
  session.remove_case(b);
  CHECK(session.cases().size() == 2);
  CHECK(session.at(session.selected()).path == "c.png");
  CHECK(session.undo() == "removal of b.png");
  CHECK(session.cases()[1].path == "b.png");
  CHECK(session.cases()[1].state == CaseState::done);
  CHECK(session.selected() == b);
}

TEST_CASE("a result for a case that was removed is an error, not a new case") {
  Session session = session_with_model();
  const int id = session.add_case("a.png", "a.png", 1, false, "");
  session.remove_case(id);
  CHECK_THROWS_WITH(session.set_result(id, logits(1)), Catch::Contains("no case"));
}

TEST_CASE("another model makes every case wait again and drops rows that have no image") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 1);
  ModelSpec other = spec();
  other.threshold_low = other.threshold_high = 0.3;
  session.set_model(other, "digest-b");
  CHECK(session.at(id).state == CaseState::waiting);
  CHECK(session.threshold_high() == 0.3);
  CHECK_FALSE(session.can_undo());
  CHECK(session.table().rows.empty());
}

TEST_CASE("the table is sorted by path and speaks of the model in use") {
  Session session = session_with_model();
  add(session, "b.png", 1);
  add(session, "a.png", -1);
  session.add_case("waiting.png", "waiting.png", 1, false, "");
  const auto table = session.table();
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].path == "a.png");
  CHECK(table.model_digest == "digest-a");
}

TEST_CASE("an opened table gives back its own bytes and evaluation, and undo brings the cases back") {
  Session session = session_with_model();
  add(session, "benign/a.png", -1);
  add(session, "malignant/b.png", 1);
  const std::string csv = lobule::to_csv(session.table());
  const std::string evaluation = lobule::to_json(*session.evaluation());

  Session other;
  other.set_model(spec(), "digest-c");
  add(other, "mine.png", 2);
  other.open_table(lobule::parse_prediction_table(csv));
  CHECK(lobule::to_csv(other.table()) == csv);
  CHECK(lobule::to_json(*other.evaluation()) == evaluation);
  other.undo();
  REQUIRE(other.cases().size() == 1);
  CHECK(other.table().model_digest == "digest-c");
}

TEST_CASE("there is no evaluation without a labelled case, and a label by hand makes one") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 1);
  CHECK(session.evaluation() == nullptr);
  session.set_label(id, "malignant");
  REQUIRE(session.evaluation() != nullptr);
  CHECK(session.evaluation()->images.counts.true_positive == 1);
  session.undo();
  CHECK(session.evaluation() == nullptr);
}

TEST_CASE("the list groups by patient, and filters by text, call and error") {
  Session session = session_with_model();
  add(session, "SOB_M_DC-14-1-400-001.png", 1);
  add(session, "loose.png", 1);
  add(session, "SOB_B_A-14-2-400-001.png", 1);  // called malignant: wrong
  add(session, "SOB_M_DC-14-1-400-002.png", -1);
  const auto all = session.list({});
  REQUIRE(all.size() == 4);
  CHECK(all[0]->facts.patient == "14-1");
  CHECK(all[1]->facts.patient == "14-1");
  CHECK(all[3]->path == "loose.png");
  CHECK(session.list({"14-2", "", false}).size() == 1);
  CHECK(session.list({"", "negative", false}).size() == 1);
  CHECK(session.list({"", "", true}).size() == 2);
}

TEST_CASE("a patient's call is from the mean of its images' logits") {
  Session session = session_with_model();
  add(session, "SOB_M_DC-14-1-400-001.png", 4);
  add(session, "SOB_M_DC-14-1-400-002.png", -1);
  const auto patients = session.patients();
  REQUIRE(patients.size() == 1);
  CHECK(patients[0].images == 2);
  CHECK(patients[0].prediction.p_positive == Approx(0.8175744762).epsilon(1e-9));  // sigmoid of 1.5
  session.set_result(session.cases()[0].id, logits(4), "Out of focus.");
  const auto json = nlohmann::json::parse(lobule::patients_json(session));
  CHECK(json.at(0).at("images") == 2);
  CHECK(json.at(0).at("images_refused") == 1);
  CHECK(json.at(0).at("refused") == false);  // the patient still has a call
}

TEST_CASE("a file name that is not UTF-8 does not break the page's JSON") {
  Session session = session_with_model();
  session.add_case("bad\xff.png", "bad\xff.png", 1, false, "");
  CHECK(lobule::list_json(session, {}).find("bad") != std::string::npos);
}

TEST_CASE("a case carries its image's quality once it is known, also when the model changes, and no call depends on it") {
  Session session = session_with_model();
  const int id = session.add_case("a.png", "a.png", 1, false, "");
  const auto quality = [&] { return nlohmann::json::parse(lobule::case_json(session, session.at(id))).at("quality"); };
  CHECK(quality().is_null());
  session.at(id).quality = R"({"passed":false,"advice":["Out of focus: refocus and take the image again."]})";
  session.set_result(id, logits(1));
  CHECK(quality().at("advice").size() == 1);
  CHECK(session.at(id).prediction.call == Call::positive);
  session.set_model(spec(), "digest-b");
  CHECK(quality().at("passed") == false);
}

TEST_CASE("what was undone is done again, until something else is done") {
  Session session = session_with_model();
  const int a = add(session, "a.png", 2);
  const int b = add(session, "b.png", 2);
  session.set_label(a, "benign");
  session.remove_case(b);
  session.set_thresholds(0.2, 0.9);
  CHECK_FALSE(session.can_redo());
  CHECK(session.undo() == "threshold");
  CHECK(session.undo() == "removal of b.png");
  CHECK(session.undo() == "label of a.png");
  CHECK(session.at(a).label.empty());
  CHECK(session.cases().size() == 2);
  CHECK(session.redo() == "label of a.png");
  CHECK(session.redo() == "removal of b.png");
  CHECK(session.redo() == "threshold");
  CHECK(session.redo().empty());
  CHECK(session.at(a).label == "benign");
  CHECK(session.cases().size() == 1);
  CHECK(session.threshold_high() == 0.9);
  CHECK(session.at(a).prediction.call == Call::no_result);  // 0.88
  CHECK(session.undo() == "threshold");
  session.set_label(a, "malignant");
  CHECK_FALSE(session.can_redo());
}

TEST_CASE("undoing and doing again the opening of a table changes cases, classes and thresholds together") {
  Session session = session_with_model();
  add(session, "a.png", 2);
  const std::string before = to_csv(session.table());
  lobule::PredictionTable other = session.table();
  other.class_names = {"no_idc", "idc"};
  other.rows.front().path = "other.png";
  other.threshold_low = other.threshold_high = 0.25;
  session.open_table(other);
  session.undo();
  CHECK(to_csv(session.table()) == before);
  session.redo();
  CHECK(session.class_names() == other.class_names);
  CHECK(session.threshold_low() == 0.25);
  REQUIRE(session.cases().size() == 1);
  CHECK(session.cases().front().path == "other.png");
}

TEST_CASE("images that could not be read wait again when asked for, rows of a table do not") {
  Session session = session_with_model();
  const int a = add(session, "a.png", 2);
  const int b = session.add_case("b.png", "b.png", 1, false, "");
  session.set_failure(b, "PNG is truncated");
  CHECK(session.retry_failed() == 1);
  CHECK(session.at(b).state == CaseState::waiting);
  CHECK(session.at(b).error.empty());
  CHECK(session.at(a).state == CaseState::done);
  CHECK(session.retry_failed() == 0);
}

TEST_CASE("a session is saved and opened again with everything but the images, and these come back by path and size") {
  Session session = session_with_model();
  const int a = session.add_case("a.png", "folder/a.png", 100, false, "malignant");
  session.set_result(a, logits(2));
  session.set_failure(session.add_case("b.png", "folder/b.png", 200, false, ""), "PNG is truncated");
  session.set_thresholds(0.2, 0.4);
  session.select(a);
  const std::string saved = to_json(session.to_file());

  Session other = session_with_model();
  add(other, "mine.png", 1);
  other.open_file(lobule::parse_session(saved));
  CHECK(to_json(other.to_file()) == saved);
  REQUIRE(other.cases().size() == 2);
  CHECK(other.cases()[0].label == "malignant");
  CHECK(other.threshold_low() == 0.2);
  CHECK(other.at(other.selected()).name == "a.png");
  CHECK(other.attach_image("folder/a.png", 99) == 0);  // another file
  CHECK(other.attach_image("folder/a.png", 100) == other.cases()[0].id);
  CHECK(other.cases()[0].state == CaseState::waiting);
  CHECK(other.cases()[0].label == "malignant");
  CHECK(other.attach_image("folder/a.png", 100) == 0);  // it is there already
  CHECK(other.attach_image("b.png", 200) == other.cases()[1].id);
  CHECK(other.undo() == "opening a session");
  REQUIRE(other.cases().size() == 1);
  CHECK(other.cases()[0].name == "mine.png");
}

TEST_CASE("predictions of another model stay as they are when images come back, and make way for new images") {
  Session session = session_with_model();
  add(session, "a.png", 2);
  lobule::SessionFile file = session.to_file();
  file.model_digest = "of another model";
  file.class_names = {"no_idc", "idc"};
  session.open_file(file);
  CHECK(session.attach_image("a.png", 1000) != 0);
  CHECK(session.cases().front().state == CaseState::done);
  const int own = session.add_case("new.png", "new.png", 1, false, "malignant");
  REQUIRE(session.cases().size() == 1);
  CHECK(session.cases().front().id == own);
  CHECK(session.class_names() == spec().class_names);
  CHECK(session.table().model_digest == "digest-a");
}
