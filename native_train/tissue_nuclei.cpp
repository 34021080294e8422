#include "tissue_nuclei.h"

#include <cmath>

#include "tissue_random.h"
#include "tissue_texture.h"

namespace lobule {

NucleusHabit epithelial_nuclei(double grade) {
  NucleusHabit habit;
  habit.radius = mix(3.4, 5.8, smooth_step(0.3, 0.8, grade));
  habit.radius_spread = mix(0.06, 0.30, grade);
  habit.aspect = mix(1.30, 1.45, grade);
  habit.aspect_spread = mix(0.08, 0.30, grade);
  habit.waviness = mix(0.03, 0.16, grade);
  habit.darkness = mix(0.78, 0.82, grade);
  habit.darkness_spread = mix(0.06, 0.24, grade);
  habit.open_chromatin = mix(0.10, 0.50, grade);
  return habit;
}

NucleusHabit myoepithelial_nuclei() {
  NucleusHabit habit;
  habit.radius = 2.7;
  habit.aspect = 2.4;
  habit.darkness = 0.95;
  return habit;
}

NucleusHabit spindle_nuclei() {
  NucleusHabit habit;
  habit.radius = 2.5;
  habit.radius_spread = 0.2;
  habit.aspect = 3.8;
  habit.aspect_spread = 1.0;
  habit.waviness = 0.08;
  habit.darkness = 0.85;
  habit.darkness_spread = 0.12;
  return habit;
}

NucleusHabit lymphocyte_nuclei() {
  NucleusHabit habit;
  habit.radius = 2.9;
  habit.radius_spread = 0.1;
  habit.aspect = 1.08;
  habit.aspect_spread = 0.05;
  habit.darkness = 1.1;
  habit.open_chromatin = 0;
  return habit;
}

Nucleus random_nucleus(SplitMix64& random, const NucleusHabit& habit, Point centre, Point long_axis) {
  const double radius = habit.radius * std::max(0.55, 1 + habit.radius_spread * standard_normal(random));
  const double aspect = std::max(1.0, habit.aspect + habit.aspect_spread * standard_normal(random));
  Nucleus nucleus;
  nucleus.outline = random_outline(random, centre, radius, aspect, habit.waviness);
  nucleus.outline.axis = long_axis;
  nucleus.darkness = std::max(0.45, habit.darkness * (1 + habit.darkness_spread * standard_normal(random)));
  nucleus.open_chromatin = happens(random, habit.open_chromatin);
  nucleus.texture = random.next();
  return nucleus;
}

void paint_nucleus(TissueLayer& layer, const Nucleus& nucleus) {
  const Outline& outline = nucleus.outline;
  const Point nucleolus = outline.boundary_point(static_cast<double>(nucleus.texture >> 11) / 9007199254740992.0, -0.65 * outline.semi_minor);
  layer.paint(outline, [&](Point point, double distance) {
    const double membrane = std::clamp(1 + distance / 1.1, 0.0, 1.0);
    const double grain = value_noise(nucleus.texture, point.x / 1.6, point.y / 1.6) - 0.5;
    double density = nucleus.darkness * (0.95 + 0.12 * membrane + 0.35 * grain);
    if (nucleus.open_chromatin) {
      density = nucleus.darkness * (0.62 + 0.48 * membrane + 0.75 * grain);
      density += 0.4 * smooth_step(1.5, 0.8, length(point - nucleolus));
    }
    return Deposit{density, 0.18, 0.94};
  });
}

}  // namespace lobule
