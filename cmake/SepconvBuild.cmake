# How sepconv's own libraries and tools are built: one place for flags, precompiled headers and
# the two big libraries (LLVM/MLIR and Halide, both shared, both in one process).

include_guard()

find_program(SEPCONV_CCACHE ccache)
if(SEPCONV_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(sloppiness pch_defines,time_macros,include_file_mtime,include_file_ctime)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=${sloppiness} ${SEPCONV_CCACHE})
endif()

# Of everything that is compiled.
add_library(sepconv_flags INTERFACE)
target_compile_options(sepconv_flags INTERFACE -Wall -Wextra -Wno-unused-parameter)
if(SEPCONV_SANITIZE)
  # vptr needs RTTI of every base; the shared libMLIR hides some of it.
  target_compile_options(sepconv_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr,function -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer -UNDEBUG) # and with the assertions, of LLVM's headers too
  target_link_options(sepconv_flags INTERFACE -fsanitize=address,undefined)
endif()

# Of the compiler.
add_library(sepconv_options INTERFACE)
target_include_directories(sepconv_options INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/dialect)
target_include_directories(sepconv_options SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_compile_definitions(sepconv_options INTERFACE ${LLVM_DEFINITIONS_LIST})
target_compile_options(sepconv_options INTERFACE
  $<$<CXX_COMPILER_ID:Clang>:-Xclang -fno-pch-timestamp>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-dangling-pointer -Wno-maybe-uninitialized>)
target_link_libraries(sepconv_options INTERFACE sepconv_flags sepconv_mlir)

# The headers that every file pulls in, parsed once.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/pch.cpp CONTENT "")
add_library(sepconv_pch OBJECT ${PROJECT_BINARY_DIR}/pch.cpp)
target_link_libraries(sepconv_pch PUBLIC sepconv_options)
target_precompile_headers(sepconv_pch PRIVATE
  <mlir/Dialect/Arith/IR/Arith.h> <mlir/Dialect/Func/IR/FuncOps.h>
  <mlir/Dialect/Linalg/IR/Linalg.h> <mlir/Dialect/MemRef/IR/MemRef.h>
  <mlir/Dialect/SCF/IR/SCF.h> <mlir/Dialect/Tensor/IR/Tensor.h> <mlir/IR/Builders.h>
  <mlir/IR/BuiltinOps.h> <mlir/IR/PatternMatch.h> <mlir/Pass/Pass.h>)

# sepconv_add_lib(NAME sources... LINK libraries...): one static library of the project.
function(sepconv_add_lib name)
  cmake_parse_arguments(ARG "NO_PCH" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  add_dependencies(${name} SepConvTableGen)
  target_link_libraries(${name} PUBLIC sepconv_options ${ARG_LINK})
  if(NOT ARG_NO_PCH)
    target_precompile_headers(${name} REUSE_FROM sepconv_pch)
  endif()
endfunction()

# sepconv_add_tool(NAME sources... LINK libraries...): one program in build/bin, to be installed.
function(sepconv_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  add_dependencies(${name} SepConvTableGen)
  target_link_libraries(${name} PRIVATE sepconv_options ${ARG_LINK})
  target_compile_definitions(${name} PRIVATE SEPCONV_VERSION="${PROJECT_VERSION}")
  if(SEPCONV_SANITIZE)
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/SanitizerDefaults.cpp)
  endif()
  install(TARGETS ${name} RUNTIME)
  set_property(GLOBAL APPEND PROPERTY SEPCONV_TOOLS ${name})
endfunction()

# sepconv_add_doc(NAME FILE.td generator options...): a reference page, build/docs/NAME.md, made by
# the target `docs`.
add_custom_target(docs)
function(sepconv_add_doc name source)
  set(LLVM_TARGET_DEFINITIONS ${source})
  tablegen(MLIR ${name}.md ${ARGN})
  set(page ${PROJECT_BINARY_DIR}/docs/${name}.md)
  add_custom_command(OUTPUT ${page}
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_BINARY_DIR}/${name}.md ${page}
    DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/${name}.md)
  add_custom_target(doc-${name} DEPENDS ${page})
  add_dependencies(docs doc-${name})
endfunction()
