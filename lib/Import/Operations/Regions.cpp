//===- Regions.cpp - parts of images at places that are computed -----------------===//

#include "../Problems.h"
#include "Reductions.h"
#include "Sampling.h"
#include "Shaping.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::affineGrid(TensorBuilder &b, Value transforms, ArrayRef<int64_t> sizes,
                      bool alignsCorners) {
  int64_t count = sizes.size(), places = 1;
  if (!areFloats(b, transforms) || !b.fits(sizes))
    return {};
  if (rankOf(transforms) != 3 || shapeOf(transforms).drop_front() != ArrayRef{count, count + 1}) {
    b.error() << "expected matrices of shape " << shown(ArrayRef{count, count + 1})
              << " for each image, found shape " << shown(shapeOf(transforms));
    return {};
  }
  for (int64_t size : sizes)
    places *= size;
  SmallVector<float> numbers;
  for (int64_t place = 0; place < places; ++place) {
    int64_t rest = place;
    for (int64_t size : llvm::reverse(sizes)) { // x first
      int64_t at = rest % size;
      rest /= size;
      numbers.push_back(!alignsCorners ? double(2 * at + 1) / double(size) - 1
                        : size == 1    ? 0
                                       : 2.0 * double(at) / double(size - 1) - 1);
    }
    numbers.push_back(1);
  }
  Value grid = b.constant({places, count + 1}, numbers, elementOf(transforms));
  SmallVector<int64_t> shape{shapeOf(transforms)[0]};
  llvm::append_range(shape, sizes);
  shape.push_back(count);
  Value moved = matmul(b, grid, transpose(b, transforms, {0, 2, 1}));
  return moved ? reshape(b, moved, shape) : Value();
}

/// A loop as a number.
static Value loopNumber(Numbers n, int64_t dim) {
  Value index = linalg::IndexOp::create(n.b, n.loc, dim);
  Value whole = arith::IndexCastOp::create(n.b, n.loc, n.b.getI32Type(), index);
  return convert(n.b, n.loc, whole, n.type);
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

/// The pixels around sample `dim` of a region, and whether that is in the image; corners are given
/// from the first dimension on.
static SmallVector<Tap> tapsIn(Numbers n, const RegionSampling &sampling, Value begin, Value end,
                               int64_t pixels, int64_t loop, int64_t size, Value &isInside) {
  Value scale = n.of(sampling.scale), offset = n.of(sampling.isHalfPixel ? 0.5 : 0);
  begin = n.sub(n.mul(begin, scale), offset);
  Value extent = n.sub(n.sub(n.mul(end, scale), offset), begin);
  if (!sampling.isHalfPixel)
    extent = arith::MaximumFOp::create(n.b, n.loc, extent, n.of(1));
  Value step = n.div(extent, double(pixels * sampling.samples));
  Value place = n.add(begin, n.mul(n.add(loopNumber(n, loop), n.of(0.5)), step));
  Value isIn = n.isWithin(place, -1, size);
  isInside = isInside ? Value(arith::AndIOp::create(n.b, n.loc, isInside, isIn)) : isIn;
  Value bounded = n.bounded(place, 0, size - 1), first = n.floor(bounded);
  Value part = n.sub(bounded, first), one = n.of(1);
  return {{n.placeOf(first, size), n.sub(one, part), {}},
          {n.placeOf(n.add(first, one), size), part, {}}};
}

Value ops::alignRegions(TensorBuilder &b, Value image, Value regions, Value numbers,
                        const RegionSampling &sampling) {
  if (!areFloats(b, {image, regions}) || !numbers)
    return {};
  ArrayRef<int64_t> shape = shapeOf(image), given = shapeOf(regions);
  if (shape.size() != 4 || given.size() != 2 || given[1] != 4 ||
      shapeOf(numbers) != ArrayRef(given[0])) {
    b.error() << "expected images, 4 corners of each region and the number of its image, found "
                 "shapes "
              << shown(shape) << ", " << shown(given) << " and " << shown(shapeOf(numbers));
    return {};
  }
  int64_t each = sampling.samples;
  SmallVector<int64_t> samples{given[0], shape[1], sampling.height * each, sampling.width * each};
  if (!b.fits(samples))
    return {};
  SmallVector<Value> operands(4, regions);
  SmallVector<AffineMap> maps;
  AffineExpr region = b.builder.getAffineDimExpr(0);
  for (int64_t i = 0; i < 4; ++i)
    maps.push_back(
        AffineMap::get(4, 0, {region, b.builder.getAffineConstantExpr(i)}, b.builder.getContext()));
  operands.push_back(numbers);
  maps.push_back(AffineMap::get(4, 0, region));
  Type element = elementOf(image);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Numbers n{builder, loc, computedIn(element)};
    auto of = [&](int64_t i) { return convert(builder, loc, x[i], n.type); };
    Value isInside;
    auto rows = tapsIn(n, sampling, of(1), of(3), sampling.height, 2, shape[2], isInside);
    auto columns = tapsIn(n, sampling, of(0), of(2), sampling.width, 3, shape[3], isInside);
    Value which = n.placeOf(of(4), shape[0]), channel = linalg::IndexOp::create(builder, loc, 1);
    Value result;
    for (const Tap &row : rows)
      for (const Tap &column : columns) {
        Value at[] = {which, channel, row.place, column.place};
        Value pixel = tensor::ExtractOp::create(builder, loc, image, at);
        Value part = n.mul(convert(builder, loc, pixel, n.type), n.mul(row.weight, column.weight));
        result = !result          ? part
                 : sampling.isMax ? Value(arith::MaximumFOp::create(builder, loc, result, part))
                                  : n.add(result, part);
      }
    return n.select(isInside, result, n.of(0));
  };
  Value all = elementwise(b, samples, operands, maps, body, element);
  all = reshape(b, all, {given[0], shape[1], sampling.height, each, sampling.width, each});
  return reduce(b, all, {3, 5}, false, sampling.isMax ? Reduction::Max : Reduction::Mean);
}

