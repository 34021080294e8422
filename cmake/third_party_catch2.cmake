# Catch2 2.13 (one header), for native and wasm tests alike: lobule::catch2.
lobule_header_library(catch2 catch2/catch.hpp catch2 https://github.com/catchorg/Catch2 v2.13.10 single_include)
