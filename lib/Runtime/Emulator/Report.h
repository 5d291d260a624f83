//===- Report.h - what launches have counted -------------------------------------===//
#pragma once

#include "Launch.h"

namespace sepconv::emulator {

/// Keeps what a launch has counted.
void record(const Launch &launch);
void forgetLaunches();
/// Writes what is kept as JSON, in the order of the launches; zero, or errno.
int writeReport(const char *path);

} // namespace sepconv::emulator
