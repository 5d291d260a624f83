//===- Header.h - the C header of a product --------------------------------------===//
#pragma once

#include "sepconv/Product/ProductInterface.h"

namespace mlir::sepconv {

/// The text of NAME.h: C99, usable from C++; `more` are declarations at its end.
std::string makeHeader(const ProductInterface &product, StringRef more = "");

} // namespace mlir::sepconv
