#pragma once

#include "lobule/portable_math.h"
#include "tissue_layer.h"
#include "tissue_texture.h"

namespace lobule {

/// Random waves and direction.
FibreField random_fibres(SplitMix64& random);

/// Lays collagen beneath everything painted so far, torn open along the fibres until `open_share` of the field (0..1) is clear of stain,
/// counting the lumens, vessels and fat cells that are there. eosin: of the collagen.
void lay_collagen(TissueLayer& layer, const FibreField& fibres, double eosin, double open_share);

/// The cells and spaces that every breast has, whatever its glands: they tell nothing about the class.
void paint_spindle_cells(TissueLayer& layer, SplitMix64& random, const FibreField& fibres, int count);
void paint_lymphocytes(TissueLayer& layer, SplitMix64& random, Point centre, double spread_um, int count);
void paint_fat_cells(TissueLayer& layer, SplitMix64& random, Point centre, int count);
void paint_capillary(TissueLayer& layer, SplitMix64& random, Point centre);

}  // namespace lobule
