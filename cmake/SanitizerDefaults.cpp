//===- SanitizerDefaults.cpp - what AddressSanitizer does unless told otherwise --===//
//
// Linked into every tool of a build with SEPCONV_SANITIZE.
//
//===----------------------------------------------------------------------===//

/// LLVM's arenas poison what they have not handed out yet. The distribution's libraries are not
/// instrumented and share arenas with this code, but do not unpoison what they hand out. HDF5 asks
/// for as much memory as a damaged file says, and takes no for an answer. What is found ends
/// the program by a signal, which no test takes for a model that was refused. LLVM gives a thread a
/// stack for signals, which AddressSanitizer would unmap at its end as if it were its own.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0:allocator_may_return_null=1:abort_on_error=1:use_sigaltstack=0";
}
