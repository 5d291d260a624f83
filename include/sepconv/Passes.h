//===- Passes.h - every pass of sepconv ---===//
#pragma once
#include "mlir/Pass/Pass.h"
namespace mlir::sepconv {
#define GEN_PASS_DECL
#include "Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "Passes.h.inc"
} // namespace mlir::sepconv
