#include "camera.h"

#include <catch2/catch.hpp>

namespace {

using lobule::Camera;
using lobule::Point;

Camera camera_on(int width, int height) {
  Camera camera;
  camera.set_viewport(832, 632);
  camera.set_image(width, height);
  return camera;
}

void settle(Camera& camera) {
  for (int i = 0; i < 200 && camera.animate(0.016, false); ++i) {
  }
}

}  // namespace

TEST_CASE("a fitted image is centred and wholly visible with its margin") {
  const Camera camera = camera_on(1600, 600);
  CHECK(camera.scale() == Approx(0.5));
  const Point corner = camera.to_screen({0, 0});
  CHECK(corner.x == Approx(16));
  CHECK(corner.y == Approx(166));
}

TEST_CASE("zooming keeps what is under the cursor under the cursor, also while it moves") {
  Camera camera = camera_on(700, 460);
  const Point cursor = {300, 200};
  const Point before = camera.to_image(cursor);
  camera.zoom_at(3, cursor);
  for (int i = 0; i < 5; ++i) {
    camera.animate(0.016, false);
    CHECK(camera.to_image(cursor).x == Approx(before.x).margin(1e-6));
    CHECK(camera.to_image(cursor).y == Approx(before.y).margin(1e-6));
  }
  settle(camera);
  CHECK(camera.to_image(cursor).x == Approx(before.x).margin(1e-6));
}

TEST_CASE("an animation ends, within a quarter of a second, and at once with reduced motion") {
  Camera camera = camera_on(700, 460);
  camera.zoom_at(4, {10, 10});
  int frames = 1;
  while (camera.animate(0.016, false)) ++frames;
  CHECK(frames * 0.016 < 0.4);
  camera.zoom_at(0.5, {10, 10});
  CHECK_FALSE(camera.animate(0.016, true));
}

TEST_CASE("a tiny image is not blown up to the whole viewport") { CHECK(camera_on(1, 1).scale() == Approx(4)); }

TEST_CASE("full size puts one image pixel on one device pixel") {
  Camera camera = camera_on(4000, 3000);
  camera.full_size(2);
  settle(camera);
  CHECK(camera.scale() == Approx(0.5));
}

TEST_CASE("the image can't be dragged out of sight") {
  Camera camera = camera_on(700, 460);
  camera.pan(1e6, -1e6);
  settle(camera);
  const Point corner = camera.to_screen({0, 460});
  CHECK(corner.x == Approx(416));
  CHECK(corner.y == Approx(316));
}

TEST_CASE("a new size of the viewport refits an image that was fitted and leaves a zoomed one as it is") {
  Camera camera = camera_on(1600, 600);
  camera.set_viewport(432, 632);
  CHECK(camera.scale() == Approx(0.25));
  camera.zoom_at(2, {216, 316});
  settle(camera);
  const double scale = camera.scale();
  camera.set_viewport(832, 632);
  CHECK(camera.scale() == scale);
}

TEST_CASE("the camera beside another shows the same share of an image of another size, fitted or zoomed") {
  Camera camera = camera_on(1600, 600);
  const Camera fitted = camera.beside(700, 460);
  CHECK(fitted.scale() == camera_on(700, 460).scale());
  CHECK(fitted.fits());
  camera.zoom_at(3, {700, 300});
  settle(camera);
  const Camera beside = camera.beside(800, 300);  // half as large: of the same shape
  for (const Point screen : {Point{0, 0}, Point{416, 316}, Point{800, 20}}) {
    CHECK(beside.to_image(screen).x == Approx(camera.to_image(screen).x / 2));
    CHECK(beside.to_image(screen).y == Approx(camera.to_image(screen).y / 2));
  }
}

TEST_CASE("beside an image of another shape the middle is the same place, and both come back together") {
  Camera camera = camera_on(1600, 600);
  camera.zoom_at(5, {200, 100});
  const Camera beside = camera.beside(600, 1600);  // while it still moves
  const Point middle = {416, 316};
  CHECK(beside.to_image(middle).x / 600 == Approx(camera.to_image(middle).x / 1600));
  CHECK(beside.to_image(middle).y / 1600 == Approx(camera.to_image(middle).y / 600));
  const Camera back = beside.beside(1600, 600);
  CHECK(back.scale() == Approx(camera.scale()));
  CHECK(back.to_image({0, 0}).x == Approx(camera.to_image({0, 0}).x));
}

TEST_CASE("a camera without an image fits the one beside it") {
  Camera camera;
  camera.set_viewport(832, 632);
  CHECK(camera.beside(700, 460).scale() == camera_on(700, 460).scale());
}
