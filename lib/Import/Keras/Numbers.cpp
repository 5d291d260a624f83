//===- Numbers.cpp - constants in a model's config -------------------------------===//

#include "Numbers.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>
#include <cstring>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// No array that a layer reads has more dimensions.
static constexpr size_t maxRank = 8;

static bool read(const json::Value &value, size_t depth, Numbers &numbers) {
  if (std::optional<double> number = value.getAsNumber()) {
    numbers.values.push_back(*number);
    return depth == numbers.shape.size() && std::isfinite(numbers.values.back());
  }
  const json::Array *list = value.getAsArray();
  if (!list || list->empty() || depth >= maxRank)
    return false;
  if (depth == numbers.shape.size() && numbers.values.empty())
    numbers.shape.push_back(list->size());
  return depth < numbers.shape.size() && numbers.shape[depth] == int64_t(list->size()) &&
         llvm::all_of(*list, [&](const json::Value &v) { return read(v, depth + 1, numbers); });
}

std::optional<Numbers> sepconv::keras::readNumbers(const json::Value &value) {
  const json::Value *numbers = &value;
  if (const json::Object *object = value.getAsObject()) {
    const json::Object *config = object->getObject("config");
    numbers = config ? config->get("value") : nullptr;
    StringRef dtype = config ? config->getString("dtype").value_or("float32") : "";
    if (!numbers || (dtype != "float32" && dtype != "int32" && dtype != "int64"))
      return std::nullopt;
  }
  Numbers result;
  result.isWeak = numbers == &value;
  if (!read(*numbers, 0, result))
    return std::nullopt;
  return result;
}

void sepconv::keras::widenBfloat16(std::vector<char> &bytes) {
  for (size_t i = bytes.size() / 4; i-- > 0;) {
    uint16_t half;
    std::memcpy(&half, bytes.data() + 2 * i, sizeof half);
    uint32_t bits = uint32_t(half) << 16;
    std::memcpy(bytes.data() + 4 * i, &bits, sizeof bits);
  }
}
