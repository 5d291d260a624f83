/* picture.h - read a picture, draw into it and write it, with the standard library only. */
#ifndef EXAMPLES_PICTURE_H
#define EXAMPLES_PICTURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  int width, height;
  unsigned char *pixels; /* red, green and blue of each, row by row */
} Picture;

static inline void fail(const char *path, const char *what) {
  fprintf(stderr, "%s: %s\n", path, what);
  exit(1);
}

/* A portable pixmap, "P6 WIDTH HEIGHT 255". The caller frees the pixels. */
static inline Picture readPpm(const char *path) {
  Picture picture = {0, 0, NULL};
  int greatest = 0;
  FILE *file = fopen(path, "rb");
  if (!file)
    fail(path, "cannot be opened");
  if (fscanf(file, "P6 %d %d %d", &picture.width, &picture.height, &greatest) != 3 ||
      picture.width < 1 || picture.height < 1 || picture.width > 10000 || picture.height > 10000 ||
      greatest != 255 || fgetc(file) == EOF)
    fail(path, "not a picture that begins with P6 WIDTH HEIGHT 255");
  size_t bytes = (size_t)picture.width * (size_t)picture.height * 3;
  picture.pixels = malloc(bytes);
  if (!picture.pixels || fread(picture.pixels, 1, bytes, file) != bytes)
    fail(path, "cannot be read");
  fclose(file);
  return picture;
}

/* Black outside of the picture. */
static inline float pixelOf(const Picture *picture, int x, int y, int channel) {
  if (x < 0 || y < 0 || x >= picture->width || y >= picture->height)
    return 0;
  return picture->pixels[(y * picture->width + x) * 3 + channel];
}

static inline void drawPixel(Picture *picture, int x, int y) {
  static const unsigned char green[3] = {0, 255, 64};
  if (x >= 0 && y >= 0 && x < picture->width && y < picture->height)
    memcpy(&picture->pixels[(y * picture->width + x) * 3], green, 3);
}

static inline void drawBox(Picture *picture, int x, int y, int width, int height) {
  for (int line = 0; line < 2; ++line) {
    for (int i = 0; i < width; ++i) {
      drawPixel(picture, x + i, y + line);
      drawPixel(picture, x + i, y + height - 1 - line);
    }
    for (int i = 0; i < height; ++i) {
      drawPixel(picture, x + line, y + i);
      drawPixel(picture, x + width - 1 - line, y + i);
    }
  }
}

/* A file whose checksum is known at its end. */
typedef struct {
  FILE *file;
  uint32_t crc, a, b;
} PngFile;

static inline void putBytes(PngFile *png, const unsigned char *bytes, size_t count) {
  fwrite(bytes, 1, count, png->file);
  for (size_t i = 0; i < count; ++i) {
    png->crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit)
      png->crc = (png->crc >> 1) ^ (png->crc & 1 ? 0xEDB88320u : 0);
  }
}

static inline void putNumber(PngFile *png, uint32_t number) {
  unsigned char bytes[4] = {(unsigned char)(number >> 24), (unsigned char)(number >> 16),
                            (unsigned char)(number >> 8), (unsigned char)number};
  putBytes(png, bytes, 4);
}

static inline void beginChunk(PngFile *png, uint32_t bytes, const char *kind) {
  putNumber(png, bytes);
  png->crc = 0xFFFFFFFFu;
  putBytes(png, (const unsigned char *)kind, 4);
}

static inline void endChunk(PngFile *png) { putNumber(png, png->crc ^ 0xFFFFFFFFu); }

/* What zlib's checksum (Adler-32) is of. */
static inline void putData(PngFile *png, const unsigned char *bytes, size_t count) {
  putBytes(png, bytes, count);
  for (size_t i = 0; i < count; ++i) {
    png->a = (png->a + bytes[i]) % 65521;
    png->b = (png->b + png->a) % 65521;
  }
}

/* Not compressed: each row is a block of its own, and begins with a filter that does nothing. */
static inline void writePng(const char *path, const Picture *picture) {
  static const unsigned char signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  static const unsigned char kind[] = {8, 2, 0, 0, 0}, zlib[] = {0x78, 0x01}, noFilter[] = {0};
  uint32_t width = (uint32_t)picture->width, height = (uint32_t)picture->height,
           row = 3 * width + 1;
  PngFile png = {fopen(path, "wb"), 0, 1, 0};
  if (!png.file)
    fail(path, "cannot be written");
  putBytes(&png, signature, sizeof signature);
  beginChunk(&png, 13, "IHDR");
  putNumber(&png, width);
  putNumber(&png, height);
  putBytes(&png, kind, sizeof kind);
  endChunk(&png);
  beginChunk(&png, 2 + height * (row + 5) + 4, "IDAT");
  putBytes(&png, zlib, sizeof zlib);
  for (uint32_t y = 0; y < height; ++y) {
    unsigned char head[] = {y + 1 == height, (unsigned char)row, (unsigned char)(row >> 8),
                            (unsigned char)~row, (unsigned char)(~row >> 8)};
    putBytes(&png, head, sizeof head);
    putData(&png, noFilter, 1);
    putData(&png, &picture->pixels[y * 3 * width], 3 * width);
  }
  putNumber(&png, png.b << 16 | png.a);
  endChunk(&png);
  beginChunk(&png, 0, "IEND");
  endChunk(&png);
  if (fclose(png.file))
    fail(path, "cannot be written");
}

#endif
