//===- Passes.cpp - registers the passes of lib/Schedule -------------------------===//

#include "sepconv/Schedule/Passes.h"

#include "sepconv/Passes.h"

void mlir::sepconv::registerSchedulePasses() { registerPrintKernelStages(); }
