#pragma once

#include <vector>

#include "lobule/portable_math.h"
#include "tissue_layer.h"
#include "tissue_texture.h"

namespace lobule {

/// An epithelial structure: from a round duct with a two-layered wall at grade 0 to a ragged solid or cribriform nest at grade 1.
struct Gland {
  Outline outline;
  double grade = 0;
  double wall = 12;             // thickness of the epithelium, micrometres; at least the radius: solid
  std::vector<Outline> lumens;  // none: solid; several: cribriform
  double secretion = 0;         // eosin in the lumens; 0: clear
  double cytoplasm_eosin = 0.3;
  double cytoplasm_haematoxylin = 0.12;
};

/// Grade changes wall, lumens, outline and the cells in one continuous way; there is no switch between the classes.
Gland random_gland(SplitMix64& random, Point centre, double radius, double grade);

void paint_gland(TissueLayer& layer, SplitMix64& random, const Gland& gland);

/// A row of single cells in the stroma, as invading cells lie, starting at a point and following the fibres.
void paint_cell_row(TissueLayer& layer, SplitMix64& random, const FibreField& fibres, Point start, int cells, double grade);

}  // namespace lobule
