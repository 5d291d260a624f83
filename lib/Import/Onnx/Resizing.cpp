//===- Resizing.cpp - images of other sizes, blocks of pixels --------------------===//

#include "../Operations/GridSample.h"
#include "../Operations/Resampling.h"
#include "../Operations/Shaping.h"
#include "Node.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

using ops::SampledDimension;
using ops::Sampling;

static Sampling readSampling(NodeContext &node) {
  static const StringRef modes[] = {"nearest", "linear", "cubic"};
  static const StringRef places[] = {
      "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners",
      "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"};
  static const StringRef roundings[] = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
  auto index = [&](StringRef name, ArrayRef<StringRef> names) {
    return llvm::find(names, node.choice(name, names)) - names.begin();
  };
  Sampling sampling;
  sampling.mode = Sampling::Mode(index("mode", modes));
  sampling.place = Sampling::Place(index("coordinate_transformation_mode", places));
  sampling.rounding = Sampling::Rounding(index("nearest_mode", roundings));
  sampling.cubic = node.number("cubic_coeff_a", -0.75);
  sampling.excludesOutside = node.integer("exclude_outside", 0);
  sampling.antialias = node.integer("antialias", 0);
  sampling.outside = node.number("extrapolation_value", 0);
  return sampling;
}

/// Whether each of a list's numbers is positive, and there are `count` of them.
template <typename List>
static bool check(NodeContext &node, StringRef name, const List &list, size_t count) {
  if (list.size() == count && llvm::all_of(list, [](auto n) { return n > 0 && n < 1 << 24; }))
    return true;
  node.error(name) << "expected " << count << " positive numbers, found " << list.size();
  return false;
}

static bool checkRegion(NodeContext &node, const std::optional<SmallVector<double>> &region,
                        size_t count) {
  if (region && region->size() == 2 * count)
    return true;
  node.error("roi") << "expected " << 2 * count << " numbers, found "
                    << (region ? region->size() : 0);
  return false;
}

static void addScales(ArrayRef<int64_t> shape, ArrayRef<int64_t> dims, ArrayRef<double> scales,
                      SmallVectorImpl<SampledDimension> &result) {
  for (auto [dim, scale] : llvm::zip_equal(dims, scales))
    result.push_back({dim, int64_t(std::floor(shape[dim] * scale)), scale});
}

/// One scale of all dimensions where the image's proportions are to stay.
static void addSizes(ArrayRef<int64_t> shape, ArrayRef<int64_t> dims, ArrayRef<int64_t> sizes,
                     StringRef policy, SmallVectorImpl<SampledDimension> &result) {
  SmallVector<double> scales;
  for (auto [dim, size] : llvm::zip_equal(dims, sizes))
    scales.push_back(double(size) / shape[dim]);
  double one = policy == "not_larger" ? *llvm::min_element(scales) : *llvm::max_element(scales);
  for (auto [dim, size, scale] : llvm::zip_equal(dims, sizes, scales)) {
    if (policy == "stretch")
      result.push_back({dim, size, scale});
    else
      result.push_back({dim, int64_t(std::floor(one * shape[dim] + 0.5)), one});
  }
}

/// Each pixel as often as a scale says, which is an integer; of an image of any size.
static Value repeatPixels(NodeContext &node, ArrayRef<int64_t> dims, ArrayRef<double> scales,
                          const Sampling &sampling) {
  bool isNearest = sampling.mode == Sampling::Nearest;
  bool isWhole = llvm::all_of(
      scales, [](double scale) { return scale >= 1 && scale == std::floor(scale) && scale < 256; });
  // Elsewhere a pixel of the result is not in the middle of, or behind, the one that it comes from.
  bool begins = sampling.place == Sampling::Asymmetric && sampling.rounding == Sampling::Down;
  bool isCentered =
      sampling.place <= Sampling::HalfPixelOrFirst && sampling.rounding <= Sampling::HalfUp;
  if (!isNearest || !isWhole || !(begins || isCentered) || dims.size() != scales.size()) {
    node.error()
        << "an image whose size is not known can only be resized to the nearest pixels, by "
           "integer scales; give --height, --width or --size one size each";
    return {};
  }
  Value result = node.input();
  for (auto [dim, scale] : llvm::zip_equal(dims, scales))
    if (scale != 1)
      result = ops::repeat(node, result, dim, int64_t(scale));
  return result;
}

