#include "lobule/prediction_table.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

using namespace lobule;
using Catch::Contains;

namespace {

PredictionRow row(const std::string& path, const std::string& label, std::vector<double> logits, const PredictionTable& table) {
  PredictionRow result;
  result.path = path;
  result.label = label;
  result.prediction = prediction_of(std::move(logits), table.positive_class, table.threshold_low, table.threshold_high);
  return result;
}

PredictionTable sample_table() {
  PredictionTable table;
  table.class_names = {"benign", "malignant"};
  table.threshold_low = 0.35;
  table.threshold_high = 0.65;
  table.model_digest = std::string(64, 'a');
  table.rows.push_back(row("a/b, \"c\".png", "benign", {0.1, -1.25}, table));
  table.rows.push_back(row("=cmd|' /C calc'!A0.png", "malignant", {-3.3333333333333335, 40}, table));
  table.rows.push_back(row("two\nlines.png", "", {0.1, 0.2}, table));
  table.rows[0].patient = "14-22549";
  table.rows[0].slide = "14-22549AB";
  table.rows[0].magnification = 400;
  table.rows[0].subtype = "adenosis";
  table.rows[0].source = "original";
  table.rows[0].tensor_sha256 = std::string(64, 'b');
  PredictionRow refused;
  refused.path = "broken.jpg";
  refused.label = "benign";
  refused.prediction.reason = "JPEG is truncated";
  table.rows.push_back(refused);
  PredictionRow out_of_scope = row("gate.png", "malignant", {0, 5}, table);
  refuse(out_of_scope.prediction, "Not H&E");
  table.rows.push_back(out_of_scope);
  return table;
}

const std::string kForeignHeader = "path,label,patient,magnification,source,fold,p_malignant\n";

}  // namespace

TEST_CASE("A predictions table reads back and writes the same bytes again") {
  const std::string csv = to_csv(sample_table());
  const PredictionTable back = parse_prediction_table(csv);
  CHECK(to_csv(back) == csv);
  CHECK(to_json(back) == to_json(sample_table()));
  CHECK(back.threshold_low == 0.35);
  CHECK(back.rows[1].path == "=cmd|' /C calc'!A0.png");
  CHECK(back.rows[2].prediction.call == Call::no_result);
  CHECK(back.rows[3].prediction.logits.empty());
  CHECK(back.rows[4].prediction.reason == "Not H&E");
}

TEST_CASE("A table read back knows a refused image from an undecided one") {
  PredictionTable table = sample_table();
  PredictionRow between = row("between.png", "malignant", {0, 0}, table);
  refuse(between.prediction, "Out of focus");
  table.rows.push_back(between);
  const PredictionTable back = parse_prediction_table(to_csv(table));
  CHECK(back.rows[2].prediction.refusal.empty());
  CHECK(back.rows[3].prediction.refusal.empty());  // not readable
  CHECK(back.rows[4].prediction.refusal == "Not H&E");
  CHECK(back.rows[5].prediction.refusal == "Out of focus");
}

TEST_CASE("A table names the images of the model's training, and its reader can leave them out") {
  PredictionTable table = sample_table();
  CHECK(to_csv(table).find("in_training") == std::string::npos);
  CHECK(to_json(table).find("in_training") == std::string::npos);
  table.rows[1].in_training = true;
  const std::string csv = to_csv(table);
  CHECK_THAT(csv, Contains("tensor_sha256,in_training\n"));
  const auto rows = nlohmann::json::parse(to_json(table)).at("predictions");
  CHECK(rows.at(1).at("in_training") == true);
  CHECK_FALSE(rows.at(0).contains("in_training"));
  PredictionTable back = parse_prediction_table(csv);
  CHECK(to_csv(back) == csv);
  CHECK(back.rows[1].in_training);
  CHECK_FALSE(back.rows[0].in_training);
  CHECK(leave_out_training(back) == 1);
  CHECK(back.rows.size() == table.rows.size() - 1);
  CHECK(leave_out_training(back) == 0);
  const std::string odd = "path,label,p_malignant,in_training\na.png,benign,0.2,no\n";
  CHECK_THROWS_WITH(parse_prediction_table(odd), "line 2: in_training is \"no\", which is neither yes nor empty");
}

TEST_CASE("A table without rows keeps its classes") {
  PredictionTable table = sample_table();
  table.rows.clear();
  const std::string csv = to_csv(table);
  CHECK(csv ==
        "path,label,patient,slide,magnification,subtype,source,logit_benign,logit_malignant,p_malignant,call,reason,"
        "threshold_low,threshold_high,model_sha256,tensor_sha256\n");
  CHECK(to_csv(parse_prediction_table(csv)) == csv);
}

TEST_CASE("Three classes with the positive one first survive") {
  PredictionTable table;
  table.class_names = {"invasive", "in situ", "normal"};
  table.positive_class = 0;
  table.rows.push_back(row("x.png", "in situ", {-1, 2, 0.5}, table));
  const std::string csv = to_csv(table);
  CHECK_THAT(csv, Contains("not invasive"));
  const PredictionTable back = parse_prediction_table(csv);
  CHECK(back.class_names == table.class_names);
  CHECK(back.positive_class == 0);
  CHECK(to_csv(back) == csv);
}

