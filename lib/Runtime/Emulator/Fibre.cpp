//===- Fibre.cpp - a function that can be suspended ------------------------------===//

#include "Fibre.h"

#include <boost/context/protected_fixedsize_stack.hpp>

#include <utility>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEPCONV_TELL_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SEPCONV_TELL_SANITIZER
#endif

#ifdef SEPCONV_TELL_SANITIZER
#include <sanitizer/common_interface_defs.h>
#endif

using namespace sepconv::emulator;
namespace context = boost::context;

/// Tells AddressSanitizer that the stack is about to be another.
static void leave(void **fake, const void *bottom, size_t size) {
#ifdef SEPCONV_TELL_SANITIZER
  __sanitizer_start_switch_fiber(fake, bottom, size);
#endif
}

/// Tells it that the stack is another now, and asks which one it was before.
static void arrive(void *fake, const void **bottom, size_t *size) {
#ifdef SEPCONV_TELL_SANITIZER
  __sanitizer_finish_switch_fiber(fake, bottom, size);
#endif
}

Fibre::Fibre(size_t stackBytes) {
  context::protected_fixedsize_stack stacks(stackBytes);
  context::stack_context stack = stacks.allocate();
  own.size = stack.size;
  own.bottom = static_cast<char *>(stack.sp) - stack.size;
  self = context::fiber(std::allocator_arg, context::preallocated(stack.sp, stack.size, stack),
                        stacks, [this](context::fiber &&resumed) {
                          caller = std::move(resumed);
                          arrive(nullptr, &callers.bottom, &callers.size);
                          run();
                          leave(nullptr, callers.bottom, callers.size);
                          return std::move(caller);
                        });
}

Fibre::~Fibre() {
  body = nullptr; // so that it leaves its loop, and no exception has to unwind its stack
  resume();
}

void Fibre::run() {
  while (body) {
    body(arguments, index);
    body = nullptr;
    suspend();
  }
}

bool Fibre::resume() {
  leave(&callers.fake, own.bottom, own.size);
  self = std::move(self).resume();
  arrive(callers.fake, nullptr, nullptr);
  return !body;
}

void Fibre::suspend() {
  leave(&own.fake, callers.bottom, callers.size);
  caller = std::move(caller).resume();
  arrive(own.fake, &callers.bottom, &callers.size);
}
