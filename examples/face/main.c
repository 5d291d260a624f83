/* main.c - find faces in a picture and draw boxes around them.
 *
 * usage: face PICTURE.ppm RESULT.png
 *
 * The network is MediaPipe's BlazeFace for short ranges. Of each of 896 places of the picture, its
 * anchors, it says how likely there is a face, and where its box and six points of it are. The exit
 * code is 1 if there is no face. */
#include "face.h"
#include "picture.h"

#include <math.h>
#include <stdint.h>

enum {
  SIZE = 128,    /* of the network's input, in pixels */
  ANCHORS = 896, /* two in each of 16 x 16 cells, and six in each of 8 x 8 */
  NUMBERS = 16,  /* of an anchor: the box's center and size, and the six points */
  MAX_FACES = 20
};

typedef struct {
  float score, x, y, width, height;
  float points[6][2];
} Face;

/* C99 has no way to ask for an alignment, so there is room to choose an aligned start. */
static unsigned char memory[FACE_WORKSPACE_BYTES + FACE_WORKSPACE_ALIGNMENT];
static float input[SIZE * SIZE * 3], boxes[ANCHORS * NUMBERS], scores[ANCHORS];

/* The picture in the middle of a black square, as many pixels as the network has, from -1 to 1. A
 * pixel is the mean of those that it covers. */
static void fillInput(const Picture *picture, int side, int left, int top) {
  float scale = (float)side / SIZE;
  for (int y = 0; y < SIZE; ++y)
    for (int x = 0; x < SIZE; ++x)
      for (int c = 0; c < 3; ++c) {
        float sum = 0;
        int count = 0;
        for (int v = (int)(y * scale); v < (int)((y + 1) * scale) || count == 0; ++v)
          for (int u = (int)(x * scale), first = u; u < (int)((x + 1) * scale) || u == first; ++u) {
            sum += pixelOf(picture, u - left, v - top, c);
            ++count;
          }
        input[(y * SIZE + x) * 3 + c] = sum / (float)count / 127.5f - 1;
      }
}

static void run(void) {
  size_t past = (uintptr_t)memory % FACE_WORKSPACE_ALIGNMENT;
  unsigned char *workspace = memory + (past ? FACE_WORKSPACE_ALIGNMENT - past : 0);
  face_status status = face_run(input, FACE_INPUT_BYTES, boxes, FACE_REGRESSORS_BYTES, scores,
                                FACE_CLASSIFICATORS_BYTES, workspace, FACE_WORKSPACE_BYTES);
  if (status != FACE_OK) {
    fprintf(stderr, "face_run: %s\n", face_status_message(status));
    exit(1);
  }
}

/* The anchor's center, from 0 to 1. */
static void anchorOf(int index, float *x, float *y) {
  int first = index < 512, cells = first ? 16 : 8;
  int cell = first ? index / 2 : (index - 512) / 6;
  *x = ((float)(cell % cells) + 0.5f) / (float)cells;
  *y = ((float)(cell / cells) + 0.5f) / (float)cells;
}

/* In units of the square. */
static Face faceOf(int index, float score) {
  const float *numbers = &boxes[index * NUMBERS];
  Face face = {score, 0, 0, numbers[2] / SIZE, numbers[3] / SIZE, {{0}}};
  float x, y;
  anchorOf(index, &x, &y);
  face.x = x + numbers[0] / SIZE - face.width / 2;
  face.y = y + numbers[1] / SIZE - face.height / 2;
  for (int i = 0; i < 6; ++i) {
    face.points[i][0] = x + numbers[4 + 2 * i] / SIZE;
    face.points[i][1] = y + numbers[5 + 2 * i] / SIZE;
  }
  return face;
}

/* The area that both have, of that which one of them has. */
static float overlap(const Face *a, const Face *b) {
  float width = fminf(a->x + a->width, b->x + b->width) - fmaxf(a->x, b->x);
  float height = fminf(a->y + a->height, b->y + b->height) - fmaxf(a->y, b->y);
  float both = fmaxf(width, 0) * fmaxf(height, 0);
  return both / (a->width * a->height + b->width * b->height - both);
}

/* The most likely faces that do not overlap. */
static int findFaces(Face *faces) {
  static float likely[ANCHORS];
  for (int i = 0; i < ANCHORS; ++i)
    likely[i] = 1 / (1 + expf(-scores[i]));
  for (int count = 0;; ++count) {
    int best = 0;
    for (int i = 1; i < ANCHORS; ++i)
      if (likely[i] > likely[best])
        best = i;
    if (!(likely[best] > 0.5f) || count == MAX_FACES)
      return count;
    faces[count] = faceOf(best, likely[best]);
    for (int i = 0; i < ANCHORS; ++i) {
      Face other = faceOf(i, likely[i]);
      if (likely[i] > 0 && overlap(&faces[count], &other) > 0.3f)
        likely[i] = 0;
    }
    likely[best] = 0;
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s PICTURE.ppm RESULT.png\n", argv[0]);
    return 1;
  }
  Picture picture = readPpm(argv[1]);
  int side = picture.width > picture.height ? picture.width : picture.height;
  int left = (side - picture.width) / 2, top = (side - picture.height) / 2;
  fillInput(&picture, side, left, top);
  run();
  Face faces[MAX_FACES];
  int count = findFaces(faces);
  for (int i = 0; i < count; ++i) {
    const Face *face = &faces[i];
    int x = (int)(face->x * (float)side) - left, y = (int)(face->y * (float)side) - top;
    int width = (int)(face->width * (float)side), height = (int)(face->height * (float)side);
    printf("a face (%.1f %%) of %d x %d pixels at %d, %d\n", 100 * face->score, width, height, x,
           y);
    drawBox(&picture, x, y, width, height);
    for (int p = 0; p < 6; ++p)
      drawBox(&picture, (int)(face->points[p][0] * (float)side) - left - 1,
              (int)(face->points[p][1] * (float)side) - top - 1, 3, 3);
  }
  writePng(argv[2], &picture);
  free(picture.pixels);
  if (count == 0)
    fprintf(stderr, "no face found\n");
  return count == 0;
}
