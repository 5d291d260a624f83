/* Calls run(in, out) of an emulated module, where in[i] = i, and prints the numbers that it has
   written; then what was found, and with an argument what was counted. */
#include "sepconv/Runtime/Emulator.h"

#include <stdio.h>

enum { kSize = 4096 };
static float in[kSize], out[kSize];

void run(float *in, float *out);

int main(int argc, char **argv) {
  for (int i = 0; i < kSize; ++i)
    in[i] = i, out[i] = -1;
  run(in, out);
  for (int i = 0; i < kSize && out[i] != -1; ++i)
    printf("%s%g", i ? " " : "out: ", out[i]);
  printf("\n%zu findings at %zu places\n", sepconv_emulator_findings(), sepconv_emulator_places());
  fflush(stdout);
  if (argc > 1)
    sepconv_emulator_write_report("/dev/stdout");
  return sepconv_emulator_findings() != 0;
}
