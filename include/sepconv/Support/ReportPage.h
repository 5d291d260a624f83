//===- ReportPage.h - the report of a product as a page --------------------------===//
#pragma once

#include "llvm/Support/JSON.h"

#include <string>

namespace mlir::sepconv {

/// An HTML page that shows a report (`--emit=report-json`), with the times in it if it has some. It
/// is one file that needs no other.
std::string makeReportPage(const llvm::json::Value &report);

} // namespace mlir::sepconv
