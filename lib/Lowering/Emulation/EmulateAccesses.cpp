//===- EmulateAccesses.cpp - checks of what an emulated kernel accesses ----------===//

#include "EmulatedKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/AlignmentAttrInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// What an operation says of the memory that it accesses.
struct Access {
  Value memref;
  MutableOperandRange indices;
  int64_t elements = 1;
  bool stores = false;
  /// Of each element, if not all are accessed, or not one after the other.
  OpOperand *mask = nullptr;
  Value offsets = {};
};

/// Checks the accesses of a kernel.
class AccessInstrumenter {
public:
  AccessInstrumenter(EmulatedKernel &kernel, EmulatorRuntime &runtime)
      : kernel(kernel), runtime(runtime) {
    for (auto [number, buffer] : llvm::enumerate(kernel.buffers))
      numbers[buffer.value] = number;
  }
  LogicalResult check(Operation *op);

private:
  LogicalResult verify(Operation *op, const Access &access);
  void checkWhole(ImplicitLocOpBuilder &b, Access &access, EmulatedAccess site);
  void checkEach(ImplicitLocOpBuilder &b, Access &access, EmulatedAccess site);
  Value linearIndex(ImplicitLocOpBuilder &b, const Access &access);
  Value momentOf(Operation *op);
  Value allow(ImplicitLocOpBuilder &b, const EmulatedAccess &site, Value index, Value enabled);
  Value allowPrivate(ImplicitLocOpBuilder &b, const EmulatedAccess &site, Value index,
                     Value enabled);

  EmulatedKernel &kernel;
  EmulatorRuntime &runtime;
  DenseMap<Value, unsigned> numbers;
  DenseMap<Operation *, Value> moments;
  Value moment; ///< of the operation that is checked
};
} // namespace

static std::optional<Access> accessOf(Operation *op) {
  auto size = [](VectorType type) { return type.getNumElements(); };
  return llvm::TypeSwitch<Operation *, std::optional<Access>>(op)
      .Case([](memref::LoadOp op) { return Access{op.getMemRef(), op.getIndicesMutable()}; })
      .Case([](memref::StoreOp op) {
        return Access{op.getMemRef(), op.getIndicesMutable(), 1, true};
      })
      .Case([&](vector::LoadOp op) {
        return Access{op.getBase(), op.getIndicesMutable(), size(op.getVectorType())};
      })
      .Case([&](vector::StoreOp op) {
        return Access{op.getBase(), op.getIndicesMutable(), size(op.getVectorType()), true};
      })
      .Case([&](vector::MaskedLoadOp op) {
        return Access{op.getBase(), op.getIndicesMutable(), size(op.getVectorType()), false,
                      &op.getMaskMutable()};
      })
      .Case([&](vector::MaskedStoreOp op) {
        return Access{op.getBase(), op.getIndicesMutable(), size(op.getVectorType()), true,
                      &op.getMaskMutable()};
      })
      .Case([&](vector::GatherOp op) {
        return Access{op.getBase(), op.getOffsetsMutable(), size(op.getVectorType()),
                      false,        &op.getMaskMutable(),   op.getIndices()};
      })
      .Case([&](vector::ScatterOp op) {
        return Access{op.getBase(), op.getOffsetsMutable(), size(op.getVectorType()),
                      true,         &op.getMaskMutable(),   op.getIndices()};
      })
      .Default([](Operation *) { return std::nullopt; });
}

