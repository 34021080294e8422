// Reading first, images of training patients, and labels of several cases at once.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "session_json.h"
#include "sessions.h"

using namespace lobule;
using Catch::Contains;

namespace {

nlohmann::json row_of(const Session& session, int id) {
  const auto rows = nlohmann::json::parse(list_json(session, {}));
  return *std::find_if(rows.begin(), rows.end(), [id](const auto& row) { return row["id"] == id; });
}

/// Patient 14-1 in the model's training, 14-2 not.
Session session_with_training() {
  Session session;
  session.set_model(spec(), "digest-a", {"14-1"});
  add(session, "SOB_M_DC-14-1-200-001.png", 2);
  add(session, "SOB_B_A-14-1-200-002.png", -2);
  add(session, "SOB_M_DC-14-2-200-001.png", 2);
  add(session, "SOB_B_A-14-2-200-002.png", -2);
  return session;
}

}  // namespace

TEST_CASE("while reading first a call is hidden until the case is read, and the truth all along") {
  Session session = session_with_model();
  const int id = add(session, "malignant/a.png", -2);
  session.set_reads_first(true);
  auto row = row_of(session, id);
  CHECK(row["hidden"] == true);
  CHECK(row["call"] == "");
  CHECK(row["p"].is_null());
  CHECK(row["label"] == "");
  CHECK_THAT(row["name"].get<std::string>(), Contains("Image ") && !Contains("a.png"));
  const auto detail = nlohmann::json::parse(case_json(session, session.at(id)));
  CHECK(detail["logits"].empty());
  CHECK(detail["probabilities"].empty());
  CHECK(detail["has_cam"] == false);

  session.set_label({id}, "malignant");
  row = row_of(session, id);
  CHECK_FALSE(row.contains("hidden"));
  CHECK(row["call"] == "negative");
  CHECK(row["label"] == "");
  CHECK(session.at(id).label == "malignant");
  CHECK(session.at(id).reading_first == "malignant");
  session.set_reads_first(false);
  CHECK(row_of(session, id)["name"] == "malignant/a.png");
  CHECK(row_of(session, id)["label"] == "malignant");
}

TEST_CASE("the first reading stays once the call is known; a later one is the reading with the model") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 2);
  session.set_reads_first(true);
  session.set_label({id}, "");
  CHECK_FALSE(session.can_undo());  // there is nothing to take back
  session.set_label({id}, "benign");
  session.set_label({id}, "malignant");
  CHECK(session.at(id).reading_first == "benign");
  CHECK(session.at(id).reading_after == "malignant");
  CHECK(session.at(id).label.empty());
  session.set_label({id}, "");
  CHECK(session.at(id).reading_first == "benign");
  CHECK(session.at(id).reading_after.empty());
  CHECK_THAT(session.undo(), Contains("reading of Image "));
  CHECK(session.at(id).reading_after == "malignant");
  session.undo();
  session.undo();
  CHECK(session.hides_call(session.at(id)));
  session.redo();
  CHECK(session.at(id).reading_first == "benign");
}

TEST_CASE("a reading of a case whose call is not there yet can still be changed") {
  Session session = session_with_model();
  const int id = session.add_case("a.png", "a.png", 1, false, "");
  session.set_reads_first(true);
  session.set_label({id}, "benign");
  session.set_label({id}, "malignant");
  CHECK(session.at(id).reading_first == "malignant");
  CHECK(session.at(id).reading_after.empty());
}

TEST_CASE("the list to read tells nothing: neither its order nor its filter") {
  Session session = session_with_model();
  std::vector<int> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(add(session, (i < 10 ? "benign/" : "malignant/") + std::to_string(i) + ".png", i < 10 ? -1.0F : 1.0F));
  session.set_label({ids[3]}, "malignant");
  session.set_reads_first(true);
  CaseFilter asked;
  asked.text = "malignant";
  CHECK(session.list(asked).empty());
  asked = {};
  asked.wrong_only = true;
  asked.label = asked.predicted = "benign";
  asked.call = "positive";
  asked.p_low = 0.9;
  asked.order = CaseOrder::most_positive;
  const auto shown = session.list(asked);
  REQUIRE(shown.size() == 20);
  CHECK_FALSE(std::is_sorted(shown.begin(), shown.end(), [](const Case* a, const Case* b) { return a->label < b->label; }));
  CHECK_FALSE(std::is_sorted(shown.begin(), shown.end(), [](const Case* a, const Case* b) { return a->label > b->label; }));
  session.set_label({ids[0], ids[1]}, "benign");
  asked.call = "unread";
  CHECK(session.list(asked).size() == 18);
  asked = {};
  asked.text = session.shown_name(session.at(ids[5])).substr(6);
  REQUIRE(session.list(asked).size() == 1);
  CHECK(session.list(asked).front()->id == ids[5]);
}

