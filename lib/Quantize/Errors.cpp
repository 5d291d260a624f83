//===- Errors.cpp - what is lost by integers -------------------------------------===//

#include "Errors.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv::quantize;

void NumberError::add(ArrayRef<float> expected, ArrayRef<float> found) {
  for (auto [x, y] : llvm::zip_equal(expected, found)) {
    squares += double(x) * x;
    squaresOfErrors += (double(x) - y) * (double(x) - y);
  }
}

double NumberError::relative() const {
  if (squaresOfErrors == 0)
    return 0;
  return squares ? std::sqrt(squaresOfErrors / squares) : 1;
}

double NumberError::decibels() const {
  return std::min(-20 * std::log10(std::max(relative(), 1e-10)), 200.0);
}

void Report::print(llvm::raw_ostream &os) const {
  size_t width = 5;
  for (const LayerReport &layer : layers)
    width = std::max(width, std::min<size_t>(layer.name.size(), 48));
  auto pad = [&](StringRef text) {
    text = text.take_front(width);
    return text.str() + std::string(width - text.size(), ' ');
  };
  os << llvm::formatv("{0}  kind       error      SQNR\n", pad("layer"));
  for (const LayerReport &layer : layers)
    os << llvm::formatv("{0}  {1,-9}  {2,6:F2} %  {3,5:F1} dB{4}\n", pad(layer.name), layer.kind,
                        100 * layer.error.relative(), layer.error.decibels(),
                        layer.inFloat ? "  in float: " + layer.reason : std::string());
  for (const OutputReport &output : outputs)
    os << llvm::formatv("output {0}: error {1:F2} %, SQNR {2:F1} dB, the same greatest element in "
                        "{3} of {4}\n",
                        output.name, 100 * output.error.relative(), output.error.decibels(),
                        output.sameGreatest, output.rows);
  if (equalized)
    os << llvm::formatv("equalized the channels of {0} tensors\n", equalized);
  os << llvm::formatv("calibrated with {0} samples, compared on {1} {2}\n", calibrated, compared,
                      isHeldOut ? "others" : "of them");
}

static llvm::json::Object numbersOf(const NumberError &error) {
  return llvm::json::Object{{"relative_error", error.relative()}, {"sqnr_db", error.decibels()}};
}

llvm::json::Value Report::toJson() const {
  llvm::json::Array layerList, outputList;
  for (const LayerReport &layer : layers) {
    llvm::json::Object object = numbersOf(layer.error);
    object["name"] = llvm::json::fixUTF8(layer.name);
    object["kind"] = layer.kind;
    object["in_float"] = layer.inFloat;
    if (layer.inFloat)
      object["reason"] = layer.reason;
    layerList.push_back(std::move(object));
  }
  for (const OutputReport &output : outputs) {
    llvm::json::Object object = numbersOf(output.error);
    object["name"] = llvm::json::fixUTF8(output.name);
    object["rows"] = output.rows;
    object["same_greatest"] = output.sameGreatest;
    outputList.push_back(std::move(object));
  }
  return llvm::json::Object{{"layers", std::move(layerList)}, {"outputs", std::move(outputList)},
                            {"equalized_tensors", equalized}, {"calibration_samples", calibrated},
                            {"comparison_samples", compared}, {"held_out", isHeldOut}};
}
