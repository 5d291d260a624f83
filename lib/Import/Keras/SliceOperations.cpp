//===- SliceOperations.cpp - keras.ops that take parts and put margins -----------===//

#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using json::Array;
using json::Object;

//===----------------------------------------------------------------------===//
// x[key]
//===----------------------------------------------------------------------===//

namespace {

/// What a key takes of a tensor, dimension by dimension.
struct Selection {
  SmallVector<int64_t> offsets, sizes, steps;
  /// The dimensions that an integer takes away, and the places of the new ones of the result.
  SmallVector<int64_t> dropped, added;
};

} // namespace

/// A part of a key: null, an integer, an ellipsis or a slice; what it is called if it is an object.
static StringRef classOf(const json::Value &part) {
  const Object *object = part.getAsObject();
  if (!object)
    return "";
  return object->getString("class_name").value_or(object->get("step") ? "__slice__" : "");
}

/// One number of a slice; Keras 2 writes them without a config.
static std::optional<int64_t> boundOf(const json::Value &part, StringRef name) {
  const Object *object = part.getAsObject(), *config = object->getObject("config");
  return (config ? config : object)->getInteger(name);
}

/// As Python adjusts a slice's bounds to a dimension of `size`.
static void addSlice(const json::Value &part, int64_t size, Selection &selection) {
  int64_t step = boundOf(part, "step").value_or(1);
  step = step == 0 ? 1 : std::clamp<int64_t>(step, -size - 1, size + 1);
  auto adjusted = [&](StringRef name, int64_t otherwise) {
    std::optional<int64_t> bound = boundOf(part, name);
    if (!bound)
      return otherwise;
    int64_t at = *bound < 0 ? std::max(*bound, -size - 1) + size : *bound;
    return std::clamp<int64_t>(at, step < 0 ? -1 : 0, step < 0 ? size - 1 : size);
  };
  int64_t start = adjusted("start", step < 0 ? size - 1 : 0);
  int64_t stop = adjusted("stop", step < 0 ? -1 : size);
  int64_t distance = step < 0 ? start - stop : stop - start, stride = std::abs(step);
  selection.offsets.push_back(start);
  selection.sizes.push_back(std::max<int64_t>((distance + stride - 1) / stride, 0));
  selection.steps.push_back(step);
}

/// Nothing after reporting a key that is none of a tensor of this shape.
static std::optional<Selection> readKey(LayerContext &layer, ArrayRef<int64_t> shape) {
  const Array *list = layer.call->key ? layer.call->key->getAsArray() : nullptr;
  if (const Object *tuple = layer.call->key ? layer.call->key->getAsObject() : nullptr)
    if (tuple->getString("class_name") == "__tuple__")
      list = tuple->getArray("items");
  SmallVector<const json::Value *> parts;
  if (list)
    for (const json::Value &part : *list)
      parts.push_back(&part);
  else if (layer.call->key)
    parts.push_back(layer.call->key);
  size_t taken = llvm::count_if(parts, [](const json::Value *part) {
    return part->getAsInteger() || classOf(*part) == "__slice__";
  });
  Selection selection;
  auto whole = [&](size_t count) {
    for (size_t i = 0; i < count; ++i) {
      selection.offsets.push_back(0);
      selection.sizes.push_back(shape[selection.sizes.size()]);
      selection.steps.push_back(1);
    }
  };
  constexpr size_t maxParts = 32;
  bool legal = layer.call->key && taken <= shape.size() && parts.size() <= maxParts;
  bool hasEllipsis = false;
  for (size_t i = 0; legal && i < parts.size(); ++i) {
    const json::Value &part = *parts[i];
    size_t dim = selection.sizes.size();
    if (classOf(part) == "__ellipsis__" && !hasEllipsis) {
      whole(shape.size() - taken);
      hasEllipsis = true;
    } else if (classOf(part) == "__slice__" && boundOf(part, "step").value_or(1) != 0) {
      addSlice(part, shape[dim], selection);
    } else if (part.getAsNull()) {
      selection.added.push_back(dim - selection.dropped.size() + selection.added.size());
    } else if (std::optional<int64_t> index = part.getAsInteger();
               index && *index >= -shape[dim] && *index < shape[dim]) {
      selection.offsets.push_back(*index + (*index < 0 ? shape[dim] : 0));
      selection.sizes.push_back(1);
      selection.steps.push_back(1);
      selection.dropped.push_back(dim);
    } else {
      legal = false;
    }
  }
  if (!legal) {
    layer.error() << "expected a key of integers, slices, one ellipsis and null for the shape "
                  << shown(shape) << ", found " << shown(layer.call->key);
    return std::nullopt;
  }
  whole(shape.size() - selection.sizes.size());
  return selection;
}

static Value importGetItem(LayerContext &layer) {
  if (!layer.ready())
    return {};
  std::optional<Selection> part = readKey(layer, layer.shape());
  if (!part)
    return {};
  bool wholeBatch = part->sizes.empty() ||
                    (part->sizes[0] == layer.shape()[0] && part->steps[0] > 0 &&
                     !llvm::is_contained(part->dropped, 0) && !llvm::is_contained(part->added, 0));
  if (!layer.keepsBatch(wholeBatch))
    return {};
  Value value = ops::slice(layer, layer.input(), part->offsets, part->sizes, part->steps);
  if (!value)
    return {};
  return ops::expandDims(layer, ops::squeeze(layer, value, part->dropped), part->added);
}

//===----------------------------------------------------------------------===//
// Others
//===----------------------------------------------------------------------===//