TEST_CASE("a patient's call is hidden until every image of the patient is read") {
  Session session = session_with_model();
  const int a = add(session, "SOB_M_DC-14-1-200-001.png", 2);
  const int b = add(session, "SOB_M_DC-14-1-200-002.png", 2);
  session.set_reads_first(true);
  session.set_label({a}, "benign");
  CHECK(nlohmann::json::parse(patients_json(session))[0]["call"] == "");
  session.set_label({b}, "benign");
  CHECK(nlohmann::json::parse(patients_json(session))[0]["call"] == "positive");
}

TEST_CASE("readings are saved with the session and change no prediction table") {
  Session session = session_with_model();
  const int id = add(session, "malignant/a.png", 2);
  const std::string before = to_csv(session.table());
  session.set_reads_first(true);
  session.set_label({id}, "benign");
  session.set_label({id}, "malignant");
  CHECK(to_csv(session.table()) == before);
  CHECK_THAT(to_csv(session.readings()), Contains("malignant/a.png,,malignant,benign,malignant,malignant\n"));
  Session other = session_with_model();
  other.open_file(parse_session(to_json(session.to_file())));
  CHECK(other.cases().front().reading_first == "benign");
  CHECK(other.cases().front().reading_after == "malignant");
}

TEST_CASE("another model keeps the first reading and drops what was read with the old one's call") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 2);
  session.set_reads_first(true);
  session.set_label({id}, "benign");
  session.set_label({id}, "malignant");
  session.set_model(spec(), "digest-b");
  CHECK(session.at(id).reading_first == "benign");
  CHECK(session.at(id).reading_after.empty());
}

TEST_CASE("images of training patients are marked, and left out of tables and figures unless they are counted") {
  Session session = session_with_training();
  CHECK(session.in_training(session.cases()[0]));
  CHECK_FALSE(session.in_training(session.cases()[2]));
  CHECK(session.left_out() == 2);
  CHECK(session.table().rows.size() == 2);
  CHECK(session.evaluation()->images.cases == 2);
  CHECK(session.patients().size() == 2);  // each is called all the same
  PredictionTable saved = parse_prediction_table(to_csv(session.predictions()));
  CHECK(saved.rows.size() == 4);
  CHECK(leave_out_training(saved) == 2);
  CHECK(to_json(*session.evaluation()) == to_json(evaluate(saved)));
  session.set_counts_training(true);
  CHECK(session.left_out() == 0);
  CHECK(session.table().rows.size() == 4);
  CHECK(session.evaluation()->images.cases == 4);
  saved = parse_prediction_table(to_csv(session.predictions()));
  CHECK(leave_out_training(saved) == 0);
  CHECK(to_json(*session.evaluation()) == to_json(evaluate(saved)));
  CaseFilter asked;
  asked.training = "in";
  CHECK(session.list(asked).size() == 2);
  asked.training = "out";
  CHECK(session.list(asked).front()->facts.patient == "14-2");
  session.set_model(spec(), "digest-b");
  CHECK_FALSE(session.in_training(session.cases()[0]));
}

TEST_CASE("a table of another model says nothing of this model's training") {
  Session session = session_with_training();
  session.set_counts_training(true);
  PredictionTable table = session.table();
  table.model_digest = "of another model";
  session.set_counts_training(false);
  session.open_table(table);
  CHECK(session.left_out() == 0);
  CHECK(session.table().rows.size() == 4);
  table.rows[3].in_training = true;  // but the table does of its own model's
  session.open_table(table);
  CHECK(session.left_out() == 1);
  CHECK(to_csv(session.predictions()) == to_csv(table));
  session.open_file(parse_session(to_json(session.to_file())));
  CHECK(session.left_out() == 1);
  const Case& marked = session.cases()[3];
  REQUIRE(session.attach_image(marked.path, marked.bytes) == marked.id);
  session.set_model(spec(), "digest-b");
  REQUIRE(session.cases().size() == 1);
  CHECK_FALSE(session.in_training(session.cases()[0]));
}

TEST_CASE("several cases are labelled and removed in one step of undo each") {
  Session session = session_with_model();
  std::vector<int> ids;
  for (const char* name : {"a.png", "b.png", "c.png", "d.png"}) ids.push_back(add(session, name, 1));
  session.set_label({ids[0]}, "malignant");
  session.set_label({ids[0], ids[1], ids[2]}, "malignant");
  session.select(ids[1]);
  session.remove_cases({ids[0], ids[1], ids[2]});
  REQUIRE(session.cases().size() == 1);
  CHECK(session.selected() == ids[3]);
  CHECK(session.undo() == "removal of 3 cases");
  CHECK(session.cases().size() == 4);
  CHECK(session.undo() == "label of 2 cases");  // one was so already
  CHECK(session.at(ids[0]).label == "malignant");
  CHECK(session.at(ids[1]).label.empty());
  CHECK(session.redo() == "label of 2 cases");
  CHECK(session.at(ids[2]).label == "malignant");
  CHECK_THROWS_WITH(session.remove_cases({ids[0], 99}), Contains("no case 99"));
  CHECK(session.cases().size() == 4);
  session.select(ids[3]);
  session.remove_cases({ids[2], ids[3]});
  CHECK(session.selected() == ids[1]);  // nothing comes after them
}
