//===- SanitizerDefaults.cpp - what AddressSanitizer does unless told otherwise --===//
//
// Linked into every tool of a build with SEPCONV_SANITIZE.
//
//===----------------------------------------------------------------------===//

/// LLVM's arenas poison what they have not handed out yet. The distribution's libraries are not
/// instrumented and share arenas with this code, but do not unpoison what they hand out.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }
