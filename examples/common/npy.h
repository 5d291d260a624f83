/* npy.h - read .npy files (NumPy's array format, version 1), for the example programs. */
#ifndef EXAMPLES_NPY_H
#define EXAMPLES_NPY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads DIRECTORY/NAME, whose elements must be of the type DESCR ("<f4": float, "|u1": unsigned
 * char) and stores how many bytes they have. The caller frees the result. Without such a file the
 * program ends with a message. */
static inline void *readNpy(const char *directory, const char *name, const char *descr,
                            size_t *bytes) {
  char path[4096], header[4096], type[32];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  snprintf(type, sizeof type, "'descr': '%s'", descr);
  FILE *file = fopen(path, "rb");
  if (!file) {
    fprintf(stderr, "%s: cannot be opened\n", path);
    exit(1);
  }
  unsigned char start[10];
  size_t length = 0;
  if (fread(start, 1, 10, file) == 10 && !memcmp(start, "\x93NUMPY\x01", 7))
    length = start[8] + 256u * start[9];
  if (length == 0 || length >= sizeof header || fread(header, 1, length, file) != length) {
    fprintf(stderr, "%s: not an .npy file of version 1\n", path);
    exit(1);
  }
  header[length] = '\0';
  if (!strstr(header, type) || !strstr(header, "'fortran_order': False")) {
    fprintf(stderr, "%s: expected %s in C order, found %s", path, type, header);
    exit(1);
  }
  long first = ftell(file);
  fseek(file, 0, SEEK_END);
  *bytes = (size_t)(ftell(file) - first);
  fseek(file, first, SEEK_SET);
  void *data = malloc(*bytes ? *bytes : 1);
  if (!data || fread(data, 1, *bytes, file) != *bytes) {
    fprintf(stderr, "%s: cannot be read\n", path);
    exit(1);
  }
  fclose(file);
  return data;
}

/* Ends the program unless the array NAME has the expected size. */
static inline void expectBytes(const char *name, size_t bytes, size_t expected) {
  if (bytes == expected)
    return;
  fprintf(stderr, "%s: expected %zu bytes of elements, found %zu\n", name, expected, bytes);
  exit(1);
}

#endif
