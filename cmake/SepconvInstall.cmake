# What `cmake --install` writes: programs in bin/, the schedules they load in share/sepconv/, the
# CMake package that calls them in lib/cmake/sepconv/, Halide's library beside it in lib/, and what
# programs include: adapters for thread pools, and the emulator of a GPU with its library.

include_guard()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Halide's library is installed beside; LLVM's stays where the distribution has it.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}" ${LLVM_LIBRARY_DIR})
set(SEPCONV_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/sepconv)

install(IMPORTED_RUNTIME_ARTIFACTS Halide::Halide LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${PROJECT_SOURCE_DIR}/examples/threads/openmp_adapter.h
  ${PROJECT_SOURCE_DIR}/examples/threads/pthreadpool_adapter.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sepconv)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/schedules/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/sepconv/schedules FILES_MATCHING PATTERN "*.mlir")

set(SEPCONV_COMPILE_PATH ${CMAKE_INSTALL_BINDIR}/sepconv-compile)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/sepconvConfig.cmake.in
  ${PROJECT_BINARY_DIR}/cmake/sepconvConfig.cmake
  INSTALL_DESTINATION ${SEPCONV_PACKAGE_DIR} PATH_VARS SEPCONV_COMPILE_PATH)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/sepconvConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/cmake/sepconvConfig.cmake
  ${PROJECT_BINARY_DIR}/cmake/sepconvConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/SepconvAddLibrary.cmake
  DESTINATION ${SEPCONV_PACKAGE_DIR})

# For other build systems: `pkg-config --variable=compiler sepconv`, and the adapters' folder.
set(SEPCONV_PKGCONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH SEPCONV_PKGCONFIG_PREFIX /${SEPCONV_PKGCONFIG_DIR} /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/sepconv.pc.in ${PROJECT_BINARY_DIR}/cmake/sepconv.pc
  @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cmake/sepconv.pc DESTINATION ${SEPCONV_PKGCONFIG_DIR})
