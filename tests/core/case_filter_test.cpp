#include "case_filter.h"

#include <catch2/catch.hpp>

namespace {

using lobule::Case;
using lobule::CaseFilter;
using lobule::CaseOrder;
using lobule::CaseState;
using Names = std::vector<std::string>;

const Names kClasses = {"benign", "malignant"};

/// A case with this logit for malignant over benign, called at 0.5.
Case done(int id, const std::string& path, const std::string& patient, double logit, const std::string& label = "") {
  Case c;
  c.id = id;
  c.name = c.path = path;
  c.facts.patient = patient;
  c.facts.magnification = id % 2 == 0 ? 200 : 40;
  c.label = label;
  c.state = CaseState::done;
  c.prediction = lobule::prediction_of({0, logit}, 1, 0.5, 0.5);
  return c;
}

std::vector<Case> five_cases() {
  std::vector<Case> cases = {done(1, "d.png", "p2", 3, "malignant"), done(2, "b.png", "p1", -1, "malignant"), done(3, "a.png", "p2", -2, "benign"),
                             done(4, "c.png", "", 0.2, "benign")};
  Case failed;
  failed.id = 5;
  failed.name = failed.path = "e.png";
  failed.facts.patient = "p1";
  failed.state = CaseState::failed;
  cases.push_back(failed);
  return cases;
}

std::string names(const std::vector<Case>& cases, const CaseFilter& filter) {
  std::string text;
  for (const Case* c : filter_cases(cases, filter, kClasses, 1)) text += c->name.substr(0, 1);
  return text;
}

std::string names(const std::string& json) { return names(five_cases(), lobule::parse_filter_json(json)); }

}  // namespace

TEST_CASE("the list's orders") {
  CHECK(names(R"({})") == "dabec");  // by patient, the one without last
  CHECK(names(R"({"order":"name"})") == "abcde");
  CHECK(names(R"({"order":"most_positive"})") == "dcbae");
  CHECK(names(R"({"order":"least_sure"})") == "cbade");  // 0.55, 0.27, 0.12, 0.95; then the one without a probability
}

TEST_CASE("a cell of the confusion matrix is a label and what was called") {
  CHECK(names(R"({"label":"malignant","predicted":"malignant"})") == "d");
  CHECK(names(R"({"label":"malignant","predicted":"benign"})") == "b");
  CHECK(names(R"({"label":"benign","predicted":"malignant"})") == "c");
  CHECK(names(R"({"label":"benign"})") == "ac");
  CHECK(names(R"x({"label":"(none)"})x") == "e");
  CHECK(names(R"({"wrong_only":true})") == "bc");
}

TEST_CASE("a probability range leaves out those without a probability, unless it is all of it") {
  CHECK(names(R"({"p_low":0.5,"p_high":1})") == "dc");
  CHECK(names(R"({"p_low":0.2,"p_high":0.6})") == "bc");
  CHECK(names(R"({"p_low":0,"p_high":1})") == "dabec");
}

TEST_CASE("the list by magnification, text and call") {
  CHECK(names(R"({"magnification":200})") == "bc");
  CHECK(names(R"({"text":"P2"})") == "da");
  CHECK(names(R"({"call":"failed"})") == "e");
  CHECK(names(R"({"call":"positive"})") == "dc");
}

TEST_CASE("a filter of the wrong shape shows everything") {
  CHECK(names("no JSON") == "dabec");
  CHECK(names(R"({"p_low":"x","label":3,"wrong_only":"yes","magnification":null,"order":7})") == "dabec");
}

TEST_CASE("copies are cases whose pixels an earlier one has") {
  std::vector<Case> cases = five_cases();
  cases[0].pixel_sha256 = cases[2].pixel_sha256 = cases[3].pixel_sha256 = "same";
  cases[1].pixel_sha256 = "other";
  const auto copies = lobule::copies_among(cases);
  CHECK(copies == std::map<int, std::string>{{3, "d.png"}, {4, "d.png"}});
  CaseFilter filter;
  filter.copies_only = true;
  CHECK(names(cases, filter) == "ac");
}

TEST_CASE("of more than two classes the largest logit is what was called") {
  std::vector<Case> cases = {done(1, "x", "", 0)};
  const Names three = {"a", "b", "c"};
  cases[0].prediction = lobule::prediction_of({1, 0, 3}, 1, 0.5, 0.5);
  CaseFilter filter;
  filter.predicted = "c";
  CHECK(filter_cases(cases, filter, three, 1).size() == 1);
  filter.predicted = "a";
  CHECK(filter_cases(cases, filter, three, 1).empty());
}
