#include "lobule/quality.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "lobule/model_package.h"
#include "lobule/sha256.h"
#include "reduced_image.h"

using namespace lobule;

namespace {

using Colour = std::array<int, 3>;

constexpr Colour kGlass = {244, 242, 245};
constexpr Colour kEosin = {226, 150, 196};
constexpr Colour kHaematoxylin = {110, 80, 160};

void paint(Image& image, int left, int top, int right, int bottom, const Colour& colour) {
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        image.rgb[static_cast<std::size_t>(3 * (y * image.width + x) + channel)] = static_cast<std::uint8_t>(colour[static_cast<std::size_t>(channel)]);
      }
    }
  }
}

Image filled(int width, int height, const Colour& colour) {
  Image image = make_image(width, height);
  paint(image, 0, 0, width, height, colour);
  return image;
}

/// Eosin with square nuclei of 6 x 6 pixels, and a margin of glass on the left.
Image section(int width = 224, int height = 224) {
  Image image = filled(width, height, kEosin);
  for (int y = 4; y + 6 < height; y += 12) {
    for (int x = 4; x + 6 < width; x += 12) paint(image, x, y, x + 6, y + 6, kHaematoxylin);
  }
  paint(image, 0, 0, width / 8, height, kGlass);
  return image;
}

/// Mean over (2 r + 1)^2 pixels; the border repeats.
Image blurred(const Image& image, int r) {
  Image result = image;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        int sum = 0;
        for (int dy = -r; dy <= r; ++dy) {
          for (int dx = -r; dx <= r; ++dx) {
            const int from_x = std::clamp(x + dx, 0, image.width - 1);
            const int from_y = std::clamp(y + dy, 0, image.height - 1);
            sum += image.rgb[static_cast<std::size_t>(3 * (from_y * image.width + from_x) + channel)];
          }
        }
        result.rgb[static_cast<std::size_t>(3 * (y * image.width + x) + channel)] = static_cast<std::uint8_t>(sum / ((2 * r + 1) * (2 * r + 1)));
      }
    }
  }
  return result;
}

std::vector<std::string> advice(const Image& image) { return quality_advice(assess_quality(image)); }

}  // namespace

TEST_CASE("A sharp section of H&E keeps every limit") {
  for (const Image& image : {section(), section(700, 460), section(50, 50)}) {
    INFO(image.width << " " << quality_json(assess_quality(image)));
    CHECK(advice(image).empty());
  }
}

TEST_CASE("Quality is measured at the scale that leaves 224 pixels on the short side") {
  const auto reduction_of = [](int width, int height) { return assess_quality(filled(width, height, kEosin)).reduction; };
  CHECK(reduction_of(50, 50) == 1);
  CHECK(reduction_of(447, 900) == 1);
  CHECK(reduction_of(700, 460) == 2);
  CHECK(reduction_of(2000, 1500) == 6);
}

TEST_CASE("A reduced image holds rounded means of whole boxes and leaves out the rest") {
  Image image = filled(449, 450, {0, 0, 0});
  image.rgb[0] = 3;  // box 0: red sum 3 + 3 of 4 pixels is 1.5
  image.rgb[3 * 449 + 3] = 3;
  paint(image, 448, 0, 449, 450, kGlass);  // the odd column
  const ReducedImage reduced = reduce_image(image);
  CHECK(reduced.reduction == 2);
  CHECK(reduced.width == 224);
  CHECK(reduced.height == 225);
  CHECK(reduced.colour_step == 2);
  CHECK(reduced.rgb.size() == 3 * 112 * 113);
  CHECK(reduced.rgb[0] == 2);
  CHECK(*std::max_element(reduced.rgb.begin() + 1, reduced.rgb.end()) == 0);
  CHECK(*std::max_element(reduced.luminance.begin(), reduced.luminance.end()) == 0);
}

