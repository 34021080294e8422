# How our own code is compiled: targets link lobule::options privately.
add_library(lobule_options INTERFACE)
add_library(lobule::options ALIAS lobule_options)
target_compile_features(lobule_options INTERFACE cxx_std_20)
target_compile_options(lobule_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor
  # A fused multiply-add rounds once where two operations round twice: the same bits everywhere need it off.
  -ffp-contract=off)
if(EMSCRIPTEN)
  # Without it a throw ends the module. It must be on every compile and every link.
  target_compile_options(lobule_options INTERFACE -fwasm-exceptions)
  target_link_options(lobule_options INTERFACE -fwasm-exceptions)
endif()
# scripts/equal_bits: what makes one build differ from another, behind all other flags.
set(LOBULE_VARIANT_FLAGS "" CACHE STRING "Compiler flags put behind all others; a list")
target_compile_options(lobule_options INTERFACE ${LOBULE_VARIANT_FLAGS})
