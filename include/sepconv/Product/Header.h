//===- Header.h - the C header of a product --------------------------------------===//
#pragma once

#include "sepconv/Product/ProductInterface.h"

namespace mlir::sepconv {

/// The text of NAME.h: C99, usable from C++; `more` are declarations at its end.
std::string makeHeader(const ProductInterface &product, StringRef more = "");

/// The text of NAME_infer.hpp: a class for C++17 that has a workspace and calls NAME_run.
std::string makeInferHeader(const ProductInterface &product);

} // namespace mlir::sepconv
