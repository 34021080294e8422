#pragma once

namespace lobule {

struct Point {
  double x = 0;
  double y = 0;
};

/// Which part of an image a viewport shows. Image coordinates are pixels of the image; screen coordinates CSS pixels from the viewport's top left.
class Camera {
 public:
  void set_viewport(double width, double height);
  void set_image(int width, int height);  // goes back to fit when the size changes

  /// The whole image with a small margin, never larger than 1:1 of small images times 4.
  void fit();
  void full_size(double device_pixel_ratio);  // one image pixel on one device pixel, centre kept
  void zoom_at(double factor, Point screen);  // what is under the point stays under it
  void pan(double dx, double dy);             // screen pixels

  /// The camera that shows another image in the same way: as much larger or smaller than its fit, the same place of it in the middle (in shares of its sides).
  Camera beside(int width, int height) const;

  /// Moves what is shown towards where the last call wants it. seconds since the last frame; true while it still moves.
  bool animate(double seconds, bool reduced_motion);

  int image_width() const { return image_width_; }
  int image_height() const { return image_height_; }
  double scale() const { return scale_; }  // screen pixels an image pixel
  bool fits() const { return fitted_; }    // fit() was the last word
  Point to_screen(Point image) const;
  Point to_image(Point screen) const;

 private:
  double fit_scale() const;
  void clamp_target();

  double viewport_width_ = 1, viewport_height_ = 1;
  int image_width_ = 0, image_height_ = 0;
  double scale_ = 1, target_scale_ = 1;
  Point centre_, target_centre_;  // image coordinates in the middle of the viewport
  bool fitted_ = true;
};

}  // namespace lobule
