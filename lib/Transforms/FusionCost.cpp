//===- FusionCost.cpp - whether fusing two layers pays ---------------------------===//

#include "FusionCost.h"
#include "sepconv/IR/Buffer.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

FusionMachine::FusionMachine(const Facts &facts)
    : l2Bytes(facts.lookup("l2_bytes")), hidingPositions(facts.lookup("hiding_positions")),
      sharedBytes(facts.lookup("shared_bytes")),
      // A warp along the channels, each thread with its widest access (schedules/nvptx).
      blockOutputBytes(std::max<int64_t>(facts.lookup("warp") * facts.lookup("vector_bytes"), 1)),
      productsPerUs(std::max<int64_t>(
          facts.lookup("sms") * facts.lookup("fma_lanes") * facts.lookup("clock_mhz"), 1)),
      bytesPerUs(std::max<int64_t>(facts.lookup("memory_gb_per_s") * 1000, 1)),
      launchUs(facts.lookup("launch_us")) {}

static int64_t bytesOf(RankedTensorType type) {
  return type.getNumElements() * elementBytes(type.getElementType());
}

static FusionDecision notFused(std::string reason) { return {false, 0, std::move(reason)}; }

/// A block computes the depthwise result of its positions; blocks of other output channels compute
/// it again, while memory would have moved it twice and a launch more had to start.
static FusionDecision decideOnGpu(RankedTensorType intermediate, Conv2DOp pointwise,
                                  const FusionMachine &machine) {
  auto depthwise = pointwise.getInput().getDefiningOp<DepthwiseConv2DOp>();
  int64_t taps = 9, window = 9; // of a 3x3 one, where an operation stands between
  if (depthwise) {
    auto filter = cast<RankedTensorType>(depthwise.getFilter().getType());
    int64_t height = filter.getDimSize(0), width = filter.getDimSize(1);
    taps = height * width;
    window = ((height - 1) * depthwise.getDilations()[0] + 1) *
             ((width - 1) * depthwise.getDilations()[1] + 1);
  }
  // Sums have at least 4 bytes. One position and the fewest channels are the least block.
  int64_t bytes = elementBytes(intermediate.getElementType());
  int64_t leastBytes = (window + taps) * std::max<int64_t>(bytes, 4);
  if (leastBytes > machine.sharedBytes)
    return notFused(llvm::formatv("one position's window takes {0} bytes of shared memory, more "
                                  "than the {1} bytes of a block",
                                  leastBytes, machine.sharedBytes));
  int64_t filters = cast<RankedTensorType>(pointwise.getFilter().getType()).getDimSize(3);
  int64_t times = llvm::divideCeil(filters * bytes, machine.blockOutputBytes);
  double products = double(times - 1) * double(intermediate.getNumElements()) * double(taps);
  double againUs = products / double(machine.productsPerUs);
  int64_t saved = 2 * bytesOf(intermediate);
  double savedUs = double(saved) / double(machine.bytesPerUs) + double(machine.launchUs);
  if (againUs > savedUs)
    return notFused(llvm::formatv("computing the depthwise result {0} times takes {1:f1} us "
                                  "longer, moving it and another launch take {2:f1} us",
                                  times, againUs, savedUs));
  return {true, saved, ""};
}

/// Why nothing is computed on the way into a sum of such elements; nothing for floats.
static std::string whyNotOnTheWay(RankedTensorType elements) {
  if (isa<FloatType>(elements.getElementType()))
    return "";
  return "sums of integers are added up by instructions, from what is in memory";
}

static std::string whyNotElementwise(RankedTensorType elements, const FusionMachine &machine) {
  if (machine.sharedBytes)
    return "each block of output channels would compute the elements again";
  return whyNotOnTheWay(elements);
}

/// The additions and products that an elementwise operation takes; nothing of one that takes
/// others.
static std::optional<int64_t> countProducts(Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return std::nullopt;
  auto body = linalgOp.getBlock()->without_terminator();
  if (!llvm::all_of(body, llvm::IsaPred<arith::AddFOp, arith::SubFOp, arith::MulFOp>))
    return std::nullopt;
  return std::distance(body.begin(), body.end());
}

FusionDecision sepconv::decidePaddedCopy(RankedTensorType elements,
                                         ArrayRef<Operation *> operations, Conv2DOp conv,
                                         const FusionMachine &machine) {
  if (std::string reason = whyNotElementwise(elements, machine); !reason.empty())
    return notFused(reason);
  if (llvm::all_of(conv.getPadding(), [](int64_t p) { return p == 0; }))
    return notFused("the convolution is neither 1x1 nor padded");
  int64_t products = 0;
  for (Operation *op : operations) {
    std::optional<int64_t> own = countProducts(op);
    if (!own)
      return notFused("more than sums and products would be computed for each window");
    products += *own;
  }
  // The rows of neighbouring windows are copied for each. A product takes as long as to move the
  // element that it is for through the cache.
  int64_t height = cast<RankedTensorType>(conv.getFilter().getType()).getDimSize(0);
  int64_t stride = conv.getStrides()[0], saved = 2 * bytesOf(elements);
  int64_t again = products * std::max<int64_t>(height - stride, 0) * bytesOf(elements) / stride;
  if (again >= saved)
    return notFused(llvm::formatv("computing rows again for windows of {0} rows costs as much as "
                                  "moving {1} bytes, not less than the {2} bytes that it saves",
                                  height, again, saved));
  return {true, saved - again, ""};
}