TEST_CASE("A table from elsewhere needs path, label and the positive class's probability") {
  const PredictionTable table = parse_prediction_table(kForeignHeader + "a.jpg,benign,14-1,100,original,0,0.25\nb.jpg,malignant,14-2,40,squeezed,1,1\n");
  CHECK(table.class_names == std::vector<std::string>{"benign", "malignant"});
  CHECK(table.positive_class == 1);
  CHECK(table.threshold_high == 0.5);
  CHECK(table.model_digest.empty());
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].prediction.p_positive == 0.25);
  CHECK(table.rows[0].prediction.logits[0] == 0);
  CHECK(table.rows[0].prediction.logits[1] == Approx(-1.0986122886681098).epsilon(1e-15));
  CHECK(table.rows[0].prediction.call == Call::negative);
  CHECK(table.rows[1].prediction.p_positive == 1);
  CHECK(table.rows[1].prediction.logits[1] == Approx(27.631021).epsilon(1e-6));
  CHECK(table.rows[1].magnification == 40);
  CHECK(table.rows[1].source == "squeezed");
  const std::string csv = to_csv(table);
  CHECK(to_csv(parse_prediction_table(csv)) == csv);
}

TEST_CASE("The negative class of a table from elsewhere is the other label") {
  CHECK(parse_prediction_table("path,label,p_tumour\na,tumour,0.5\nb,healthy,0.1\n").class_names == std::vector<std::string>{"healthy", "tumour"});
  CHECK(parse_prediction_table("path,label,p_idc\na,idc,0.5\n").class_names == std::vector<std::string>{"no_idc", "idc"});
  CHECK(parse_prediction_table("path,label,p_benign,p_malignant\na,benign,0.9,0.1\n").class_names[1] == "malignant");
}

TEST_CASE("An image without a probability has no result") {
  const PredictionTable table = parse_prediction_table("path,label,p_malignant\na,benign,\n");
  CHECK(table.rows[0].prediction.call == Call::no_result);
  CHECK(table.rows[0].prediction.logits.empty());
}

TEST_CASE("Bad predictions tables are refused with the line and the cause") {
  const auto parse = [](const std::string& text) { parse_prediction_table(text); };
  CHECK_THROWS_WITH(parse("label,p_malignant\n"), Contains("no column path"));
  CHECK_THROWS_WITH(parse("path,p_malignant\n"), Contains("no column label"));
  CHECK_THROWS_WITH(parse("path,label\n"), Contains("no column p_<positive class>"));
  CHECK_THROWS_WITH(parse("path,label,p_a,p_b\n"), Contains("several columns p_<class>"));
  CHECK_THROWS_WITH(parse("path,label,p_m\n,m,0.5\n"), Contains("line 2: path is empty"));
  CHECK_THROWS_WITH(parse("path,label,p_m\na,m,1.5\n"), Contains("line 2: p_m is 1.5, which is not in 0..1"));
  CHECK_THROWS_WITH(parse("path,label,p_m\na,m,nan\n"), Contains("line 2: p_m is \"nan\", which is not a finite number"));
  CHECK_THROWS_WITH(parse("path,label,p_m\na,x,0.5\nb,y,0.5\n"), Contains("line 3: a third class \"y\""));
  CHECK_THROWS_WITH(parse("path,label,magnification,p_m\na,m,40X,0.5\n"), Contains("line 2: magnification is \"40X\""));
  CHECK_THROWS_WITH(parse("path,label,logit_b,logit_m,p_m\na,z,0,0,0.5\n"), Contains("line 2: label \"z\" is not one of the classes"));
  CHECK_THROWS_WITH(parse("path,label,logit_b,logit_m,p_m\na,m,0,,0.5\n"), Contains("line 2: a logit is missing"));
  CHECK_THROWS_WITH(parse("path,label,logit_b,logit_m,p_m\na,m,0,0,\n"), Contains("line 2: logits without a probability"));
  CHECK_THROWS_WITH(parse("path,label,logit_b,logit_m,p_m\na,m,0,3,0.2\n"), Contains("line 2: p_m is 0.2 and the logits say 0.95"));
  CHECK_THROWS_WITH(parse("path,label,logit_b,p_m\n"), Contains("no column logit_m"));
  CHECK_THROWS_WITH(parse("path,label,logit_m,p_m\n"), Contains("two classes are the least"));
  CHECK_THROWS_WITH(parse("path,label,p_m,call\na,m,0.9,b\nb,b,0.1,b\n"), Contains("line 2: the call is \"b\""));
  CHECK_THROWS_WITH(parse("path,label,p_m,threshold_low\na,m,0.9,0.4\nb,m,0.9,0.5\n"), Contains("line 3: other thresholds"));
  CHECK_THROWS_WITH(parse("path,label,p_m,threshold_low,threshold_high\na,m,0.9,0.6,0.4\n"), Contains("line 2: threshold_low is above"));
  CHECK_THROWS_WITH(parse("path,label,p_m,model_sha256\na,m,0.9,x\nb,m,0.9,y\n"), Contains("line 3: another model_sha256"));
}

TEST_CASE("The JSON of predictions is valid, names its use, and has null where there is no answer") {
  PredictionTable table = sample_table();
  table.rows[0].path = "not utf-8 \xff.png";
  const nlohmann::json json = nlohmann::json::parse(to_json(table));
  CHECK(json["research_use_only"] == std::string(kResearchUseOnly));
  CHECK(json["classes"] == std::vector<std::string>{"benign", "malignant"});
  CHECK(json["positive"] == "malignant");
  REQUIRE(json["predictions"].size() == 5);
  CHECK(json["predictions"][0]["path"] == "not utf-8 \xEF\xBF\xBD.png");
  CHECK(json["predictions"][0]["p_positive"] == table.rows[0].prediction.p_positive);
  CHECK(json["predictions"][3]["p_positive"].is_null());
  CHECK(json["predictions"][3]["call"] == "no result");
}
