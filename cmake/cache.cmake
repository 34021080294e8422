# The user's cache folder (downloads, sources, built third-party parts), the same as in scripts/lib/common.sh, and ccache.
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(LOBULE_CACHE_DIR $ENV{XDG_CACHE_HOME}/lobule)
else()
  set(LOBULE_CACHE_DIR $ENV{HOME}/.cache/lobule)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(ccache_dir ${LOBULE_CACHE_DIR}/ccache)
  if(DEFINED ENV{CCACHE_DIR})
    set(ccache_dir $ENV{CCACHE_DIR})
  endif()
  # Paths relative to the checkout, so that a second clone finds the first one's objects; the sloppiness is what ccache
  # asks for with precompiled headers.
  set(launcher env CCACHE_DIR=${ccache_dir} CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
