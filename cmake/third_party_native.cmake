# What only the native program needs: lobule::cli11, lobule::torch.
lobule_header_library(cli11 CLI/CLI.hpp CLI https://github.com/CLIUtils/CLI11 v2.1.2 include)

# LibTorch as one target made from its folders: its own CMake package asks for the CUDA toolkit whenever it was built
# with CUDA, though nothing here compiles CUDA code.
file(GLOB torch_in_venv ${PROJECT_SOURCE_DIR}/.venv/lib/python3.*/site-packages/torch)
set(LOBULE_TORCH_DIR "${torch_in_venv}" CACHE PATH "Folder of a LibTorch: holds include/ and lib/")
if(NOT LOBULE_TORCH_DIR AND torch_in_venv) # configured once before scripts/setup native ran
  set_property(CACHE LOBULE_TORCH_DIR PROPERTY VALUE "${torch_in_venv}")
endif()
if(NOT EXISTS "${LOBULE_TORCH_DIR}/include/torch/csrc/api/include/torch/torch.h")
  message(FATAL_ERROR "No LibTorch: run scripts/setup native, or pass -DLOBULE_TORCH_DIR=/path/to/libtorch")
endif()
file(REAL_PATH ${LOBULE_TORCH_DIR} torch_dir) # the same path in every clone, for ccache

add_library(lobule_torch INTERFACE)
add_library(lobule::torch ALIAS lobule_torch)
target_include_directories(lobule_torch SYSTEM INTERFACE
  ${torch_dir}/include ${torch_dir}/include/torch/csrc/api/include)
target_link_libraries(lobule_torch INTERFACE
  ${torch_dir}/lib/libtorch.so ${torch_dir}/lib/libtorch_cpu.so ${torch_dir}/lib/libc10.so)
if(EXISTS ${torch_dir}/lib/libtorch_cuda.so)
  # Nothing names a symbol of these two; they register themselves when loaded, so the linker must keep them.
  target_link_options(lobule_torch INTERFACE -Wl,--allow-shlib-undefined
    -Wl,--no-as-needed,${torch_dir}/lib/libtorch_cuda.so,${torch_dir}/lib/libc10_cuda.so,--as-needed)
endif()

file(STRINGS ${torch_dir}/share/cmake/Torch/TorchConfig.cmake abi_lines REGEX "GLIBCXX_USE_CXX11_ABI=0")
if(abi_lines)
  target_compile_definitions(lobule_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=0)
endif()

target_link_libraries(lobule_torch INTERFACE Threads::Threads)

# Keeps the memory of large tensors with far fewer gaps than the C library. Not beside a sanitizer, which brings its own.
option(LOBULE_JEMALLOC "Allocate with jemalloc where it is installed" ON)
find_path(JEMALLOC_INCLUDE_DIR jemalloc/jemalloc.h)
find_library(JEMALLOC_LIBRARY jemalloc)
if(LOBULE_JEMALLOC AND JEMALLOC_INCLUDE_DIR AND JEMALLOC_LIBRARY)
  add_library(lobule::jemalloc UNKNOWN IMPORTED)
  set_target_properties(lobule::jemalloc PROPERTIES
    IMPORTED_LOCATION ${JEMALLOC_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${JEMALLOC_INCLUDE_DIR})
endif()

# Processes that train together. Headers only: Gloo's and NCCL's code is inside LibTorch.
find_path(GLOO_INCLUDE_DIR gloo/rendezvous/store.h)
if(GLOO_INCLUDE_DIR)
  add_library(lobule::gloo INTERFACE IMPORTED)
  target_include_directories(lobule::gloo SYSTEM INTERFACE ${GLOO_INCLUDE_DIR})
  target_compile_definitions(lobule::gloo INTERFACE USE_C10D_GLOO)
endif()
if(EXISTS ${torch_dir}/lib/libtorch_cuda.so)
  file(GLOB cuda_from_pip ${torch_dir}/../nvidia/*/include) # pip's LibTorch brings them along
  set(nccl_headers_found TRUE)
  foreach(header IN ITEMS cuda_runtime.h crt/host_config.h nv/target cublas_v2.h cusparse.h cusolverDn.h nccl.h)
    string(MAKE_C_IDENTIFIER ${header} name)
    find_path(LOBULE_${name}_DIR ${header} HINTS ${cuda_from_pip} $ENV{CUDA_HOME}/include /usr/local/cuda/include)
    list(APPEND nccl_include_dirs ${LOBULE_${name}_DIR})
    if(NOT LOBULE_${name}_DIR)
      set(nccl_headers_found FALSE)
      message(STATUS "${header} is not found: lobule trains on one CUDA device")
    endif()
  endforeach()
  if(nccl_headers_found)
    add_library(lobule::nccl INTERFACE IMPORTED)
    target_include_directories(lobule::nccl SYSTEM INTERFACE ${nccl_include_dirs})
    target_compile_definitions(lobule::nccl INTERFACE USE_C10D_NCCL)
  endif()
endif()
