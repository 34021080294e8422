# How our own code is compiled: targets link lobule::options privately.
add_library(lobule_options INTERFACE)
add_library(lobule::options ALIAS lobule_options)
target_compile_features(lobule_options INTERFACE cxx_std_20)
target_compile_options(lobule_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor
  # GCC 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
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

# The same bits either way; off is for machines that lack them, and for the test that shows it.
option(LOBULE_SIMD "Vector instructions: SSE2 on x86-64, and in WebAssembly what SSE2 is translated to" ON)
set(LOBULE_SSE2 OFF)
if(LOBULE_SIMD AND (EMSCRIPTEN OR CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$"))
  set(LOBULE_SSE2 ON)
endif()

# lobule_uses_sse2(FILE...): sources with vector code of their own. Only they are compiled for wasm's vector instructions, and without what
# the compiler would make of plain code: with -msimd128 everywhere, Emscripten 3.1.6 makes Camera::zoom_at give wrong numbers.
function(lobule_uses_sse2)
  if(EMSCRIPTEN)
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -msimd128 -msse2 -fno-vectorize -fno-slp-vectorize)
  endif()
endfunction()
