# The libraries sepconv stands on. MLIR_DIR and Halide_DIR are taken where they are given; otherwise
# LLVM is where llvm-config-22 says, and Halide where `./dev` unpacks its wheel.

include_guard()

# Optional dependencies of LLVM's and Halide's packages that nothing here uses.
foreach(package IN ITEMS FFI LibEdit ZLIB zstd LibXml2 CURL PNG JPEG Halide_Python)
  set(CMAKE_DISABLE_FIND_PACKAGE_${package} ON)
endforeach()

find_program(SEPCONV_LLVM_CONFIG NAMES llvm-config-22 llvm-config)
if(SEPCONV_LLVM_CONFIG AND NOT MLIR_DIR)
  execute_process(COMMAND ${SEPCONV_LLVM_CONFIG} --cmakedir
    OUTPUT_VARIABLE llvm_cmake_dir OUTPUT_STRIP_TRAILING_WHITESPACE)
  cmake_path(GET llvm_cmake_dir PARENT_PATH llvm_cmake_root)
endif()

# The packages say much while they are found; what was found is said below in one line.
set(log_level "${CMAKE_MESSAGE_LOG_LEVEL}")
set(CMAKE_MESSAGE_LOG_LEVEL NOTICE)
find_package(MLIR 22.1 REQUIRED CONFIG HINTS "${llvm_cmake_root}/mlir")
find_package(Halide 21 REQUIRED CONFIG COMPONENTS shared
  HINTS ${PROJECT_BINARY_DIR}/halide/lib64/cmake/Halide
        ${PROJECT_SOURCE_DIR}/build/halide/lib64/cmake/Halide)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(FlatBuffers REQUIRED CONFIG)
find_program(SEPCONV_FLATC flatc REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(libffi REQUIRED IMPORTED_TARGET libffi)
pkg_check_modules(protobuf REQUIRED IMPORTED_TARGET protobuf-lite)
set(Boost_USE_STATIC_LIBS ON) # it is part of what others link
find_package(Boost REQUIRED CONFIG COMPONENTS context)
find_library(SEPCONV_PTHREADPOOL pthreadpool REQUIRED)
set(CMAKE_MESSAGE_LOG_LEVEL "${log_level}")
message(STATUS "LLVM and MLIR ${LLVM_PACKAGE_VERSION}, Halide ${Halide_VERSION}, "
               "HDF5 ${HDF5_VERSION}, libzip ${libzip_VERSION}")

# Programs that only the tests need; a test says which of them it wants.
set(venv ${PROJECT_BINARY_DIR}/venv/bin ${PROJECT_SOURCE_DIR}/build/venv/bin)
find_program(SEPCONV_LIT lit HINTS ${venv})
find_program(SEPCONV_PYTHON python3 HINTS ${venv})