/// Into equal parts, or before each of a list of places; along the axis of the argument, or the one
/// that the operation is named after. Where it is allowed the first parts have one element more.
template <int64_t dimension, bool isUneven> static Results importSplit(LayerContext &layer) {
  SmallVector<int64_t> places = layer.integers("indices_or_sections", 1, std::nullopt);
  bool isCount = layer.argument("indices_or_sections") &&
                 layer.argument("indices_or_sections")->getAsInteger();
  int64_t axis = dimension < 0 ? layer.integer("axis", anyInteger, 0) : dimension;
  if (!layer.ready())
    return Value();
  if (dimension == 1 && layer.shape().size() == 1)
    axis = 0; // what keras.ops.hsplit does of a vector
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  if (!dim)
    return Value();
  int64_t size = layer.shape()[*dim], last = 0;
  SmallVector<int64_t> sizes;
  int64_t rest = isCount ? size % places.front() : 0;
  if (isCount && places.front() <= size && (rest == 0 || isUneven)) {
    sizes.assign(places.front(), size / places.front());
    for (int64_t &piece : MutableArrayRef(sizes).take_front(rest))
      ++piece;
  }
  if (!isCount) {
    places.push_back(size);
    for (int64_t place : places) {
      sizes.push_back(place - last);
      last = place;
    }
  }
  if (sizes.empty() || llvm::any_of(sizes, [](int64_t piece) { return piece <= 0; })) {
    layer.unsupported("indices_or_sections", "parts of the " + Twine(size) + " elements");
    return Value();
  }
  return Results(ops::split(layer, layer.input(), *dim, sizes));
}

static Results importUnstack(LayerContext &layer) {
  auto dims = layer.axes("axis", /*isOptional=*/false);
  if (layer.argument("num"))
    layer.integer("num", 1);
  if (!layer.ready())
    return Value();
  SmallVector<int64_t> ones(layer.shape()[dims->front()], 1);
  Results parts{ops::split(layer, layer.input(), dims->front(), ones)};
  for (Value &part : parts)
    part = ops::squeeze(layer, part, *dims);
  return parts;
}

static Value importPad(LayerContext &layer) {
  static constexpr std::pair<StringRef, ops::PadMode> modes[] = {
      {"constant", ops::PadMode::Constant},
      {"reflect", ops::PadMode::Reflect},
      {"symmetric", ops::PadMode::Symmetric},
      {"edge", ops::PadMode::Edge},
      {"wrap", ops::PadMode::Wrap}};
  StringRef mode =
      layer.choice("mode", {"constant", "reflect", "symmetric", "edge", "wrap"}, "constant");
  const json::Value *value = layer.argument("pad_width");
  std::optional<Numbers> widths = value ? readNumbers(*value) : std::nullopt;
  if (!layer.ready())
    return {};
  size_t rank = layer.shape().size();
  // One number, a pair for all dimensions, or a pair for each.
  SmallVector<int64_t> sides;
  for (size_t i = 0; widths && i < 2 * rank; ++i) {
    size_t count = widths->values.size();
    float side = count == 1 || count == 2 ? widths->values[i % count]
                 : count == 2 * rank      ? widths->values[i]
                                          : -1.0f;
    if (side >= 0 && side <= 1 << 24)
      sides.push_back(side);
  }
  if (sides.size() != 2 * rank) {
    layer.unsupported("pad_width", "a pair of integers for each dimension");
    return {};
  }
  SmallVector<int64_t> low, high;
  for (size_t dim = 0; dim < rank; ++dim) {
    low.push_back(sides[2 * dim]);
    high.push_back(sides[2 * dim + 1]);
  }
  DenseElementsAttr number;
  if (layer.getInputs().size() > 1 && !matchPattern(layer.input(1), m_Constant(&number))) {
    layer.error() << "expected constant_values to be a number";
    return {};
  }
  if (!layer.keepsBatch(rank == 0 || (low[0] == 0 && high[0] == 0)))
    return {};
  double outside = 0;
  if (number)
    if (auto real = dyn_cast<FloatAttr>(*number.getValues<Attribute>().begin()))
      outside = real.getValueAsDouble();
  auto chosen = llvm::find_if(modes, [&](auto &entry) { return entry.first == mode; });
  return ops::pad(layer, layer.input(), low, high, chosen->second, outside);
}

static Value importFlip(LayerContext &layer) {
  auto dims = layer.axes("axis");
  return layer.ready() ? ops::reverse(layer, layer.input(), *dims) : Value();
}

static Value importRoll(LayerContext &layer) {
  int64_t shift = layer.integer("shift", anyInteger);
  auto dims = layer.axes("axis", /*isOptional=*/false);
  return layer.ready() ? ops::roll(layer, layer.input(), dims->front(), shift) : Value();
}

ArrayRef<LayerClass> sepconv::keras::sliceOperations() {
  static const LayerClass table[] = {
      {"ArraySplit", importSplit<-1, true>, {"indices_or_sections", "axis"}},
      {"Dsplit", importSplit<2, false>, {"indices_or_sections"}},
      {"Flip", importFlip, {"axis"}},
      {"GetItem", importGetItem, {}},
      {"Hsplit", importSplit<1, false>, {"indices_or_sections"}},
      {"Pad", importPad, {"pad_width", "mode"}, 1, 2},
      {"Roll", importRoll, {"shift", "axis"}},
      {"Split", importSplit<-1, false>, {"indices_or_sections", "axis"}},
      {"Unstack", importUnstack, {"num", "axis"}},
      {"Vsplit", importSplit<0, false>, {"indices_or_sections"}},
  };
  return table;
}
