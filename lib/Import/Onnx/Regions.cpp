//===- Regions.cpp - parts of images at places that are computed -----------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/GridSample.h"
#include "../Operations/Shaping.h"
#include "Windows.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// Where GridSample reads an image of the shape that is an input.
static Results importAffineGrid(NodeContext &node) {
  bool alignsCorners = node.integer("align_corners", 0);
  auto size = node.constants(1, "size");
  if (!size || node.failed())
    return {};
  if (size->size() != 4 && size->size() != 5) {
    node.error("size") << "expected the shape of an image of 2 or 3 dimensions, found "
                       << shown(*size);
    return {};
  }
  return ops::affineGrid(node, node.input(), ArrayRef<int64_t>(*size).drop_front(2), alignsCorners);
}

static Results importRoiAlign(NodeContext &node) {
  ops::RegionSampling sampling;
  auto size = [&](StringRef name, int64_t otherwise) {
    int64_t value = node.integer(name, otherwise);
    if (value >= 1 && value <= 1 << 16)
      return value;
    // Without a ratio their number is that of the pixels in each region.
    node.unsupported(name, "an integer from 1 to 65536");
    return int64_t(1);
  };
  sampling.height = size("output_height", 1);
  sampling.width = size("output_width", 1);
  sampling.samples = size("sampling_ratio", 0);
  sampling.scale = node.number("spatial_scale", 1);
  sampling.isMax = node.choice("mode", {"avg", "max"}) == "max";
  if (node.version >= 16)
    sampling.isHalfPixel = node.choice("coordinate_transformation_mode",
                                       {"half_pixel", "output_half_pixel"}) == "half_pixel";
  else
    sampling.isHalfPixel = false;
  if (node.failed())
    return {};
  return ops::alignRegions(node, node.input(0), node.input(1), node.input(2), sampling);
}

static Results importDeformConv(NodeContext &node) {
  auto window = readConvolution(node);
  ops::DeformedConvolution by{node.input(1), node.input(3), node.input(2), node.input(4)};
  by.groups = node.integer("group", 1);
  by.offsetGroups = node.integer("offset_group", 1);
  if (!window || node.failed() || !checkGroups(node, by.groups))
    return {};
  if (node.rank() != 4) {
    node.error() << "expected images of rank 4, found shape " << shown(node.shape());
    return {};
  }
  if (by.bias && ops::shapeOf(by.bias) != ArrayRef(node.shape(1)[0])) {
    node.error("B") << "expected shape " << shown(node.shape(1)[0]) << ", found "
                    << shown(node.shape(3));
    return {};
  }
  return ops::deformedConvolution(node, *window, node.input(), by);
}

/// Elements are taken away or zeros added on both sides, of an odd number one more at the end.
static Results importCenterCropPad(NodeContext &node) {
  auto sizes = node.constants(1, "shape"), axes = node.integers("axes");
  if (!sizes || node.failed())
    return {};
  if (!axes)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, node.rank()));
  if (axes->size() != sizes->size() || !node.fits(*sizes)) {
    node.error("shape") << "expected " << axes->size() << " sizes, found " << shown(*sizes);
    return {};
  }
  SmallVector<int64_t> low(node.rank(), 0), high(low);
  for (auto [axis, size] : llvm::zip_equal(*axes, *sizes)) {
    auto dim = node.dimension(node.input(), "axes", axis);
    if (!dim)
      return {};
    int64_t more = size - node.shape()[*dim];
    low[*dim] = more / 2;
    high[*dim] = more - more / 2;
  }
  return ops::padOrCrop(node, node.input(), low, high, ops::PadMode::Constant, 0);
}

ArrayRef<Operator> sepconv::onnx::regionOperators() {
  static const Operator table[] = {
      {"AffineGrid", 20, newest, importAffineGrid, {"align_corners"}, 2, 2},
      {"CenterCropPad", 18, newest, importCenterCropPad, {"axes"}, 2, 2},
      {"DeformConv",
       19,
       newest,
       importDeformConv,
       {"dilations", "group", "kernel_shape", "offset_group", "pads", "strides"},
       3,
       5},
      {"RoiAlign",
       10,
       newest,
       importRoiAlign,
       {"coordinate_transformation_mode", "mode", "output_height", "output_width", "sampling_ratio",
        "spatial_scale"},
       3,
       3},
  };
  return table;
}
