#include <catch2/catch.hpp>
#include <stdexcept>

#include "dataset.h"

using Catch::Matchers::Contains;
using namespace lobule;

TEST_CASE("A fold number that nothing can be counted beyond is refused, not counted with") {  // the number of folds would overflow
  Dataset dataset;
  CHECK_THROWS_WITH(apply_split_text(dataset, "path,fold\na.png,0\nb.png,2147483647\n", 0), Contains("line 3: fold \"2147483647\" is not 0, 1, 2"));
}
