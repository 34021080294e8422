#include "core_api.h"

#include <cstdlib>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>

#include "channel_tile.h"
#include "image_pyramid.h"
#include "lobule/case_id.h"
#include "lobule/decode.h"
#include "lobule/model_package.h"
#include "lobule/preprocess.h"
#include "lobule/quality.h"
#include "lobule/scope.h"
#include "lobule/sha256.h"

namespace {

using lobule::Image;
using lobule::ModelPackage;
using nlohmann::json;

/// A model that has been read but not yet shown to compute what its file says.
struct Candidate {
  ModelPackage package;
  std::set<int> passed;  // golden vectors
};

struct Core {
  std::optional<Candidate> candidate;
  std::optional<ModelPackage> model;
  std::map<int, Image> images;
  std::map<int, lobule::QualityReport> quality;  // of those images that were asked for
  std::map<int, lobule::ChannelFacts> channels;
  std::vector<float> tensor;
  lobule::RgbaPixels pixels;
  std::string answer;
};

Core& core() {
  static Core instance;
  return instance;
}

/// The one place where exceptions end: the work's JSON, or its error.
template <typename Work>
const char* answer(Work work) {
  json value;
  try {
    value = work();
  } catch (const std::bad_alloc&) {
    value = {{"error", "there is not enough memory for it"}};
  } catch (const std::exception& error) {
    value = {{"error", error.what()}};
  }
  core().answer = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return core().answer.c_str();
}

std::span<const std::byte> as_bytes(const std::uint8_t* bytes, int size) { return {reinterpret_cast<const std::byte*>(bytes), static_cast<std::size_t>(size)}; }

const Image& kept_image(int case_id) {
  const auto found = core().images.find(case_id);
  if (found == core().images.end()) throw std::logic_error("no image is kept under " + std::to_string(case_id));
  return found->second;
}

const lobule::QualityReport& quality_of(int case_id) {
  const auto found = core().quality.find(case_id);
  if (found != core().quality.end()) return found->second;
  return core().quality[case_id] = lobule::assess_quality(kept_image(case_id));
}

Candidate& candidate() {
  if (!core().candidate) throw std::logic_error("no model has been opened");
  return *core().candidate;
}

json shape_of(const lobule::InputSpec& input) { return {1, 3, input.height, input.width}; }

json keep_pixels(lobule::RgbaPixels pixels) {
  core().pixels = std::move(pixels);
  return {{"width", core().pixels.width}, {"height", core().pixels.height}};
}

}  // namespace

std::uint8_t* core_allocate(int bytes) { return static_cast<std::uint8_t*>(std::malloc(static_cast<std::size_t>(bytes))); }

void core_free(std::uint8_t* buffer) { std::free(buffer); }

const char* core_open_model(const std::uint8_t* bytes, int size) {
  return answer([&]() -> json {
    core().candidate.reset();
    const lobule::ModelFile file = lobule::read_model_file(as_bytes(bytes, size));
    json facts = json::parse(lobule::model_facts_json(file));
    core().candidate = Candidate{file.package, {}};
    return {{"facts", std::move(facts)}, {"golden", file.package.golden.vectors.size()}};
  });
}

const char* core_golden_input(int index) {
  return answer([&]() -> json {
    const lobule::InputSpec& input = candidate().package.spec.input;
    const std::uint64_t seed = candidate().package.golden.vectors.at(static_cast<std::size_t>(index)).seed;
    core().tensor = lobule::preprocess(lobule::golden_image(seed, input.width, input.height), input);
    return {{"shape", shape_of(input)}};
  });
}

const char* core_check_golden(int index, const float* logits, int count) {
  return answer([&]() -> json {
    const std::string verdict = lobule::check_golden(candidate().package, static_cast<std::size_t>(index), {logits, static_cast<std::size_t>(count)});
    if (verdict != "ok") throw std::runtime_error(verdict);
    candidate().passed.insert(index);
    return {{"ok", true}};
  });
}

const char* core_accept_model() {
  return answer([&]() -> json {
    if (candidate().package.golden.vectors.empty()) {
      throw std::runtime_error("the model file carries no golden vectors to check its answers by");
    }
    if (candidate().passed.size() != candidate().package.golden.vectors.size()) {
      throw std::logic_error("a model is accepted after all of its golden vectors have passed");
    }
    core().model = std::move(candidate().package);
    core().candidate.reset();
    return {{"ok", true}};
  });
}

const char* core_decode(int case_id, const std::uint8_t* bytes, int size) {
  return answer([&]() -> json {
    core_forget(case_id);
    Image image = lobule::decode_image(as_bytes(bytes, size));
    const Image& kept = core().images[case_id] = std::move(image);
    return {{"width", kept.width}, {"height", kept.height}, {"pixel_sha256", lobule::pixel_sha256(kept)}};
  });
}

void core_forget(int case_id) {
  core().images.erase(case_id);
  core().quality.erase(case_id);
  core().channels.erase(case_id);
}

const char* core_quality(int case_id) {
  return answer([&]() -> json { return json::parse(lobule::quality_json(quality_of(case_id))); });
}

const char* core_refusal(int case_id, const float* features, int count, const char* path) {
  return answer([&]() -> json {
    if (!core().model) throw std::logic_error("no model is in use");
    const std::optional<lobule::ModelScope>& scope = core().model->scope;
    if (!scope) return {{"reason", ""}};
    const double score = lobule::scope_score({features, static_cast<std::size_t>(count)}, scope->gate);
    return {{"reason", lobule::refusal_reason(*scope, quality_of(case_id), score, lobule::parse_case_id(path).magnification)}};
  });
}

const char* core_preprocess(int case_id) {
  return answer([&]() -> json {
    if (!core().model) throw std::logic_error("no model is in use");
    const lobule::InputSpec& input = core().model->spec.input;
    core().tensor = lobule::preprocess(kept_image(case_id), input);
    return {{"shape", shape_of(input)}, {"tensor_sha256", lobule::tensor_sha256(core().tensor)}};
  });
}

const float* core_tensor() { return core().tensor.data(); }

const char* core_tile(int case_id, int level, int x, int y, const char* channel) {
  return answer([&]() -> json {
    const Image& image = kept_image(case_id);
    lobule::ChannelFacts& facts = core().channels[case_id];
    json size = keep_pixels(lobule::make_channel_tile(image, lobule::channel_of(channel), facts, level, x, y));
    size["own_stains"] = facts.stains && facts.stains->are_its_own;
    return size;
  });
}

const char* core_thumbnail(int case_id, int side) {
  return answer([&]() -> json { return keep_pixels(lobule::make_thumbnail(kept_image(case_id), side)); });
}

const std::uint8_t* core_pixels() { return core().pixels.rgba.data(); }
