//===- Port.cpp - what goes into and out of a product ----------------------------===//

#include "sepconv/Run/Product.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;

ArrayType Port::typeOf(const Facts &sizes) const {
  ArrayType result{dtype, {}};
  std::string problem;
  for (StringRef extent : extents)
    result.shape.push_back(evaluate(extent == "?" ? "batch" : extent, sizes, problem).value_or(0));
  return result;
}

bool Port::accepts(const ArrayType &array) const {
  auto accepts = [](StringRef extent, int64_t size) {
    int64_t known;
    return extent.getAsInteger(10, known) || known == size;
  };
  return array.dtype == dtype && array.shape.size() == extents.size() &&
         llvm::all_of_zip(extents, array.shape, accepts);
}

Array Port::quantize(Array array) const {
  if (!scale || !array.type.dtype->semantics)
    return array;
  Array integers(ArrayType{dtype, array.type.shape});
  for (int64_t i = 0, e = array.type.elements(); i < e; ++i)
    integers.set(i, std::round(float(array.get(i)) / float(scale)) + zeroPoint);
  return integers;
}

Array Port::dequantize(Array array) const {
  if (!scale)
    return array;
  Array numbers(ArrayType{Dtype::get("float32"), array.type.shape});
  for (int64_t i = 0, e = array.type.elements(); i < e; ++i)
    numbers.set(i, scale * (array.get(i) - zeroPoint));
  return numbers;
}

std::string Port::shown() const {
  return (dtype->name + "[" + llvm::join(extents, ", ") + "]").str();
}

bool Port::readAll(const llvm::json::Array *described, std::vector<Port> &ports) {
  if (!described)
    return false;
  for (const llvm::json::Value &value : *described) {
    const llvm::json::Object *object = value.getAsObject();
    const llvm::json::Array *shape = object ? object->getArray("shape") : nullptr;
    const Dtype *dtype = object ? Dtype::get(object->getString("dtype").value_or("")) : nullptr;
    if (!shape || !dtype)
      return false;
    Port port{object->getString("name").value_or("").str(),
              object->getString("c_name").value_or("").str(),
              dtype,
              {}};
    for (const llvm::json::Value &extent : *shape)
      if (std::optional<int64_t> size = extent.getAsInteger())
        port.extents.push_back(std::to_string(*size));
      else
        port.extents.push_back(extent.getAsString().value_or("?").str());
    port.scale = object->getNumber("scale").value_or(0);
    port.zeroPoint = object->getInteger("zero_point").value_or(0);
    ports.push_back(std::move(port));
  }
  return true;
}
