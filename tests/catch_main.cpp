#define CATCH_CONFIG_MAIN
#define CATCH_CONFIG_NO_POSIX_SIGNALS  // absent under wasm, and in the way of the sanitizers
#include <catch2/catch.hpp>
