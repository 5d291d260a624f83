//===- Passes.h - the passes of lib/Schedule -------------------------------------===//
#pragma once

namespace mlir::sepconv {

void registerSchedulePasses();

} // namespace mlir::sepconv
