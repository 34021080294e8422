#include "session.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "session_json.h"
#include "sessions.h"

using namespace lobule;

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
  session.remove_cases({b});
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
  session.remove_cases({id});
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
  const std::string csv = to_csv(session.table());
  const std::string evaluation = to_json(*session.evaluation());

  Session other;
  other.set_model(spec(), "digest-c");
  add(other, "mine.png", 2);
  other.open_table(parse_prediction_table(csv));
  CHECK(to_csv(other.table()) == csv);
  CHECK(to_json(*other.evaluation()) == evaluation);
  other.undo();
  REQUIRE(other.cases().size() == 1);
  CHECK(other.table().model_digest == "digest-c");
}

TEST_CASE("there is no evaluation without a labelled case, and a label by hand makes one") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 1);
  CHECK(session.evaluation() == nullptr);
  session.set_label({id}, "malignant");
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
  CaseFilter by_text;
  by_text.text = "14-2";
  CHECK(session.list(by_text).size() == 1);
  CaseFilter by_call;
  by_call.call = "negative";
  CHECK(session.list(by_call).size() == 1);
  CaseFilter by_error;
  by_error.wrong_only = true;
  CHECK(session.list(by_error).size() == 2);
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
  const auto json = nlohmann::json::parse(patients_json(session));
  CHECK(json.at(0).at("images") == 2);
  CHECK(json.at(0).at("images_refused") == 1);
  CHECK(json.at(0).at("refused") == false);  // the patient still has a call
}

TEST_CASE("a file name that is not UTF-8 does not break the page's JSON") {
  Session session = session_with_model();
  session.add_case("bad\xff.png", "bad\xff.png", 1, false, "");
  CHECK(list_json(session, {}).find("bad") != std::string::npos);
}

TEST_CASE("a case carries its image's quality once it is known, also when the model changes, and no call depends on it") {
  Session session = session_with_model();
  const int id = session.add_case("a.png", "a.png", 1, false, "");
  const auto quality = [&] { return nlohmann::json::parse(case_json(session, session.at(id))).at("quality"); };
  CHECK(quality().is_null());
  session.at(id).quality = R"({"passed":false,"advice":["Out of focus: refocus and take the image again."]})";
  session.set_result(id, logits(1));
  CHECK(quality().at("advice").size() == 1);
  CHECK(session.at(id).prediction.call == Call::positive);
  session.set_model(spec(), "digest-b");
  CHECK(quality().at("passed") == false);
}

TEST_CASE("a pinned case stays while others are selected, and goes with its removal") {
  Session session = session_with_model();
  const int a = add(session, "a.png", 1);
  const int b = add(session, "b.png", 2);
  session.pin(a);
  session.select(b);
  CHECK(session.pinned() == a);
  session.remove_cases({b});
  CHECK(session.pinned() == a);
  session.remove_cases({a});
  CHECK(session.pinned() == 0);
  session.undo();
  CHECK(session.pinned() == 0);
  CHECK_THROWS_WITH(session.pin(99), Catch::Contains("no case"));
}

TEST_CASE("a pixel's size is BreaKHis' own, or what was said of the case, or of another of its size and magnification") {
  Session session = session_with_model();
  const auto sized = [&](const char* path, int width, int height) {
    Case& c = session.at(add(session, path, 1));
    c.width = width;
    c.height = height;
    return c.id;
  };
  const int breakhis = sized("SOB_M_DC-14-5287-400-001.png", 700, 460);
  const int first = sized("first.png", 1000, 800);
  const int second = sized("second.png", 1000, 800);
  const int crop = sized("SOB_M_DC-14-5287-400-002.png", 1000, 800);
  const auto size_of = [&](int id) { return session.pixel_size(session.at(id)); };
  CHECK(size_of(breakhis) == 0.05);
  CHECK(size_of(first) == 0);
  session.set_pixel_size(first, 0.25);
  CHECK(size_of(first) == 0.25);
  CHECK(size_of(second) == 0.25);
  CHECK(size_of(crop) == 0);
  CHECK(size_of(breakhis) == 0.05);
  Session reopened;
  reopened.open_file(session.to_file());
  CHECK(reopened.pixel_size(reopened.cases()[1]) == 0.25);
  CHECK(reopened.pixel_size(reopened.cases()[2]) == 0.25);  // of the same look
  session.set_pixel_size(second, 0.5);
  CHECK(size_of(first) == 0.25);
  session.set_pixel_size(first, 0);
  CHECK(size_of(first) == 0);
  CHECK_THROWS_WITH(session.set_pixel_size(first, -1), Catch::Contains("between"));
}