TEST_CASE("Means are exact at every reduction") {
  for (const int reduction : {1, 2, 3, 7, 13}) {
    Image image = filled(224 * reduction, 224 * reduction, {255, 255, 255});
    for (std::size_t i = 0; i < image.rgb.size(); i += 2) image.rgb[i] = 254;
    paint(image, 0, 0, reduction, reduction, {254, 200, 101});
    const ReducedImage reduced = reduce_image(image);
    INFO(reduction);
    CHECK(reduced.reduction == reduction);
    CHECK(reduced.rgb[0] == 254);
    CHECK(reduced.rgb[1] == 200);
    CHECK(reduced.rgb[2] == 101);
    CHECK(reduced.luminance[0] == luminance_of(254, 200, 101));
    CHECK(*std::min_element(reduced.luminance.begin() + 1, reduced.luminance.end()) == 254);
  }
}

TEST_CASE("Empty glass is called that, once, and nothing is judged of its focus and stain") {
  for (const Colour& light : {Colour{255, 255, 255}, kGlass, Colour{190, 190, 182}}) {
    const QualityReport report = assess_quality(filled(300, 240, light));
    CHECK(report.glass_share == 1);
    CHECK(report.tissue_share == 0);
    CHECK_FALSE(report.focus);
    CHECK_FALSE(report.stain_hue_share);
    CHECK_FALSE(report.stain_misfit);
    const auto sentences = quality_advice(report);
    REQUIRE(sentences.size() == 1);
    CHECK(sentences[0].find("empty glass") != std::string::npos);
  }
}

TEST_CASE("A black image has no tissue, and is not taken for glass") {
  const QualityReport report = assess_quality(filled(64, 64, {0, 0, 0}));
  CHECK(report.tissue_share == 0);
  CHECK(report.glass_share == 0);
  CHECK_FALSE(report.focus);
  CHECK_FALSE(report.stain_misfit);
  CHECK(quality_advice(report).front().find("Too little tissue") != std::string::npos);
}

TEST_CASE("A speck of tissue is too little") {
  Image image = filled(200, 200, kGlass);
  paint(image, 20, 20, 60, 60, kEosin);  // 4 %
  const auto sentences = advice(image);
  REQUIRE(sentences.size() == 1);
  CHECK(sentences[0].find("glass") != std::string::npos);  // 96 % is
  paint(image, 100, 100, 180, 180, {238, 200, 230});       // too pale for tissue, too dark for glass
  CHECK(advice(image).at(0).find("Too little tissue") != std::string::npos);
}

TEST_CASE("Focus falls with blur and is called out of focus at two pixels' blur, whatever the size") {
  for (const Image& image : {section(), section(50, 50)}) {
    const QualityReport sharp = assess_quality(image);
    const QualityReport soft = assess_quality(blurred(image, 1));
    const QualityReport lost = assess_quality(blurred(image, 5));
    CHECK(*sharp.focus > 4 * *soft.focus);
    CHECK(*soft.focus > 4 * *lost.focus);
    CHECK(quality_advice(lost) == std::vector<std::string>{"Out of focus: refocus and take the image again."});
  }
}

TEST_CASE("Focus is the variance of the Laplacian where tissue is") {
  // One dark column in a field of tissue: its Laplacian is 2 d, its neighbours' -d, the others' 0.
  Image image = filled(102, 12, {140, 140, 140});
  paint(image, 50, 0, 51, 12, {100, 100, 100});
  const double n = 100;  // of each inner row
  const double sum = (-2 * 40 + 2 * 40) / n;
  CHECK(*assess_quality(image).focus == Approx((80.0 * 80 + 2 * 40 * 40) / n - sum * sum).epsilon(1e-12));
}

TEST_CASE("Grey, brown, green and blue images are not taken for H&E") {
  for (const Colour& colour : {Colour{120, 120, 120}, Colour{150, 100, 60}, Colour{90, 150, 70}, Colour{90, 130, 200}}) {
    Image image = section();
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
      // The section's own light and dark in one colour.
      for (std::size_t channel = 0; channel < 3; ++channel) {
        image.rgb[i + channel] = image.rgb[i + 1] > 200 ? 245 : static_cast<std::uint8_t>(image.rgb[i + 1] * colour[channel] / 160);
      }
    }
    const auto sentences = advice(image);
    INFO(colour[0] << " " << colour[1] << " " << colour[2]);
    REQUIRE_FALSE(sentences.empty());
    CHECK(sentences[0].find("haematoxylin and eosin") != std::string::npos);
  }
}

