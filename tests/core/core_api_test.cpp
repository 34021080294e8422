#include "core_api.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "channel_tile.h"
#include "image_pyramid.h"
#include "lobule/encode.h"
#include "lobule/preprocess.h"
#include "lobule/quality.h"
#include "lobule/sha256.h"
#include "tiny_model.h"

namespace {

using lobule::Image;
using nlohmann::json;

const std::uint8_t* bytes_of(const std::string& text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

int size_of(const std::string& text) { return static_cast<int>(text.size()); }

/// Every pixel differs from its neighbours, so that a shift by one shows.
Image patterned_image(int width, int height) {
  Image image = lobule::make_image(width, height);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<std::uint8_t>(i * 37 % 251);
  return image;
}

/// The tiny model with golden logits that a test can give back.
std::string tiny_model_file() {
  lobule::ModelPackage package = lobule::tiny_package();
  package.golden = {1e-3, {{1, {0.25, -0.25}}, {2, {1.5, -1.5}}}};
  return lobule::write_model_file(lobule::tiny_onnx(), package);
}

json check(int index, std::vector<float> logits) { return json::parse(core_check_golden(index, logits.data(), static_cast<int>(logits.size()))); }

void open_and_accept() {
  const std::string file = tiny_model_file();
  REQUIRE(json::parse(core_open_model(bytes_of(file), size_of(file))).at("golden") == 2);
  REQUIRE(check(0, {0.25F, -0.25F}).contains("ok"));
  REQUIRE(check(1, {1.5F, -1.5F}).contains("ok"));
  REQUIRE(json::parse(core_accept_model()).contains("ok"));
}

}  // namespace

TEST_CASE("A tile's pixels are means of the source pixels under them, also where the image ends inside a block") {
  const Image image = patterned_image(1101, 7);  // level 1: 551 x 4; tile 1 has 39 columns, the last of one source column
  const lobule::RgbaPixels tile = lobule::make_tile(image, 1, 1, 0);
  REQUIRE(tile.width == 551 - 512);
  REQUIRE(tile.height == 4);
  const auto source = [&](int x, int y, int channel) { return static_cast<int>(image.rgb[static_cast<std::size_t>(3 * (y * 1101 + x) + channel)]); };
  const auto pixel = [&](int x, int y, int channel) { return static_cast<int>(tile.rgba[static_cast<std::size_t>(4 * (y * tile.width + x) + channel)]); };
  for (int channel = 0; channel < 3; ++channel) {
    const int sum = source(1024, 2, channel) + source(1025, 2, channel) + source(1024, 3, channel) + source(1025, 3, channel);
    CHECK(pixel(0, 1, channel) == (sum + 2) / 4);
    CHECK(pixel(38, 3, channel) == source(1100, 6, channel));  // one source pixel is left in the corner
  }
  CHECK(pixel(0, 0, 3) == 255);
}

TEST_CASE("A tile of level 0 is the image's own pixels, and there is none beyond its edge") {
  const Image image = patterned_image(513, 2);
  const lobule::RgbaPixels tile = lobule::make_tile(image, 0, 1, 0);
  REQUIRE(tile.width == 1);
  REQUIRE(tile.height == 2);
  CHECK(tile.rgba[0] == image.rgb[3 * 512]);
  CHECK_THROWS_AS(lobule::make_tile(image, 0, 2, 0), std::runtime_error);
  CHECK_THROWS_AS(lobule::make_tile(image, 0, -1, 0), std::runtime_error);
  CHECK_THROWS_AS(lobule::make_tile(image, 31, 0, 0), std::runtime_error);
}

TEST_CASE("A thumbnail keeps the aspect ratio, has at least a pixel a side, and is never enlarged") {
  const auto size_of_thumbnail = [](int width, int height) {
    const lobule::RgbaPixels pixels = lobule::make_thumbnail(patterned_image(width, height), 96);
    CHECK(pixels.rgba.size() == static_cast<std::size_t>(4 * pixels.width * pixels.height));
    return std::make_pair(pixels.width, pixels.height);
  };
  CHECK(size_of_thumbnail(700, 460) == std::make_pair(96, 63));
  CHECK(size_of_thumbnail(2000, 3) == std::make_pair(96, 1));
  CHECK(size_of_thumbnail(40, 30) == std::make_pair(40, 30));
}

TEST_CASE("What the worker asks of the core fails with a cause, never with an exception") {
  const std::string text = "no image and no model";
  CHECK(json::parse(core_decode(1, bytes_of(text), size_of(text))).contains("error"));
  CHECK(json::parse(core_open_model(bytes_of(text), size_of(text))).contains("error"));
  CHECK(json::parse(core_tile(99, 0, 0, 0, "as_scanned")).contains("error"));
  CHECK(json::parse(core_golden_input(0)).contains("error"));
  CHECK(json::parse(core_accept_model()).contains("error"));
}

TEST_CASE("A model comes into use only after each of its golden vectors has passed") {
  const std::string file = tiny_model_file();
  REQUIRE_FALSE(json::parse(core_open_model(bytes_of(file), size_of(file))).contains("error"));
  CHECK(json::parse(core_golden_input(1)).at("shape") == json({1, 3, 4, 6}));
  CHECK(check(0, {0.25F, -0.25F}).contains("ok"));
  CHECK(json::parse(core_accept_model()).contains("error"));
  CHECK(check(1, {1.5F, -1.4F}).contains("error"));  // off by 0.1; the file allows 0.001
  CHECK(json::parse(core_accept_model()).contains("error"));
  CHECK(check(1, {1.5F, -1.5F}).contains("ok"));
  CHECK(json::parse(core_accept_model()).contains("ok"));
}

TEST_CASE("A refused model leaves the one in use, and an image's tensor is the core's own") {
  open_and_accept();
  const Image image = patterned_image(31, 17);
  const std::string png = lobule::encode_png(image);
  const json decoded = json::parse(core_decode(7, bytes_of(png), size_of(png)));
  CHECK(decoded.at("width") == 31);
  CHECK(decoded.at("height") == 17);
  CHECK(decoded.at("pixel_sha256") == lobule::pixel_sha256(image));

  std::string flipped = tiny_model_file();
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  CHECK(json::parse(core_open_model(bytes_of(flipped), size_of(flipped))).contains("error"));

  const std::vector<float> expected = lobule::preprocess(image, lobule::tiny_package().spec.input);
  CHECK(json::parse(core_preprocess(7)).at("tensor_sha256") == lobule::tensor_sha256(expected));
  CHECK(std::equal(expected.begin(), expected.end(), core_tensor()));

  core_forget(7);
  CHECK(json::parse(core_preprocess(7)).contains("error"));
}

TEST_CASE("A kept image's quality is the core's own, with no model in use") {
  const Image image = patterned_image(31, 17);
  const std::string png = lobule::encode_png(image);
  REQUIRE_FALSE(json::parse(core_decode(8, bytes_of(png), size_of(png))).contains("error"));
  CHECK(json::parse(core_quality(8)) == json::parse(lobule::quality_json(lobule::assess_quality(image))));
  core_forget(8);
  CHECK(json::parse(core_quality(8)).contains("error"));
}

TEST_CASE("A tile shows the channel that is asked for, and says whether its stains are the image's own") {
  Image image = lobule::golden_image(2, 120, 80);
  std::fill(image.rgb.begin(), image.rgb.begin() + 120 * 3 * 40, std::uint8_t{250});  // the upper half is glass
  const std::string png = lobule::encode_png(image);
  REQUIRE_FALSE(json::parse(core_decode(9, bytes_of(png), size_of(png))).contains("error"));
  const auto tile = [&](const char* channel) {
    const json answer = json::parse(core_tile(9, 0, 0, 0, channel));
    REQUIRE(answer.at("width") == 120);
    return std::vector<std::uint8_t>(core_pixels(), core_pixels() + 4 * 120 * 80);
  };
  const std::vector<std::uint8_t> scanned = tile("as_scanned");
  CHECK(scanned == lobule::make_tile(image, 0, 0, 0).rgba);

  std::vector<std::uint8_t> eosin = scanned;
  lobule::show_stain(eosin, lobule::StainChannel::eosin, lobule::view_stains(image).stains);
  CHECK(tile("eosin") == eosin);
  CHECK(json::parse(core_tile(9, 0, 0, 0, "haematoxylin")).at("own_stains") == lobule::view_stains(image).are_its_own);

  const lobule::TissueMask mask = lobule::tissue_mask(image);
  REQUIRE_FALSE(mask.at(60, 10));
  const std::vector<std::uint8_t> tissue = tile("tissue");
  for (std::size_t i = 0; i < scanned.size(); ++i) {
    const auto pixel = static_cast<int>(i / 4);
    const bool stays = i % 4 == 3 || mask.at(pixel % 120, pixel / 120);
    REQUIRE(static_cast<int>(tissue[i]) == (stays ? scanned[i] : scanned[i] * 3 / 10));
  }
  CHECK(json::parse(core_tile(9, 0, 0, 0, "sepia")).contains("error"));
  core_forget(9);
}
