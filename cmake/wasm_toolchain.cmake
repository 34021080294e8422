# Emscripten from Debian's package or from an emsdk, whichever is there.
foreach(root IN ITEMS $ENV{EMSCRIPTEN} $ENV{EMSDK}/upstream/emscripten /usr/share/emscripten)
  if(EXISTS ${root}/cmake/Modules/Platform/Emscripten.cmake)
    set(EMSCRIPTEN_ROOT_PATH ${root})
    break()
  endif()
endforeach()
if(NOT EMSCRIPTEN_ROOT_PATH)
  message(FATAL_ERROR "No Emscripten found. On Debian: apt-get install emscripten. Elsewhere: set EMSDK.")
endif()
include(${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake)

# Debian's Emscripten looks for its JavaScript parser only where node looks by default, and that is not /usr/share/nodejs.
if(EXISTS /usr/share/nodejs AND EMSCRIPTEN_ROOT_PATH STREQUAL "/usr/share/emscripten")
  set(CMAKE_C_LINKER_LAUNCHER env NODE_PATH=/usr/share/nodejs)
  set(CMAKE_CXX_LINKER_LAUNCHER env NODE_PATH=/usr/share/nodejs)
endif()
