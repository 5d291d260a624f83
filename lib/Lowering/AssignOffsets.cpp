//===- AssignOffsets.cpp - offsets for buffers that live for a while --------------===//

#include "AssignOffsets.h"
#include "sepconv/Product/ModelInterface.h"

#include "llvm/ADT/STLExtras.h"

#include <limits>
#include <tuple>

using namespace mlir;
using namespace mlir::sepconv;

/// The best offset for a buffer among those that have one, which are sorted by it.
static int64_t bestOffset(const BufferLife &buffer, ArrayRef<const BufferLife *> placed) {
  int64_t best = -1, bestGap = std::numeric_limits<int64_t>::max(), end = 0;
  for (const BufferLife *other : placed) {
    if (other->first > buffer.last || buffer.first > other->last)
      continue;
    int64_t gap = other->offset - end;
    if (gap >= buffer.bytes && gap < bestGap) {
      best = end;
      bestGap = gap;
    }
    end = std::max(end, alignToBuffer(other->offset + other->bytes));
  }
  return best >= 0 ? best : end;
}

int64_t sepconv::assignOffsets(MutableArrayRef<BufferLife> buffers) {
  SmallVector<BufferLife *> order;
  for (BufferLife &buffer : buffers)
    order.push_back(&buffer);
  llvm::sort(order, [](BufferLife *a, BufferLife *b) {
    return a->bytes != b->bytes ? a->bytes > b->bytes : a < b;
  });
  SmallVector<const BufferLife *> placed;
  int64_t total = 0;
  for (BufferLife *buffer : order) {
    buffer->offset = bestOffset(*buffer, placed);
    total = std::max(total, alignToBuffer(buffer->offset + buffer->bytes));
    auto byOffset = [](const BufferLife *a, const BufferLife *b) {
      return std::tie(a->offset, a) < std::tie(b->offset, b);
    };
    placed.insert(llvm::upper_bound(placed, buffer, byOffset), buffer);
  }
  return total;
}
