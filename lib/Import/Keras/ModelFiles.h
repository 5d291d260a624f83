//===- ModelFiles.h - the files of a Keras model ---------------------------------===//
#pragma once

#include "../Problems.h"
#include "Archive.h"
#include "Hdf5.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlir::sepconv::keras {

/// The files of a model in memory, and what was read from them.
struct ModelFiles {
  std::unique_ptr<llvm::MemoryBuffer> file;
  std::optional<llvm::json::Value> config;
  /// A whole model in one file of HDF5.
  std::unique_ptr<WeightsFile> whole;
  /// The bytes of the weights file, read or unpacked; empty if there are none.
  std::unique_ptr<llvm::MemoryBuffer> weightsBuffer;
  std::vector<char> unpackedWeights;
  llvm::StringRef weights;
  /// Where the weights come from, as a message names it.
  std::string weightsName;
  bool keras2 = false;
};

/// The bytes of the variables that an architecture has, whatever its weights are.
using VariableBytes = llvm::function_ref<uint64_t(const ModelFiles &)>;

/// Reads the model's file, whatever its name says, and the weights in it if they are wanted: then
/// `variableBytes` bounds them.
llvm::Error readModelFile(ModelFiles &files, llvm::StringRef path, VariableBytes variableBytes);

/// Reads the weights file that was asked for or that lies beside an architecture.
bool readWeightsFile(ModelFiles &files, llvm::StringRef path, llvm::StringRef asked,
                     Problems &problems);

} // namespace mlir::sepconv::keras
