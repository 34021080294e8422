#include "cam_picture.h"

#include <catch2/catch.hpp>

using namespace lobule;

namespace {

using Rgb = std::array<std::uint8_t, 3>;

/// Two classes of 1 x 3 cells; the second is the first's opposite.
CamMap map_of(float left, float middle, float right) { return {2, 1, 3, {left, middle, right, -left, -middle, -right}}; }

/// Red, green, blue and alpha in the middle of a cell.
std::array<int, 4> at_cell(const CamPicture& picture, int cell) {
  const auto place = static_cast<std::size_t>(4 * (picture.width * kCamScale / 2 + cell * kCamScale + kCamScale / 2));
  return {picture.rgba[place], picture.rgba[place + 1], picture.rgba[place + 2], picture.rgba[place + 3]};
}

}  // namespace

TEST_CASE("a heat map's strongest colour stands for the largest contribution that it shows") {
  const CamMap cam = map_of(-0.5F, 0, 0.25F);
  CHECK(cam_limit(cam, 0, CamSign::only_for) == 0.25F);
  CHECK(cam_limit(cam, 1, CamSign::only_for) == 0.5F);
  CHECK(cam_limit(cam, 0, CamSign::for_and_against) == 0.5F);
  CHECK(cam_limit(map_of(-1, -1, -1), 0, CamSign::only_for) == 0);
  CHECK_THROWS_AS(cam_limit(cam, 2, CamSign::only_for), std::logic_error);
}

TEST_CASE("evidence against is transparent, or blue where it is asked for; evidence for is vermilion there") {
  const CamMap cam = map_of(-1, 0, 1);
  const CamPicture only_for = draw_cam(cam, 0, CamSign::only_for);
  REQUIRE(only_for.width == 3 * kCamScale);
  CHECK(at_cell(only_for, 0)[3] == 0);
  CHECK(at_cell(only_for, 2)[3] > 200);
  const CamPicture both = draw_cam(cam, 0, CamSign::for_and_against);
  CHECK(at_cell(both, 0)[3] == at_cell(both, 2)[3]);
  CHECK(at_cell(both, 0)[2] > at_cell(both, 0)[0] + 100);
  CHECK(at_cell(both, 2)[0] > at_cell(both, 2)[2] + 100);
  CHECK(at_cell(both, 1)[3] < 80);  // next to nothing: the tissue is seen
}

TEST_CASE("where nothing speaks for a class its heat map is transparent") {
  for (const std::uint8_t sample : draw_cam(map_of(-1, -2, -3), 0, CamSign::only_for).rgba) REQUIRE(sample == 0);
}

TEST_CASE("the colours of both maps run evenly from end to end, and what lies beyond is the end") {
  CHECK(cam_colour(CamSign::only_for, -1) == cam_colour(CamSign::only_for, 0));
  CHECK(cam_colour(CamSign::only_for, 2) == Rgb{252, 255, 164});
  CHECK(cam_colour(CamSign::for_and_against, -2) == Rgb{0, 114, 178});
  CHECK(cam_colour(CamSign::for_and_against, 0) == Rgb{255, 255, 255});
  CHECK(cam_colour(CamSign::for_and_against, 1) == Rgb{213, 94, 0});
  int last = -1;
  for (int step = 0; step <= 20; ++step) {  // lightness of the evidence's map rises all through
    const Rgb colour = cam_colour(CamSign::only_for, static_cast<float>(step) / 20);
    const int lightness = 77 * colour[0] + 150 * colour[1] + 29 * colour[2];
    CHECK(lightness > last);
    last = lightness;
  }
}