TEST_CASE("The colour of the light is not the tissue's") {
  Image image = section();
  const QualityReport white = assess_quality(image);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    image.rgb[i] = static_cast<std::uint8_t>(image.rgb[i] * 23 / 25);
    image.rgb[i + 2] = static_cast<std::uint8_t>(image.rgb[i + 2] * 20 / 25);  // yellow lamp
  }
  const QualityReport yellow = assess_quality(image);
  CHECK(yellow.light[2] == 196);
  CHECK(yellow.tissue_share == Approx(white.tissue_share).margin(0.01));
  CHECK(*yellow.stain_misfit == Approx(*white.stain_misfit).margin(0.01));  // samples are rounded
  CHECK(quality_advice(yellow).empty());
}

TEST_CASE("Ink is found by its colour, red ink excepted") {
  const auto inked = [](const Colour& ink) {
    Image image = section();
    paint(image, 100, 0, 130, 224, ink);
    return assess_quality(image).pen_share;
  };
  const double share = 30.0 / 224;
  for (const Colour& ink : {Colour{40, 90, 170}, Colour{30, 130, 70}, Colour{25, 25, 28}}) CHECK(inked(ink) == Approx(share).margin(0.01));
  CHECK(inked({200, 40, 60}) == 0);
}

TEST_CASE("What is no H&E gets one advice, though its blue counts as ink") {
  Image sea = section();
  for (std::size_t i = 0; i < sea.rgb.size(); i += 3) sea.rgb[i] = static_cast<std::uint8_t>(sea.rgb[i + 1] / 3);
  const QualityReport report = assess_quality(sea);
  CHECK(report.pen_share > 0.5);
  REQUIRE(quality_advice(report).size() == 1);
  CHECK(quality_advice(report)[0].find("haematoxylin and eosin") != std::string::npos);
}

TEST_CASE("The tissue's mask is what the share of tissue counts, in image pixels") {
  const Image image = section(701, 461);  // glass on the left, and a column and a row that fill no box
  const TissueMask mask = tissue_mask(image);
  REQUIRE(mask.reduction == 2);
  const auto found = std::count(mask.is_tissue.begin(), mask.is_tissue.end(), true);
  CHECK(static_cast<double>(found) / static_cast<double>(mask.is_tissue.size()) == assess_quality(image).tissue_share);
  CHECK_FALSE(mask.at(40, 200));
  CHECK(mask.at(400, 200));
  CHECK(mask.at(699, 459));
  CHECK_FALSE(mask.at(700, 200));
  CHECK_FALSE(mask.at(400, 460));
  CHECK_THROWS_AS(tissue_mask(Image{}), std::logic_error);
}

TEST_CASE("An image without pixels is not assessed, and one of a single pixel is") {
  CHECK_THROWS_AS(assess_quality(Image{}), std::logic_error);
  CHECK_FALSE(assess_quality(filled(1, 1, kEosin)).focus);
}

TEST_CASE("quality's JSON says what is wrong, and null for what was not judged") {
  const auto json = nlohmann::json::parse(quality_json(assess_quality(filled(64, 64, kGlass))));
  CHECK(json.at("passed") == false);
  CHECK(json.at("advice").size() == 1);
  REQUIRE(json.at("measures").size() == 6);
  for (const auto& measure : json.at("measures")) {
    const bool judged = measure.at("key") != "focus" && measure.at("unit") != "% of the stain" && measure.at("key") != "stain_misfit";
    CHECK(measure.at("value").is_null() != judged);
    CHECK(measure.at("text").get<std::string>().empty() == false);
  }
  CHECK(json.at("measures").at(1).at("text") == "0.0 % of the area");
  CHECK(json.at("measures").at(1).at("limit_text") == "at least 5.0 %");
}

TEST_CASE("quality has the same bits in every build") {
  // Hash of the native build; this test runs as WebAssembly, too.
  CHECK(sha256_hex(quality_json(assess_quality(golden_image(1, 700, 460)))) == "963dffd0cfe8169fc05bf9dfc0bed5485626a14b884140486b2b4bafa206f2da");
}