static Value index(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

/// The index of the first element in the whole buffer.
Value AccessInstrumenter::linearIndex(ImplicitLocOpBuilder &b, const Access &access) {
  Value linear = index(b, 0);
  auto shape = cast<MemRefType>(access.memref.getType()).getShape();
  for (auto [extent, operand] : llvm::zip(shape, access.indices)) {
    Value begin = b.createOrFold<arith::MulIOp>(linear, index(b, extent));
    linear = b.createOrFold<arith::AddIOp>(begin, operand.get());
  }
  return linear;
}

/// A number that tells the iterations of the loops around an operation from each other.
Value AccessInstrumenter::momentOf(Operation *op) {
  auto loop = op->getParentOfType<scf::ForOp>();
  if (Value known = moments.lookup(loop))
    return known;
  Location loc = kernel.function.getLoc();
  if (!loop) {
    auto b = ImplicitLocOpBuilder::atBlockBegin(loc, &kernel.function.front());
    return moments[loop] = index(b, 0);
  }
  Value outer = momentOf(loop);
  auto b = ImplicitLocOpBuilder::atBlockBegin(loc, loop.getBody());
  auto distance = arith::SubIOp::create(b, loop.getInductionVar(), loop.getLowerBound());
  Value iteration = arith::DivSIOp::create(b, distance, loop.getStep());
  if (!iteration.getType().isIndex())
    iteration = arith::IndexCastOp::create(b, b.getIndexType(), iteration);
  // A prime that is larger than the extent of any loop.
  Value before = arith::MulIOp::create(b, outer, index(b, 2147483647));
  return moments[loop] = arith::AddIOp::create(b, before, iteration);
}

/// Whether elements may be accessed, from an index on.
Value AccessInstrumenter::allow(ImplicitLocOpBuilder &b, const EmulatedAccess &site, Value index,
                                Value enabled) {
  if (kernel.buffers[site.buffer].space == SEPCONV_EMULATED_PRIVATE)
    return allowPrivate(b, site, index, enabled);
  Value flag = arith::ExtUIOp::create(b, b.getI32Type(), enabled);
  Value allowed =
      runtime.call(b, "access", b.getI32Type(), {runtime.site(b, site), index, moment, flag})
          .front();
  return arith::TruncIOp::create(b, b.getI1Type(), allowed);
}

/// Private memory has bounds only: what does not escape stays in registers.
Value AccessInstrumenter::allowPrivate(ImplicitLocOpBuilder &b, const EmulatedAccess &site,
                                       Value index, Value enabled) {
  int64_t last = kernel.buffers[site.buffer].type().getNumElements() - site.elements;
  auto compare = [&](arith::CmpIPredicate predicate) {
    return b.createOrFold<arith::CmpIOp>(predicate, index, ::index(b, last));
  };
  Value outside = b.createOrFold<arith::AndIOp>(compare(arith::CmpIPredicate::ugt), enabled);
  if (!matchPattern(outside, m_Zero())) {
    auto report = scf::IfOp::create(b, outside, /*withElseRegion=*/false);
    auto inside = ImplicitLocOpBuilder::atBlockBegin(b.getLoc(), report.thenBlock());
    runtime.call(inside, "out_of_bounds", {}, {runtime.site(inside, site), index});
  }
  return b.createOrFold<arith::AndIOp>(compare(arith::CmpIPredicate::ule), enabled);
}

/// Where it is not allowed, an access is of the buffer's first elements.
void AccessInstrumenter::checkWhole(ImplicitLocOpBuilder &b, Access &access, EmulatedAccess site) {
  Value always = arith::ConstantIntOp::create(b, 1, 1);
  Value allowed = allow(b, site, linearIndex(b, access), always);
  Value first = index(b, 0);
  for (OpOperand &operand : access.indices)
    operand.set(b.createOrFold<arith::SelectOp>(allowed, operand.get(), first));
}

/// Where it is not allowed, an element is masked.
void AccessInstrumenter::checkEach(ImplicitLocOpBuilder &b, Access &access, EmulatedAccess site) {
  Value first = linearIndex(b, access);
  SmallVector<Value> allowed;
  for (int64_t i = 0; i < site.elements; ++i) {
    Value offset = index(b, i);
    if (access.offsets)
      offset = vector::ExtractOp::create(b, access.offsets, i);
    if (!offset.getType().isIndex())
      offset = arith::IndexCastOp::create(b, b.getIndexType(), offset);
    Value at = b.createOrFold<arith::AddIOp>(first, offset);
    Value enabled = vector::ExtractOp::create(b, access.mask->get(), i);
    allowed.push_back(allow(b, {site.buffer, 1, site.alignment, site.stores}, at, enabled));
  }
  auto type = cast<VectorType>(access.mask->get().getType());
  access.mask->set(vector::FromElementsOp::create(b, type, allowed));
}

LogicalResult AccessInstrumenter::verify(Operation *op, const Access &access) {
  auto found = numbers.find(access.memref);
  if (found == numbers.end())
    return op->emitOpError(
        "accesses memory that is neither a buffer of the kernel nor allocated in it");
  if (op->getParentOfType<scf::WhileOp>())
    return op->emitOpError("is in a loop without a counter");
  MemRefType type = kernel.buffers[found->second].type();
  if (access.elements > type.getNumElements())
    return op->emitOpError("accesses more elements than its buffer has");
  return success();
}

LogicalResult AccessInstrumenter::check(Operation *op) {
  std::optional<Access> access = accessOf(op);
  if (!access) {
    if (llvm::any_of(op->getOperandTypes(), llvm::IsaPred<MemRefType>))
      return op->emitOpError("cannot be emulated");
    return success();
  }
  if (failed(verify(op, *access)))
    return failure();
  EmulatedAccess site{numbers[access->memref], access->elements, 0, access->stores};
  EmulatedBuffer &buffer = kernel.buffers[site.buffer];
  buffer.stored |= access->stores;
  llvm::MaybeAlign alignment = cast<AlignmentAttrOpInterface>(op).getMaybeAlign();
  site.alignment = alignment && !access->mask ? alignment->value() : buffer.elementBytes();
  op->removeAttr("alignment"); // what is not aligned is a finding, and no end of the program
  moment = momentOf(op);
  ImplicitLocOpBuilder b(op->getLoc(), op);
  if (access->mask)
    checkEach(b, *access, site);
  else
    checkWhole(b, *access, site);
  return success();
}

LogicalResult sepconv::emulateAccesses(EmulatedKernel &kernel, EmulatorRuntime &runtime) {
  AccessInstrumenter checker(kernel, runtime);
  SmallVector<Operation *> ops;
  kernel.function.walk([&](Operation *op) { ops.push_back(op); });
  bool failed = false;
  for (Operation *op : ops)
    failed |= checker.check(op).failed();
  return failure(failed);
}
