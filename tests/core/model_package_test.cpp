#include "lobule/model_package.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "lobule/sha256.h"
#include "tiny_model.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

std::string tiny_file() { return write_model_file(tiny_onnx(), tiny_package()); }

/// A file whose digest is right although its writer changed what write_model_file made.
std::string signed_after(const std::function<void(OnnxModel&)>& change) {
  OnnxModel model = parse_onnx(as_bytes_of(tiny_file()));
  model.metadata_props.back().second = std::string(64, '0');
  change(model);
  std::string file = serialize_onnx(model);
  return file.replace(file.size() - 64, 64, sha256_hex(file));
}

std::string& metadata(OnnxModel& model, const std::string& key) {
  for (auto& [name, value] : model.metadata_props) {
    if (name == key) return value;
  }
  throw std::logic_error("no such key: " + key);
}

/// The file with one text inside a metadata value replaced.
std::string with_metadata(const std::string& key, const std::string& from, const std::string& to) {
  return signed_after([&](OnnxModel& model) {
    std::string& value = metadata(model, key);
    const std::size_t at = value.find(from);
    if (at == std::string::npos) throw std::logic_error("not in " + value + ": " + from);
    value.replace(at, from.size(), to);
  });
}

void check_refused(const std::string& file, const std::string& cause) { CHECK_THROWS_WITH(read_model_file(as_bytes_of(file)), Contains(cause)); }

