/* main.c - from a JPEG file to the most likely labels.
 *
 * usage: classify PICTURE.jpg LABELS.txt WEIGHTS
 *
 * The network is compiled with --name=classifier, --weights=file, and an option that makes it take
 * the pixels themselves, such as --preprocess=mobilenet_v2. SIZE and CHANNELS are those of its
 * image. The weights are mapped: the system reads the pages that are used, and several processes
 * share them. */
#define _POSIX_C_SOURCE 200809L
#include "classifier.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>

#ifndef SIZE
#define SIZE 224
#define CHANNELS 3
#endif

enum { BEST = 3, CLASSES = CLASSIFIER_OUTPUT_ELEMENTS };

typedef struct {
  unsigned width, height;
  unsigned char *pixels;
} Picture;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Decodes a file to as many channels as the network has. libjpeg ends the program if it is damaged.
 */
static Picture readJpeg(const char *path) {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  FILE *file = fopen(path, "rb");
  if (!file)
    fail(path);
  decoder.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&decoder);
  jpeg_stdio_src(&decoder, file);
  jpeg_read_header(&decoder, TRUE);
  decoder.out_color_space = CHANNELS == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&decoder);
  Picture picture = {decoder.output_width, decoder.output_height, NULL};
  picture.pixels = malloc((size_t)picture.width * picture.height * CHANNELS);
  if (!picture.pixels)
    fail("malloc");
  while (decoder.output_scanline < picture.height) {
    JSAMPROW row = picture.pixels + (size_t)decoder.output_scanline * picture.width * CHANNELS;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  fclose(file);
  return picture;
}

/* The square in the middle of the picture, scaled: each pixel is the mean of those that it covers.
 */
static void scale(const Picture *picture, uint8_t *image) {
  unsigned side = picture->width < picture->height ? picture->width : picture->height;
  unsigned left = (picture->width - side) / 2, top = (picture->height - side) / 2;
  for (unsigned y = 0; y < SIZE; ++y)
    for (unsigned x = 0; x < SIZE; ++x)
      for (unsigned c = 0; c < CHANNELS; ++c) {
        unsigned y0 = y * side / SIZE, y1 = (y + 1) * side / SIZE;
        unsigned x0 = x * side / SIZE, x1 = (x + 1) * side / SIZE;
        y1 += y1 == y0; /* a picture smaller than the image */
        x1 += x1 == x0;
        unsigned long sum = 0, count = (unsigned long)(y1 - y0) * (x1 - x0);
        for (unsigned v = y0; v < y1; ++v)
          for (unsigned u = x0; u < x1; ++u)
            sum += picture->pixels[((size_t)(top + v) * picture->width + left + u) * CHANNELS + c];
        image[(y * SIZE + x) * CHANNELS + c] = (uint8_t)((sum + count / 2) / count);
      }
}

/* The file's contents. A mapping begins at a page, which is aligned well enough for the weights. */
static const void *mapFile(const char *path, size_t *bytes) {
  struct stat about;
  int file = open(path, O_RDONLY);
  if (file < 0 || fstat(file, &about))
    fail(path);
  *bytes = (size_t)about.st_size;
  void *contents = mmap(NULL, *bytes, PROT_READ, MAP_SHARED, file, 0);
  if (contents == MAP_FAILED)
    fail(path);
  close(file);
  return contents;
}

/* The line of a file. */
static const char *labelOf(const char *path, int number) {
  static char line[256];
  FILE *file = fopen(path, "r");
  if (!file)
    fail(path);
  for (int i = 0; i <= number; ++i)
    if (!fgets(line, sizeof line, file)) {
      fprintf(stderr, "%s: has %d lines, the network %d classes\n", path, i, (int)CLASSES);
      exit(1);
    }
  fclose(file);
  line[strcspn(line, "\r\n")] = '\0';
  return line;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s PICTURE.jpg LABELS.txt WEIGHTS\n", argv[0]);
    return 1;
  }
  static uint8_t image[SIZE * SIZE * CHANNELS];
  static float scores[CLASSES];
  Picture picture = readJpeg(argv[1]);
  scale(&picture, image);
  free(picture.pixels);

  size_t bytes;
  const void *weights = mapFile(argv[3], &bytes);
  void *workspace;
  if (posix_memalign(&workspace, CLASSIFIER_WORKSPACE_ALIGNMENT, CLASSIFIER_WORKSPACE_BYTES))
    fail("posix_memalign");
  classifier_status status = classifier_run(image, sizeof image, scores, sizeof scores, workspace,
                                            CLASSIFIER_WORKSPACE_BYTES, weights, bytes);
  free(workspace);
  if (status != CLASSIFIER_OK) {
    fprintf(stderr, "classifier_run: %s\n", classifier_status_message(status));
    return 1;
  }
  for (int rank = 0; rank < BEST && rank < CLASSES; ++rank) {
    int best = 0;
    for (int i = 1; i < CLASSES; ++i)
      if (scores[i] > scores[best])
        best = i;
    printf("%5.1f %%  %s\n", 100 * scores[best], labelOf(argv[2], best));
    scores[best] = -1;
  }
  return 0;
}
