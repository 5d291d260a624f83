//===- Graph.h - reads the layers of a model --------------------------------------===//
#pragma once

#include "../Problems.h"
#include "Model.h"

namespace mlir::sepconv::keras {

/// Reads the model's config, the root of config.json or of an architecture .json, which must
/// outlive the result. Returns null after reporting if it is no model; other problems are reported
/// and what could be read is returned, so that the caller can go on looking.
std::unique_ptr<Model> readGraph(const llvm::json::Value &root, Problems &problems);

} // namespace mlir::sepconv::keras