static Results importResize(NodeContext &node) {
  bool isOld = node.version < 11; // the scales are input 1, and a pixel is where it begins
  Sampling sampling = readSampling(node);
  if (isOld) {
    sampling.place = Sampling::Asymmetric;
    sampling.rounding = Sampling::Down;
  }
  StringRef policy =
      node.choice("keep_aspect_ratio_policy", {"stretch", "not_larger", "not_smaller"});
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, node.rank()));
  SmallVector<int64_t> dims;
  for (int64_t axis : node.integers("axes").value_or(all))
    dims.push_back(axis < 0 ? axis + node.rank() : axis);
  if (llvm::any_of(dims, [&](int64_t dim) { return dim < 0 || dim >= node.rank(); })) {
    node.error("axes") << "expected dimensions of shape " << shown(node.shape()) << ", found "
                       << shown(dims);
    return {};
  }
  bool isCrop = sampling.place == Sampling::Crop;
  auto roi = isCrop ? node.constantNumbers(1, "roi") : std::nullopt;
  auto scales = node.constantNumbers(isOld ? 1 : 2, "scales");
  auto sizes = node.constants(3, "sizes");
  SmallVector<SampledDimension> to;
  if (node.failed() || (isCrop && !checkRegion(node, roi, dims.size())))
    return {};
  if (ops::isDynamic(node.input()))
    return repeatPixels(node, dims, scales.value_or(SmallVector<double>()), sampling);
  if (sizes && !sizes->empty()) {
    if (!check(node, "sizes", *sizes, dims.size()))
      return {};
    addSizes(node.shape(), dims, *sizes, policy, to);
  } else {
    if (!check(node, "scales", scales.value_or(SmallVector<double>()), dims.size()))
      return {};
    addScales(node.shape(), dims, *scales, to);
  }
  for (auto [i, one] : llvm::enumerate(to))
    if (isCrop) {
      one.begin = (*roi)[i];
      one.end = (*roi)[i + to.size()];
    }
  llvm::erase_if(to, [&](const SampledDimension &one) {
    return one.size == node.shape()[one.dim] && one.scale == 1 && one.begin == 0 && one.end == 1;
  });
  return ops::resample(node, node.input(), to, sampling);
}

static Results importUpsample(NodeContext &node) {
  StringRef mode = node.choice("mode", {"nearest", "linear", "bilinear"});
  auto scales = node.has("scales") ? node.numbers("scales") : node.constantNumbers(1, "scales");
  if (node.version < 7)
    scales = SmallVector<double>{1, 1, node.number("height_scale"), node.number("width_scale")};
  if (node.failed() || !check(node, "scales", scales.value_or(SmallVector<double>()), node.rank()))
    return {};
  Sampling sampling;
  sampling.mode = mode == "nearest" ? Sampling::Nearest : Sampling::Linear;
  sampling.place = Sampling::Asymmetric;
  sampling.rounding = Sampling::Down;
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(0, node.rank()));
  if (ops::isDynamic(node.input()))
    return repeatPixels(node, dims, *scales, sampling);
  SmallVector<SampledDimension> to;
  addScales(node.shape(), dims, *scales, to);
  llvm::erase_if(to, [](const SampledDimension &one) { return one.scale == 1; });
  return ops::resample(node, node.input(), to, sampling);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

static std::optional<int64_t> readBlock(NodeContext &node) {
  int64_t block = node.integer("blocksize");
  if (block < 1 || block > 1 << 12)
    node.unsupported("blocksize", "a positive integer");
  if (node.rank() != 4)
    node.error() << "expected an input of rank 4, found shape " << shown(node.shape());
  return node.failed() ? std::nullopt : std::optional(block);
}

static Results importDepthToSpace(NodeContext &node) {
  bool channelsFirst = node.choice("mode", {"DCR", "CRD"}) == "CRD";
  auto block = readBlock(node);
  if (!block)
    return {};
  return (channelsFirst ? ops::pixelShuffle : ops::depthToSpace)(node, node.input(), *block,
                                                                 DataFormat::NCHW);
}

static Results importSpaceToDepth(NodeContext &node) {
  if (node.choice("mode", {"DCR", "CRD"}) != "DCR")
    node.unsupported("mode", "'DCR'");
  auto block = readBlock(node);
  return block ? ops::spaceToDepth(node, node.input(), *block, DataFormat::NCHW) : Value();
}

/// The names of modes have changed with version 20.
static Results importGridSample(NodeContext &node) {
  using G = ops::GridSampling;
  G sampling;
  StringRef mode = node.choice("mode", {"linear", "nearest", "cubic", "bilinear", "bicubic"});
  sampling.mode = mode == "nearest" ? G::Nearest : mode.ends_with("ic") ? G::Cubic : G::Linear;
  StringRef outside = node.choice("padding_mode", {"zeros", "border", "reflection"});
  sampling.outside = outside == "zeros"    ? G::Constant
                     : outside == "border" ? G::Border
                                           : G::Reflection;
  sampling.alignsCorners = node.integer("align_corners", 0);
  if (node.failed() || !isa<FloatType>(ops::elementOf(node.input(1)))) {
    if (!node.failed())
      node.error("grid") << "expected floats, found " << nameOf(node.dataType(node.input(1)));
    return {};
  }
  return ops::gridSample(node, node.input(), node.input(1), sampling);
}

ArrayRef<Operator> sepconv::onnx::resizingOperators() {
  static const Operator table[] = {
      {"GridSample", 16, newest, importGridSample, {"align_corners", "mode", "padding_mode"}, 2, 2},
      {"DepthToSpace", 1, newest, importDepthToSpace, {"blocksize", "mode"}},
      {"Resize",
       10,
       newest,
       importResize,
       {"antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
        "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode"},
       1,
       4},
      {"SpaceToDepth", 1, newest, importSpaceToDepth, {"blocksize", "mode"}},
      {"Upsample", 1, 9, importUpsample, {"height_scale", "mode", "scales", "width_scale"}, 1, 2},
  };
  return table;
}
