# SepconvAddLibrary.cmake - a compiled neural network as a library target.

# sepconv_add_library(NAME MODEL
#   [TARGET target] [CPU cpu] [FEATURES features]   # default: this machine, or aarch64 where
#                                                   # that is what is built for
#   [BATCH n|dynamic] [WEIGHTS embedded|file|arguments] [THREADS none|callback]
#   [SCHEDULES directory] [DEPENDS file...]
#   [OPTIONS option...])                            # any other options of sepconv-compile
#
# Compiles MODEL when it (or the compiler, a schedule, a file in DEPENDS) changes, and adds the
# static library NAME: link with it and #include "NAME.h". With WEIGHTS file the target property
# SEPCONV_WEIGHTS_FILE says where the weights are.
function(sepconv_add_library name model)
  set(values TARGET CPU FEATURES BATCH WEIGHTS THREADS SCHEDULES)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "${values}" "DEPENDS;OPTIONS")
  if(arg_UNPARSED_ARGUMENTS)
    string(REPLACE ";" ", " expected "${values};DEPENDS;OPTIONS")
    message(FATAL_ERROR
      "sepconv_add_library(${name}): unknown argument '${arg_UNPARSED_ARGUMENTS}'; "
      "expected ${expected}")
  endif()
  if(arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR
      "sepconv_add_library(${name}): ${arg_KEYWORDS_MISSING_VALUES} without a value")
  endif()
  if(NOT name MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "sepconv_add_library(${name}): the name must be a C identifier")
  endif()
  get_filename_component(model "${model}" ABSOLUTE)
  if(NOT arg_TARGET AND CMAKE_CROSSCOMPILING)
    _sepconv_cross_target(${name} arg_TARGET)
  endif()

  set(directory "${CMAKE_CURRENT_BINARY_DIR}/sepconv/${name}")
  set(library "${directory}/lib${name}.a")
  set(outputs "${library}" "${directory}/${name}.h")
  set(weights_file "")
  if(arg_WEIGHTS STREQUAL "file")
    set(weights_file "${directory}/${name}.weights")
    list(APPEND outputs "${weights_file}")
  endif()

  set(options "")
  foreach(option IN LISTS values)
    if(DEFINED arg_${option} AND NOT arg_${option} STREQUAL "")
      string(TOLOWER "${option}" flag)
      if(option STREQUAL "SCHEDULES")
        get_filename_component(arg_SCHEDULES "${arg_SCHEDULES}" ABSOLUTE)
      endif()
      list(APPEND options "--${flag}=${arg_${option}}")
    endif()
  endforeach()
  _sepconv_model_files("${model}" "${arg_SCHEDULES}" depends)

  get_target_property(tool sepconv::sepconv-compile IMPORTED_LOCATION)
  file(RELATIVE_PATH shown "${CMAKE_SOURCE_DIR}" "${model}")
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND sepconv::sepconv-compile "${model}" -o "${directory}" --name=${name} --emit=lib,header
            -q ${options} ${arg_OPTIONS}
    DEPENDS "${tool}" ${depends} ${arg_DEPENDS}
    COMMENT "Compiling the neural network ${shown}"
    VERBATIM)
  add_custom_target(${name}-sepconv DEPENDS ${outputs})

  # CMake wants the include directory of an imported target to be there when it configures.
  file(MAKE_DIRECTORY "${directory}")
  add_library(${name} STATIC IMPORTED GLOBAL)
  add_dependencies(${name} ${name}-sepconv)
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION "${library}"
    INTERFACE_INCLUDE_DIRECTORIES "${directory}"
    SEPCONV_WEIGHTS_FILE "${weights_file}")
  if(UNIX)
    set_target_properties(${name} PROPERTIES INTERFACE_LINK_LIBRARIES m)
  endif()
endfunction()

# What a compiled model depends on: the model, the weights beside an architecture, the schedules.
function(_sepconv_model_files model schedules result)
  set(files "${model}")
  if(model MATCHES "\\.json$")
    string(REGEX REPLACE "\\.json$" ".weights.h5" weights "${model}")
    if(EXISTS "${weights}")
      list(APPEND files "${weights}")
    endif()
  endif()
  if(schedules)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${schedules}/*.mlir")
    list(APPEND files ${found})
  endif()
  set(${result} "${files}" PARENT_SCOPE)
endfunction()

# The target for a build for another machine; without one the code would be for this machine.
function(_sepconv_cross_target name result)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
    set(${result} aarch64 PARENT_SCOPE)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    set(${result} x86-64-v2 PARENT_SCOPE)
  else()
    message(FATAL_ERROR "sepconv_add_library(${name}): no target for CMAKE_SYSTEM_PROCESSOR "
      "'${CMAKE_SYSTEM_PROCESSOR}'; give TARGET")
  endif()
endfunction()
