# Header-only parts of lobule::core, for g++ and for emcc: lobule::json, lobule::protozero, lobule::stb.
# An installed package first, else the pinned release by FetchContent.
include(FetchContent)

# emcc must not see /usr/include, so single folders of it are linked into the build tree.
set(link_dir ${CMAKE_BINARY_DIR}/third_party/include)
file(MAKE_DIRECTORY ${link_dir})

# lobule_header_library(NAME HEADER FOLDER REPOSITORY TAG SUBDIR): FOLDER is the first part of HEADER's path.
function(lobule_header_library name header folder repository tag subdir)
  find_path(${name}_INCLUDE_DIR ${header} PATHS /usr/include NO_CMAKE_FIND_ROOT_PATH)
  if(${name}_INCLUDE_DIR)
    file(CREATE_LINK ${${name}_INCLUDE_DIR}/${folder} ${link_dir}/${folder} SYMBOLIC)
    set(include_dir ${link_dir})
  else()
    FetchContent_Declare(${name} GIT_REPOSITORY ${repository} GIT_TAG ${tag} GIT_SHALLOW TRUE SOURCE_SUBDIR no_cmake)
    FetchContent_MakeAvailable(${name})
    set(include_dir ${${name}_SOURCE_DIR}/${subdir})
  endif()
  add_library(lobule_${name} INTERFACE)
  add_library(lobule::${name} ALIAS lobule_${name})
  target_include_directories(lobule_${name} SYSTEM INTERFACE ${include_dir})
endfunction()

lobule_header_library(json nlohmann/json.hpp nlohmann https://github.com/nlohmann/json v3.11.2 include)
lobule_header_library(protozero protozero/pbf_reader.hpp protozero https://github.com/mapbox/protozero v1.7.1 include)

# stb_image comes with imgui-bundle: distributions carry older ones without its overflow checks. It is copied, so that
# patches in cmake/patches can be applied to the copy.
set(IMGUI_BUNDLE_DIR ${LOBULE_CACHE_DIR}/src/imgui-bundle-1.93.0)
if(NOT EXISTS ${IMGUI_BUNDLE_DIR})
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/setup sources RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "Dear ImGui, ImPlot and stb_image are missing: run scripts/setup web")
  endif()
endif()
file(GLOB stb_patches ${PROJECT_SOURCE_DIR}/cmake/patches/stb_image/*.patch)
set(stb_dir ${CMAKE_BINARY_DIR}/third_party/stb)
file(REMOVE_RECURSE ${stb_dir}.new)
file(MAKE_DIRECTORY ${stb_dir}.new)
file(COPY ${IMGUI_BUNDLE_DIR}/stb/stb_image.h ${IMGUI_BUNDLE_DIR}/stb/stb_image_write.h DESTINATION ${stb_dir}.new)
foreach(patch IN LISTS stb_patches)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${patch})
  execute_process(COMMAND patch --quiet -p1 -i ${patch} WORKING_DIRECTORY ${stb_dir}.new COMMAND_ERROR_IS_FATAL ANY)
endforeach()
foreach(header IN ITEMS stb_image.h stb_image_write.h)
  configure_file(${stb_dir}.new/${header} ${stb_dir}/${header} COPYONLY) # leaves an unchanged file's time alone
endforeach()
add_library(lobule_stb INTERFACE)
add_library(lobule::stb ALIAS lobule_stb)
target_include_directories(lobule_stb SYSTEM INTERFACE ${stb_dir})
