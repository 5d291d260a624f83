/* The CUDA driver API as far as the runner calls it, found in libcuda.so.1 by name; a function that
   fails leaves what was wrong in `problem`. */
#ifndef DRIVER_H
#define DRIVER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* In the order of driver.c's names. */
struct driver {
  int (*init)(unsigned);
  int (*device)(int *, int);
  int (*device_name)(char *, int, int);
  int (*attribute)(int *, int, int);
  int (*retain)(void **, int);
  int (*set_context)(void *);
  int (*load)(void **, const void *);
  int (*function)(void **, void *, const char *);
  int (*launch)(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                void *, void **, void **);
  int (*create_stream)(void **, unsigned);
  int (*wait)(void *);
  int (*allocate)(uint64_t *, size_t);
  int (*release)(uint64_t);
  int (*upload)(uint64_t, const void *, size_t);
  int (*download)(void *, uint64_t, size_t);
  int (*fill)(uint64_t, unsigned char, size_t);
  int (*copy)(uint64_t, uint64_t, size_t, void *);
  int (*begin_capture)(void *, int);
  int (*end_capture)(void *, void **);
  int (*instantiate)(void **, void *, unsigned long long);
  int (*launch_graph)(void *, void *);
  int (*destroy_graph)(void *);
  int (*destroy_executable)(void *);
  int (*create_event)(void **, unsigned);
  int (*record)(void *, void *);
  int (*wait_event)(void *);
  int (*elapsed)(float *, void *, void *);
};

extern struct driver driver;
extern void *stream;
extern char device_name[256], problem[512];
extern int multiprocessors;

#define TRY(call)                                                                                  \
  do {                                                                                             \
    int result_ = (call);                                                                          \
    if (result_)                                                                                   \
      return snprintf(problem, sizeof problem, "%s: CUresult %d", #call, result_), 1;              \
  } while (0)

/* Makes the first GPU's context current, with a stream; 1 if there is none. */
int open_gpu(void);

#endif