//===----------------------------------------------------------------------===//
// Deformed convolutions
//===----------------------------------------------------------------------===//

/// What each element of the filter reads: [images, groups, channels of one, elements, windows...].
static Value movedElements(TensorBuilder &b, const PlacedWindow &window, Value image, Value offsets,
                           Value mask) {
  ArrayRef<int64_t> from = shapeOf(image), given = shapeOf(offsets);
  SmallVector<int64_t> shape{from[0], from[1], from[2], given[2], given[4], given[5]};
  if (!b.fits(shape))
    return {};
  auto dim = [&](int64_t i) { return b.builder.getAffineDimExpr(i); };
  SmallVector<Value> operands(2, offsets);
  SmallVector<AffineMap> maps;
  for (int64_t i : {0, 1})
    maps.push_back(AffineMap::get(
        6, 0, {dim(0), dim(1), dim(3), b.builder.getAffineConstantExpr(i), dim(4), dim(5)},
        b.builder.getContext()));
  if (mask) {
    operands.push_back(mask);
    maps.push_back(
        AffineMap::get(6, 0, {dim(0), dim(1), dim(3), dim(4), dim(5)}, b.builder.getContext()));
  }
  Type element = elementOf(image);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Numbers n{builder, loc, computedIn(element)};
    Value inFilter = loopNumber(n, 3), row = n.floor(n.div(inFilter, double(window.size[1])));
    Value places[] = {row, n.sub(inFilter, n.mul(row, n.of(double(window.size[1]))))};
    GridSampling sampling;
    std::vector<SmallVector<Tap>> taps;
    for (int64_t i : {0, 1}) {
      Value begin = n.sub(n.mul(loopNumber(n, 4 + i), n.of(double(window.strides[i]))),
                          n.of(double(window.padding[2 * i])));
      Value place = n.add(begin, n.mul(places[i], n.of(double(window.dilations[i]))));
      place = n.add(place, convert(builder, loc, x[i], n.type));
      taps.push_back(tapsAround(n, place, from[3 + i], sampling));
    }
    SmallVector<Value> at;
    for (int64_t loop : {0, 1, 2})
      at.push_back(linalg::IndexOp::create(builder, loc, loop));
    Value pixel = sumOver(n, image, taps, sampling, at);
    return mask ? n.mul(pixel, convert(builder, loc, x[2], n.type)) : pixel;
  };
  return elementwise(b, shape, operands, maps, body, element);
}

Value ops::deformedConvolution(TensorBuilder &b, const Window &window, Value image,
                               const DeformedConvolution &by) {
  if (!areFloats(b, {image, by.filter, by.offsets}) || (by.mask && !areFloats(b, by.mask)))
    return {};
  ArrayRef<int64_t> shape = shapeOf(image), filter = shapeOf(by.filter);
  auto placed = place(b, shape, window, filter[0]);
  if (!placed)
    return {};
  int64_t images = shape[0], rows = placed->output[2], columns = placed->output[3];
  int64_t elements = filter[2] * filter[3], moved = by.offsetGroups;
  auto has = [&](Value value, int64_t each, StringRef what) {
    SmallVector<int64_t> expected{images, moved * elements * each, rows, columns};
    if (!value || shapeOf(value) == ArrayRef(expected))
      return true;
    b.error(what) << "expected shape " << shown(expected) << ", found " << shown(shapeOf(value));
    return false;
  };
  if (moved < 1 || shape[1] % moved) {
    b.error("offset_group") << "expected a divisor of " << shape[1] << " channels, found " << moved;
    return {};
  }
  if (!has(by.offsets, 2, "offset") || !has(by.mask, 1, "mask"))
    return {};
  Value mask = by.mask ? reshape(b, by.mask, {images, moved, elements, rows, columns}) : Value();
  Value read = movedElements(
      b, *placed, reshape(b, image, {images, moved, shape[1] / moved, shape[2], shape[3]}),
      reshape(b, by.offsets, {images, moved, elements, 2, rows, columns}), mask);
  if (!read)
    return {};
  int64_t groups = by.groups, each = filter[1] * elements;
  Value sums = contract(b, reshape(b, read, {images, groups, each, rows * columns}), "ngkp",
                        reshape(b, by.filter, {groups, filter[0] / groups, each}), "gok", "ngop");
  Value result = sums ? reshape(b, sums, {images, filter[0], rows, columns}) : Value();
  return by.bias ? apply(b, "add", {result, reshape(b, by.bias, {1, filter[0], 1, 1})}) : result;
}
