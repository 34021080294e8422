# What only the page needs: lobule::sdl2, lobule::imgui, lobule::implot. Built by wasm_libraries/ into the cache folder
# under a name made from everything that shapes the result.
set(SDL_SOURCE_DIR ${LOBULE_CACHE_DIR}/src/SDL2-2.26.5)
if(NOT EXISTS ${SDL_SOURCE_DIR})
  FetchContent_Declare(sdl2 GIT_REPOSITORY https://github.com/libsdl-org/SDL GIT_TAG release-2.26.5
    GIT_SHALLOW TRUE SOURCE_SUBDIR no_cmake)
  FetchContent_MakeAvailable(sdl2)
  set(SDL_SOURCE_DIR ${sdl2_SOURCE_DIR})
endif()

set(imgui_definitions
  IMGUI_IMPL_OPENGL_ES3
  IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS # never shown: they would only make the page heavier
  ImDrawIdx=unsigned\ int) # WebGL 2 has no base vertex, so 16 bits end at 65536 vertices a plot

execute_process(COMMAND ${CMAKE_CXX_COMPILER} --version OUTPUT_VARIABLE compiler_version COMMAND_ERROR_IS_FATAL ANY)
file(SHA256 ${PROJECT_SOURCE_DIR}/cmake/wasm_libraries/CMakeLists.txt recipe)
string(SHA256 key "${compiler_version};${recipe};${imgui_definitions};${SDL_SOURCE_DIR};${IMGUI_BUNDLE_DIR}")
string(SUBSTRING ${key} 0 16 key)
set(libraries_dir ${LOBULE_CACHE_DIR}/wasm/${key})

if(NOT EXISTS ${libraries_dir})
  message(STATUS "Building SDL2, Dear ImGui and ImPlot for wasm (once, about two minutes) in ${libraries_dir}")
  file(LOCK ${LOBULE_CACHE_DIR}/wasm/${key}.lock)
  if(NOT EXISTS ${libraries_dir}) # another run may have built it while this one waited
    string(RANDOM LENGTH 8 suffix)
    set(work ${LOBULE_CACHE_DIR}/wasm/tmp.${suffix})
    execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${PROJECT_SOURCE_DIR}/cmake/wasm_libraries -B ${work}/build
      -DCMAKE_TOOLCHAIN_FILE=${PROJECT_SOURCE_DIR}/cmake/wasm_toolchain.cmake -DCMAKE_BUILD_TYPE=Release
      -DCMAKE_INSTALL_PREFIX=${work}/install -DSDL_SOURCE_DIR=${SDL_SOURCE_DIR} -DIMGUI_BUNDLE_DIR=${IMGUI_BUNDLE_DIR}
      "-DIMGUI_DEFINITIONS=${imgui_definitions}"
      OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${work}/build --target install OUTPUT_FILE ${work}/log.txt
      RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR "They did not build: see ${work}/log.txt")
    endif()
    file(RENAME ${work}/install ${libraries_dir})
    file(REMOVE_RECURSE ${work})
  endif()
  file(LOCK ${LOBULE_CACHE_DIR}/wasm/${key}.lock RELEASE)
endif()

function(lobule_wasm_library name archive)
  add_library(lobule_${name} STATIC IMPORTED GLOBAL)
  set_target_properties(lobule_${name} PROPERTIES IMPORTED_LOCATION ${libraries_dir}/lib/lib${archive}.a)
  add_library(lobule::${name} ALIAS lobule_${name})
  target_include_directories(lobule_${name} SYSTEM INTERFACE ${ARGN})
endfunction()

lobule_wasm_library(sdl2 SDL2 ${SDL_SOURCE_DIR}/include)
lobule_wasm_library(imgui imgui ${IMGUI_BUNDLE_DIR}/imgui ${IMGUI_BUNDLE_DIR}/imgui/backends)
lobule_wasm_library(implot implot ${IMGUI_BUNDLE_DIR}/implot)
target_compile_definitions(lobule_imgui INTERFACE ${imgui_definitions})
target_link_libraries(lobule_imgui INTERFACE lobule::sdl2)
target_link_libraries(lobule_implot INTERFACE lobule::imgui)
