//===- ReportPage.cpp - the report of a product as a page ------------------------===//

#include "sepconv/Support/ReportPage.h"

#include "ReportPageTexts.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

std::string sepconv::makeReportPage(const llvm::json::Value &report) {
  std::string json;
  llvm::raw_string_ostream(json) << report;
  std::string page = kPageHtml.str();
  for (auto [mark, text] : {std::pair<llvm::StringRef, llvm::StringRef>("@SCRIPT@", kPageScript),
                            std::pair<llvm::StringRef, llvm::StringRef>("@REPORT@", json)}) {
    std::string safe = text.str();
    if (mark == "@REPORT@") // so that no name ends the element that it is in
      for (size_t at = 0; (at = safe.find('<', at)) != std::string::npos;)
        safe.replace(at, 1, "\\u003c");
    page.replace(page.find(mark), mark.size(), safe);
  }
  return page;
}
