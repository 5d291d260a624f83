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
# lld links the shared libraries of models. Debian has it as archives; what it compresses with, too.
find_library(SEPCONV_LLD_ELF lldELF HINTS ${LLVM_LIBRARY_DIR} REQUIRED)
find_library(SEPCONV_LLD_COMMON lldCommon HINTS ${LLVM_LIBRARY_DIR} REQUIRED)
set(CMAKE_MESSAGE_LOG_LEVEL "${log_level}")
message(STATUS "LLVM and MLIR ${LLVM_PACKAGE_VERSION}, Halide ${Halide_VERSION}, "
               "HDF5 ${HDF5_VERSION}, libzip ${libzip_VERSION}")

# sepconv_either(NAME SHARED libraries... STATIC libraries...): a library whose STATIC form is
# linked into programs that have the property SEPCONV_STATIC. The objects are the same, so that a
# program without shared libraries is one more link.
function(sepconv_either name)
  cmake_parse_arguments(ARG "" "" "SHARED;STATIC" ${ARGN})
  add_library(${name} INTERFACE)
  set(static $<BOOL:$<TARGET_PROPERTY:SEPCONV_STATIC>>)
  foreach(library IN LISTS ARG_STATIC)
    target_link_libraries(${name} INTERFACE $<${static}:${library}>)
  endforeach()
  foreach(library IN LISTS ARG_SHARED)
    target_link_libraries(${name} INTERFACE $<$<NOT:${static}>:${library}>)
  endforeach()
endfunction()

file(GLOB archives ${LLVM_LIBRARY_DIR}/libMLIR*.a ${LLVM_LIBRARY_DIR}/libLLVM*.a)
list(FILTER archives EXCLUDE REGEX "CAPI|Test|EngineShared")
sepconv_either(sepconv_mlir SHARED MLIR LLVM STATIC ${archives})
list(GET HDF5_C_LIBRARIES 0 archive)
string(REGEX REPLACE "[.]so$" ".a" archive "${archive}")
sepconv_either(sepconv_hdf5 SHARED ${HDF5_C_LIBRARIES}
  STATIC ${archive} -l:libsz.a -l:libaec.a -l:libz.a)
sepconv_either(sepconv_protobuf SHARED PkgConfig::protobuf STATIC -l:libprotobuf-lite.a)
sepconv_either(sepconv_libffi SHARED PkgConfig::libffi STATIC -l:libffi.a)

# Programs that only the tests need; a test says which of them it wants.
set(venv ${PROJECT_BINARY_DIR}/venv/bin ${PROJECT_SOURCE_DIR}/build/venv/bin)
find_program(SEPCONV_LIT lit HINTS ${venv})
find_program(SEPCONV_PYTHON python3 HINTS ${venv})
