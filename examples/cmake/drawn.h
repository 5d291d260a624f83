/* drawn.h - a handwritten three, 8x8 pixels from 0 to 16: the input of both programs. */
#ifndef DRAWN_H
#define DRAWN_H

/* clang-format off */
static const float three[64] = {
     0,  0,  9, 16, 10,  1,  0,  0,
     0,  0,  8,  3, 16,  4,  0,  0,
     0,  0,  0,  5, 14,  2,  0,  0,
     0,  0,  2, 16, 15,  7,  0,  0,
     0,  0,  0,  0,  3, 15,  2,  0,
     0,  4,  6,  0,  0, 13,  7,  0,
     0,  6, 13,  1,  5, 16,  3,  0,
     0,  0, 10, 16, 15,  5,  0,  0,
};
/* clang-format on */

#endif