/// True when the bytes are accepted as a model; runtime_error is the only way to refuse.
bool accepted(const std::string& file) {
  try {
    read_model_file(as_bytes_of(file));
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("A package comes back from its file as it was") {
  ModelPackage package = tiny_package();
  package.training_patients = {"14-22549", "14-9461"};
  const ModelFile file = read_model_file(as_bytes_of(write_model_file(tiny_onnx(), package)));
  const ModelPackage& read = file.package;
  CHECK(read.spec.name == "tiny \"model\"");
  CHECK(read.spec.network == "tiny");
  CHECK(read.spec.class_names == package.spec.class_names);
  CHECK(read.spec.positive_class == 1);
  CHECK(read.spec.input.width == 6);
  CHECK(read.spec.input.height == 4);
  CHECK(read.spec.input.fit == Fit::contain);
  CHECK(read.spec.input.filter == ResizeFilter::bicubic);
  CHECK(read.spec.input.mean == package.spec.input.mean);
  CHECK(read.spec.input.stddev == package.spec.input.stddev);
  CHECK(read.spec.temperature == 1.25);
  CHECK(read.spec.threshold_low == 0.4);
  CHECK(read.spec.threshold_high == 0.6);
  CHECK(read.golden.tolerance == 1e-4);
  REQUIRE(read.golden.vectors.size() == 2);
  CHECK(read.golden.vectors[1].seed == 18446744073709551615ULL);
  CHECK(read.golden.vectors[1].logits == std::vector<double>{1.0 / 3.0, -4.0});
  CHECK(read.provenance_json == package.provenance_json);
  CHECK(read.evaluation_json == package.evaluation_json);
  REQUIRE(read.history.size() == 1);
  CHECK(read.history[0].train.loss == 0.7);
  CHECK(read.training_patients == package.training_patients);
  CHECK(read.digest.size() == 64);
  CHECK(file.onnx.producer_name == "lobule");
}

TEST_CASE("Writing a model that was read gives the same bytes") {
  const std::string bytes = tiny_file();
  const ModelFile file = read_model_file(as_bytes_of(bytes));
  CHECK(write_model_file(file.onnx, file.package) == bytes);
}

TEST_CASE("Patients of the training are named in the file only when there are any") { CHECK(tiny_file().find("lobule.patients") == std::string::npos); }

TEST_CASE("The digest is SHA-256 over the file with its own digits taken as zeros") {
  std::string file = tiny_file();
  const std::string digest = read_model_file(as_bytes_of(file)).package.digest;
  CHECK(file.substr(file.size() - 64) == digest);
  CHECK(sha256_hex(file.replace(file.size() - 64, 64, std::string(64, '0'))) == digest);
}

TEST_CASE("One flipped bit anywhere is refused") {
  const std::string file = tiny_file();
  REQUIRE(accepted(file));
  std::vector<std::size_t> survivors;
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::string flipped = file;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    if (accepted(flipped)) survivors.push_back(bit);
  }
  CHECK(survivors.empty());
}

TEST_CASE("A file cut short anywhere, or with something behind it, is refused") {
  const std::string file = tiny_file();
  std::vector<std::size_t> survivors;
  for (std::size_t size = 0; size < file.size(); ++size) {
    if (accepted(file.substr(0, size))) survivors.push_back(size);
  }
  CHECK(survivors.empty());
  check_refused(file + std::string("\x98\x06\x01", 3), "does not end with its digest");  // a field that ONNX does not know
}

TEST_CASE("A file of another producer shows no sign of ours and is refused as such") {
  OnnxModel model = tiny_onnx();
  model.producer_name = "pytorch";
  model.metadata_props = {{"author", "lobule"}};
  CHECK_FALSE(is_lobule_model(model));
  check_refused(serialize_onnx(model), "not a lobule model");
}

TEST_CASE("Any sign of ours without the rest is refused with what is missing") {
  OnnxModel producer = tiny_onnx();
  producer.producer_name = "lobule";
  CHECK(is_lobule_model(producer));
  check_refused(serialize_onnx(producer), "lacks the key lobule.digest");
  OnnxModel key = tiny_onnx();
  key.metadata_props = {{"lobule.anything", ""}};
  CHECK(is_lobule_model(key));
  check_refused(serialize_onnx(key), "its producer is ''");
  for (const std::string name : {"lobule.format_version", "lobule.model", "lobule.golden", "lobule.training", "lobule.evaluation", "lobule.history"}) {
    check_refused(signed_after([&](OnnxModel& model) { std::erase_if(model.metadata_props, [&](const auto& entry) { return entry.first == name; }); }),
                  "lacks the key " + name);
  }
  check_refused(signed_after([](OnnxModel& model) { model.producer_name = "other"; }), "its producer is 'other'");
}

TEST_CASE("Keys that come twice or are unknown, and other format versions, are refused") {
  check_refused(signed_after([](OnnxModel& model) {
                  model.metadata_props.insert(model.metadata_props.begin(), {"lobule.model", "{}"});
                }),
                "has the key lobule.model twice");
  check_refused(signed_after([](OnnxModel& model) {
                  model.metadata_props.insert(model.metadata_props.begin(), {"lobule.gate", "{}"});
                }),
                "does not know: lobule.gate");
  check_refused(with_metadata("lobule.format_version", "1", "2"), "has format version 2; this program reads version 1");
}

TEST_CASE("A model whose content was changed is told from one that only lost its digest") {
  std::string file = tiny_file();
  file[file.find("tiny \\\"model")] = 'T';
  check_refused(file, "digest does not match its content");
}

TEST_CASE("Each contradiction in the model's description is refused with its cause") {
  const auto refuse_model = [](const std::string& from, const std::string& to, const std::string& cause) {
    check_refused(with_metadata("lobule.model", from, to), cause);
  };
  refuse_model("\"class_names\":[\"benign\",\"malignant\"]", "\"class_names\":[\"benign\"]", "has 1 class names");
  refuse_model("\"benign\"", "\"malignant\"", "class names that are empty or occur twice");
  refuse_model("\"benign\"", "\"\"", "class names that are empty or occur twice");
  refuse_model("\"positive_class\":1", "\"positive_class\":2", "positive class that does not exist");
  refuse_model("\"positive_class\":1", "\"positive_class\":0.5", "no whole number for positive_class");
  refuse_model("\"positive_class\":1", "\"positive_class\":-1", "no whole number for positive_class");
  refuse_model("\"width\":6", "\"width\":0", "input of 0x4 pixels");
  refuse_model("\"width\":6", "\"width\":5000", "input of 5000x4 pixels");
  refuse_model("\"width\":6", "\"breadth\":6", "lobule.model is not as expected");
  refuse_model("\"contain\"", "\"zoom\"", "unknown fit 'zoom'");
  refuse_model("\"bicubic\"", "\"sinc\"", "unknown filter 'sinc'");
  refuse_model("\"temperature\":1.25", "\"temperature\":0", "temperature that is not from 0.001 to 1000");
  refuse_model("\"temperature\":1.25", "\"temperature\":1e999", "lobule.model is not as expected");
  refuse_model("\"threshold_low\":0.4", "\"threshold_low\":0.7", "thresholds that are not");
  refuse_model("\"threshold_high\":0.6", "\"threshold_high\":1.5", "thresholds that are not");
  refuse_model("\"stddev\":[", "\"stddev\":[0,", "three values in mean and in stddev");
  refuse_model("\"mean\":[0.699999988079071", "\"mean\":[1e60", "mean or stddev out of bounds");
  refuse_model("\"stddev\":[0.10000000149011612", "\"stddev\":[0", "mean or stddev out of bounds");
  refuse_model("{", "", "lobule.model is not as expected");
  refuse_model("{", "{\"deep\":" + std::string(100, '[') + std::string(100, ']') + ",", "nested too deeply");
}

TEST_CASE("Golden vectors that cannot show anything are refused") {
  const auto refuse_golden = [](const std::string& from, const std::string& to, const std::string& cause) {
    check_refused(with_metadata("lobule.golden", from, to), cause);
  };
  refuse_golden("0.0001", "0", "a tolerance outside");
  refuse_golden("0.0001", "1", "a tolerance outside");
  refuse_golden("0.25,", "0.25,1,", "not one logit for each class");
  refuse_golden("\"seed\":1,", "\"seed\":-1,", "seed that is not a whole number");
  refuse_golden("0.25", "null", "lobule.golden is not as expected");
  check_refused(signed_after([](OnnxModel& model) { metadata(model, "lobule.golden") = R"({"tolerance":0.0001,"vectors":[]})"; }), "has 0 vectors");
}

TEST_CASE("Training, evaluation, history and patients must be well formed") {
  check_refused(with_metadata("lobule.training", "{\"epochs\":8}", "[]"), "lobule.training is not a JSON object");
  check_refused(with_metadata("lobule.evaluation", "}", ""), "lobule.evaluation is not as expected");
  check_refused(with_metadata("lobule.history", "{", ""), "lobule.history");
  const auto with_patients = [](const std::string& text) {
    return signed_after([&](OnnxModel& model) { model.metadata_props.insert(model.metadata_props.begin(), {"lobule.patients", text}); });
  };
  CHECK(accepted(with_patients("[\"14-22549\"]")));
  check_refused(with_patients("[]"), "lobule.patients lists nobody");
  check_refused(with_patients("[1]"), "lobule.patients is not as expected");
}

TEST_CASE("A graph that contradicts the description is refused with what differs") {
  const auto refuse_graph = [](const std::function<void(OnnxGraph&)>& change, const std::string& cause) {
    check_refused(signed_after([&](OnnxModel& model) { change(model.graph); }), cause);
  };
  refuse_graph([](OnnxGraph& graph) { graph.inputs.push_back({"second", OnnxType::float32, {}}); }, "has 2 inputs");
  refuse_graph([](OnnxGraph& graph) { graph.inputs[0].dims[2].value = 5; }, "'image' with shape [N,3,5,6]; it must be float [N,3,4,6]");
  refuse_graph([](OnnxGraph& graph) { graph.inputs[0].type = OnnxType::float16; }, "'image'");
  refuse_graph([](OnnxGraph& graph) { graph.outputs[0].dims[1].value = 3; }, "'logits' with shape [N,3]; it must be float [N,2]");
  refuse_graph([](OnnxGraph& graph) { graph.outputs[1].dims.pop_back(); }, "'cam' with shape [N,2,4]");
  refuse_graph([](OnnxGraph& graph) { graph.outputs[2].dims[1] = {-1, "C"}; }, "'features' with shape [N,C]");
  refuse_graph([](OnnxGraph& graph) { graph.outputs.erase(graph.outputs.begin() + 1); }, "lacks the output 'cam'");
}

TEST_CASE("Facts for people hold what the page shows") {
  const auto facts = nlohmann::json::parse(model_facts_json(read_model_file(as_bytes_of(tiny_file()))));
  CHECK(facts.at("research_use_only") == "For Research Use Only. Not for use in diagnostic procedures.");
  CHECK(facts.at("name") == "tiny \"model\"");
  CHECK(facts.at("class_names") == nlohmann::json({"benign", "malignant"}));
  CHECK(facts.at("input").at("fit") == "contain");
  CHECK(facts.at("parameters") == 8);  // what cam repeats is not counted
  CHECK(facts.at("weight_bytes") == 56);
  CHECK(facts.at("outputs").at("cam") == nlohmann::json({2, 4, 6}));
  CHECK(facts.at("golden").at("vectors") == 2);
  CHECK(facts.at("training").at("epochs") == 8);
  CHECK(facts.at("evaluation").at("accuracy") == 0.9);
  CHECK(facts.at("history").at(0).at("train").at("loss") == 0.7);
  CHECK(facts.at("digest").get<std::string>().size() == 64);
}

TEST_CASE("The specification comes back from the facts, checked") {
  const ModelFile file = read_model_file(as_bytes_of(tiny_file()));
  std::string facts = model_facts_json(file);
  const ModelSpec spec = parse_model_facts(facts);
  CHECK(spec.class_names == file.package.spec.class_names);
  CHECK(spec.input.stddev == file.package.spec.input.stddev);
  CHECK(spec.threshold_high == 0.6);
  facts.replace(facts.find("\"temperature\":1.25"), 18, "\"temperature\":-1.2");
  CHECK_THROWS_WITH(parse_model_facts(facts), Contains("temperature that is not from 0.001 to 1000"));
  CHECK_THROWS_WITH(parse_model_facts("no"), Contains("not JSON"));
  CHECK_THROWS_WITH(parse_model_facts(R"({"name":1e999})"), Contains("not JSON") && Contains("number overflow"));
}

TEST_CASE("A golden answer passes within its tolerance and fails with the distance beyond it") {
  const ModelPackage package = tiny_package();
  const auto check = [&](std::vector<float> logits) { return check_golden(package, 0, logits); };
  CHECK(check({0.25F, -0.125F}) == "ok");
  CHECK(check({0.25F, -0.12491F}) == "ok");  // 9e-5 off; the tolerance is 1e-4
  CHECK_THAT(check({0.25F, -0.375F}), Contains("golden input 1: a logit is off by 0.25"));
  CHECK_THAT(check({std::numeric_limits<float>::quiet_NaN(), -0.125F}), Contains("off by nan"));
  CHECK_THAT(check({0.25F, std::numeric_limits<float>::infinity()}), Contains("off by inf"));
  CHECK_THAT(check({0.25F}), Contains("gave 1 logits; the model has 2"));
}

TEST_CASE("A golden image has the same bytes on every machine") {
  // Hashes of the pictures as g++ draws them on x86-64; the same test runs as wasm.
  CHECK(pixel_sha256(golden_image(1, 144, 96)) == "286edc22656242f46427118b73b85734dcd5913dd2c74d140808e1d2ba2974e8");
  CHECK(pixel_sha256(golden_image(18446744073709551615ULL, 600, 400)) == "d9ddc44aef28adf3934d6d16514beabf08869b3545c8464bfc64a3f9bc8d410d");
  CHECK(pixel_sha256(golden_image(2, 1, 1)) == "f09ad12549724106405caca2b33b9b0f475d8b5ab5d5d5816336b013163398ab");
}

TEST_CASE("Golden images differ much from seed to seed") {
  std::set<int> means;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const Image image = golden_image(seed, 144, 96);
    REQUIRE(image.rgb.size() == 3 * 144 * 96);
    std::int64_t sum = 0;
    for (const std::uint8_t value : image.rgb) sum += value;
    means.insert(static_cast<int>(sum / static_cast<std::int64_t>(image.rgb.size())) / 8);
  }
  CHECK(means.size() >= 6);  // 6 steps of 8 grey levels: from sparse nuclei to crowded ones
}
