//===- DotInstruction.cpp - instructions that add up products of bytes -----------===//

#include "sepconv/Schedule/DotInstruction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::sepconv;

ArrayRef<DotInstruction> sepconv::dotInstructions() {
  static constexpr DotInstruction instructions[] = {
      {"vpdpbusd", "avx512vnni", 4, /*hasUnsignedInput=*/true},
      {"sdot", "dotprod", 4, /*hasUnsignedInput=*/false},
  };
  return instructions;
}

const DotInstruction *sepconv::findDotInstruction(StringRef name) {
  for (const DotInstruction &instruction : dotInstructions())
    if (instruction.name == name)
      return &instruction;
  return nullptr;
}

/// The block's argument that a value extends to 32 bits, if that has 8.
static BlockArgument extendedByte(Value value) {
  Operation *op = value.getDefiningOp();
  if (!isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(op) ||
      !op->getOperand(0).getType().isInteger(8))
    return {};
  return dyn_cast<BlockArgument>(op->getOperand(0));
}

std::optional<DotForm> sepconv::dotForm(linalg::LinalgOp op) {
  Block *body = op.getBlock();
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 || !op.getNumReductionLoops())
    return std::nullopt;
  BlockArgument input = body->getArgument(0), weight = body->getArgument(1),
                sum = body->getArgument(2);
  auto add = body->getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
  if (!add || !sum.getType().isInteger(32) || (add.getLhs() != sum && add.getRhs() != sum))
    return std::nullopt;
  auto product = (add.getLhs() == sum ? add.getRhs() : add.getLhs()).getDefiningOp<arith::MulIOp>();
  if (!product)
    return std::nullopt;
  Value first = product.getLhs(), second = product.getRhs();
  if (extendedByte(first) == weight)
    std::swap(first, second);
  if (extendedByte(first) != input || extendedByte(second) != weight ||
      !second.getDefiningOp<arith::ExtSIOp>())
    return std::nullopt;
  return DotForm{!first.getDefiningOp<arith::ExtSIOp>()};
}
