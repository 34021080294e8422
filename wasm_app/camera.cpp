#include "camera.h"

#include <algorithm>
#include <cmath>

namespace lobule {
namespace {

constexpr double kMargin = 16;           // screen pixels around a fitted image
constexpr double kLargestScale = 64;     // screen pixels an image pixel
constexpr double kLargestFitScale = 4;   // a tiny image is not blown up to the whole viewport
constexpr double kTimeConstant = 0.035;  // seconds: 98 % of the way within 150 ms

}  // namespace

void Camera::set_viewport(double width, double height) {
  if (width == viewport_width_ && height == viewport_height_) return;
  viewport_width_ = std::max(1.0, width);
  viewport_height_ = std::max(1.0, height);
  if (fitted_) {
    fit();
    scale_ = target_scale_;
    centre_ = target_centre_;
  }
}

void Camera::set_image(int width, int height) {
  if (width == image_width_ && height == image_height_) return;
  image_width_ = width;
  image_height_ = height;
  fit();
  scale_ = target_scale_;
  centre_ = target_centre_;
}

double Camera::fit_scale() const {
  if (image_width_ <= 0 || image_height_ <= 0) return 1;
  const double width = std::max(1.0, viewport_width_ - 2 * kMargin);
  const double height = std::max(1.0, viewport_height_ - 2 * kMargin);
  return std::min({width / image_width_, height / image_height_, kLargestFitScale});
}

void Camera::fit() {
  target_scale_ = fit_scale();
  target_centre_ = {image_width_ / 2.0, image_height_ / 2.0};
  fitted_ = true;
}

void Camera::full_size(double device_pixel_ratio) {
  target_scale_ = 1 / device_pixel_ratio;
  fitted_ = false;
  clamp_target();
}

void Camera::zoom_at(double factor, Point screen) {
  const double smallest = std::min(fit_scale(), 1.0) / 2;
  const double scale = std::clamp(target_scale_ * factor, smallest, kLargestScale);
  const Point from_middle = {screen.x - viewport_width_ / 2, screen.y - viewport_height_ / 2};
  target_centre_.x += from_middle.x / target_scale_ - from_middle.x / scale;
  target_centre_.y += from_middle.y / target_scale_ - from_middle.y / scale;
  target_scale_ = scale;
  fitted_ = false;
  clamp_target();
}

void Camera::pan(double dx, double dy) {
  target_centre_.x -= dx / target_scale_;
  target_centre_.y -= dy / target_scale_;
  fitted_ = false;
  clamp_target();
  centre_ = target_centre_;  // a drag is followed at once
}

Camera Camera::beside(int width, int height) const {
  Camera other = *this;
  if (image_width_ <= 0 || image_height_ <= 0 || width <= 0 || height <= 0) {
    other.set_image(width, height);
    return other;
  }
  other.image_width_ = width;
  other.image_height_ = height;
  const double larger = other.fit_scale() / fit_scale();
  other.scale_ *= larger;
  other.target_scale_ *= larger;
  for (Point* centre : {&other.centre_, &other.target_centre_}) {
    centre->x *= static_cast<double>(width) / image_width_;
    centre->y *= static_cast<double>(height) / image_height_;
  }
  return other;
}

void Camera::clamp_target() {  // the image can't be lost out of sight
  target_centre_.x = std::clamp(target_centre_.x, 0.0, static_cast<double>(image_width_));
  target_centre_.y = std::clamp(target_centre_.y, 0.0, static_cast<double>(image_height_));
}

bool Camera::animate(double seconds, bool reduced_motion) {
  const double step = reduced_motion ? 1 : 1 - std::exp(-seconds / kTimeConstant);
  // In the logarithm of the scale, so that in and out look alike; the fixed point under the cursor is kept since centre moves with 1 / scale.
  const double old_scale = scale_;
  scale_ *= std::pow(target_scale_ / scale_, step);
  const double done = std::abs(1 / target_scale_ - 1 / old_scale) < 1e-12 ? step : (1 / scale_ - 1 / old_scale) / (1 / target_scale_ - 1 / old_scale);
  centre_.x += (target_centre_.x - centre_.x) * done;
  centre_.y += (target_centre_.y - centre_.y) * done;
  const double distance = std::hypot(target_centre_.x - centre_.x, target_centre_.y - centre_.y) * target_scale_;
  if (std::abs(scale_ / target_scale_ - 1) < 1e-3 && distance < 0.25) {
    scale_ = target_scale_;
    centre_ = target_centre_;
    return false;
  }
  return true;
}

Point Camera::to_screen(Point image) const {
  return {(image.x - centre_.x) * scale_ + viewport_width_ / 2, (image.y - centre_.y) * scale_ + viewport_height_ / 2};
}

Point Camera::to_image(Point screen) const {
  return {(screen.x - viewport_width_ / 2) / scale_ + centre_.x, (screen.y - viewport_height_ / 2) / scale_ + centre_.y};
}

}  // namespace lobule