/// Why the positions of the output, of the first or the second convolution, are not sums of one
/// position of the input each; nothing if they are.
static std::string whyNotPointwise(Conv2DOp conv, StringRef which) {
  auto filter = cast<RankedTensorType>(conv.getFilter().getType());
  if (filter.getDimSize(0) != 1 || filter.getDimSize(1) != 1)
    return ("the " + which + " convolution is not 1x1").str();
  if (conv.getGroups() != 1)
    return "the pointwise convolution is grouped";
  if (llvm::any_of(conv.getStrides(), [](int64_t s) { return s != 1; }))
    return "the pointwise convolution is strided";
  if (llvm::any_of(conv.getPadding(), [](int64_t p) { return p != 0; }))
    return "the pointwise convolution is padded";
  return "";
}

FusionDecision sepconv::decideExpansion(RankedTensorType expanded, Conv2DOp pointwise,
                                        DepthwiseConv2DOp depthwise, const FusionMachine &machine) {
  if (std::string reason = whyNotPointwise(pointwise, "first"); !reason.empty())
    return notFused(reason);
  if (machine.sharedBytes)
    return notFused("each block of positions would compute the rows of its windows again");
  if (std::string reason = whyNotOnTheWay(expanded); !reason.empty())
    return notFused(reason);
  if (!cast<RankedTensorType>(depthwise.getInput().getType()).hasStaticShape())
    return notFused("rows of a dynamic size cannot be kept in a buffer of a few");
  int64_t bytes = bytesOf(expanded), budget = machine.l2Bytes / 2;
  if (bytes <= machine.l2Bytes)
    return notFused(llvm::formatv("the {0} bytes between them stay in the {1} bytes of L2", bytes,
                                  machine.l2Bytes));
  // The rows of a window and those that the next window adds.
  auto filter = cast<RankedTensorType>(depthwise.getFilter().getType());
  int64_t rows =
      (filter.getDimSize(0) - 1) * depthwise.getDilations()[0] + 1 + depthwise.getStrides()[0];
  int64_t rowBytes = bytes / (expanded.getDimSize(0) * expanded.getDimSize(1));
  if (rows * rowBytes > budget)
    return notFused(llvm::formatv("{0} rows between them take {1} bytes, more than half of the {2} "
                                  "bytes of L2",
                                  rows, rows * rowBytes, machine.l2Bytes));
  // The rows that a window needs are multiplied with the whole filter.
  int64_t filterBytes = bytesOf(cast<RankedTensorType>(pointwise.getFilter().getType()));
  if (filterBytes > budget)
    return notFused(llvm::formatv("the pointwise filter takes {0} bytes, more than half of the {1} "
                                  "bytes of L2",
                                  filterBytes, machine.l2Bytes));
  return {true, 2 * bytes, ""};
}

FusionDecision sepconv::decidePointwise(RankedTensorType intermediate, StringRef kind,
                                        Conv2DOp pointwise, const FusionMachine &machine) {
  if (std::string reason = whyNotPointwise(pointwise, "second"); !reason.empty())
    return notFused(reason);
  auto filter = cast<RankedTensorType>(pointwise.getFilter().getType());
  if (std::string reason = whyNotElementwise(intermediate, machine);
      kind == "elementwise" && !reason.empty())
    return notFused(reason);
  if (machine.sharedBytes)
    return decideOnGpu(intermediate, pointwise, machine);

  // Half of the L2 cache is for the tile between the two convolutions, half for everything else.
  int64_t budget = machine.l2Bytes / 2;
  int64_t images = intermediate.getDimSize(0), rows = intermediate.getDimSize(1);
  int64_t rowBytes = bytesOf(intermediate) / (images * rows);
  if (rowBytes > budget)
    return notFused(llvm::formatv("a row of the {0} result takes {1} bytes, more than half of "
                                  "the {2} bytes of L2",
                                  kind, rowBytes, machine.l2Bytes));
  // Each tile of rows reads the pointwise filter. One that stays in the cache costs nothing, nor
  // does one that is multiplied with so many positions that the next cache makes it ready
  // meanwhile.
  int64_t tileRows = std::min(rows, budget / rowBytes);
  int64_t tiles = images * llvm::divideCeil(rows, tileRows);
  int64_t filterBytes = bytesOf(filter);
  bool isHidden =
      filterBytes <= budget || tileRows * intermediate.getDimSize(2) >= machine.hidingPositions;
  int64_t reread = isHidden ? 0 : (tiles - 1) * filterBytes;
  int64_t saved = 2 * bytesOf(intermediate);
  if (reread >= saved)
    return notFused(llvm::formatv("reading the pointwise filter for each of {0} tiles of rows "
                                  "costs {1} bytes, more than the {2} bytes that it saves",
                                  tiles, reread, saved));
  return {true, saved - reread, ""};
}
