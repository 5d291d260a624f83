/* main.c - train the last layer of the digits network, from variables that the product itself
 * initializes, and classify the held-out images.
 *
 * usage: training DIRECTORY HELD_OUT    where images.npy and labels.npy are, to train with and not
 *
 * The features in front of the last layer are random: what is learned is what to make of them. The
 * exit code is 1 when fewer than 90 % of the held-out images are classified right, or when training
 * does not lower the loss. */
#include "../common/npy.h"
#include "training.h"

#include <math.h>

enum { PIXELS = 64, CLASSES = 10, EPOCHS = 20, FEATURES = TRAINING_FEATURES_ELEMENTS };

static const float RATE = 0.02f, L2 = 1e-4f; /* L2 is the regularizer's, for its gradient */

/* All variables, and where each is. */
static float variables[TRAINING_VARIABLES_ELEMENTS];
static const training_weights weights = TRAINING_VARIABLES_IN(variables);
/* C99 has no way to ask for an alignment, so there is room to choose one. */
static unsigned char memory[TRAINING_WORKSPACE_BYTES + TRAINING_WORKSPACE_ALIGNMENT];

struct Data {
  unsigned char *images, *labels;
  size_t count;
};

static struct Data readData(const char *directory) {
  struct Data data;
  size_t bytes;
  data.labels = readNpy(directory, "labels.npy", "|u1", &data.count);
  data.images = readNpy(directory, "images.npy", "|u1", &bytes);
  expectBytes("images.npy", bytes, data.count * PIXELS);
  return data;
}

static void check(training_status status) {
  if (status == TRAINING_OK)
    return;
  fprintf(stderr, "training: %s\n", training_status_message(status));
  exit(1);
}

static void run(const unsigned char *image, float *features, float *probabilities) {
  float input[PIXELS];
  for (int i = 0; i < PIXELS; ++i)
    input[i] = image[i];
  size_t past = (uintptr_t)memory % TRAINING_WORKSPACE_ALIGNMENT;
  unsigned char *workspace = memory + (past ? TRAINING_WORKSPACE_ALIGNMENT - past : 0);
  check(training_run(input, sizeof input, features, TRAINING_FEATURES_BYTES, probabilities,
                     TRAINING_PROBABILITIES_BYTES, &weights, workspace, TRAINING_WORKSPACE_BYTES));
}

/* The place of a variable, by its name. */
static float *find(const char *name) {
  for (size_t i = 0; i < TRAINING_VARIABLES; ++i)
    if (!strcmp(training_variables[i].name, name) && training_variables[i].trainable)
      return variables + training_variables[i].offset;
  fprintf(stderr, "training: no variable %s to train\n", name);
  exit(1);
}

/* One step down the gradient of the cross entropy, which for a softmax is the probabilities less
 * the answer, times the features. Returns the cross entropy before. */
static float step(const unsigned char *image, int label, float *kernel, float *bias) {
  static float features[FEATURES];
  float probabilities[CLASSES];
  run(image, features, probabilities);
  for (int c = 0; c < CLASSES; ++c) {
    float error = probabilities[c] - (c == label ? 1.0f : 0.0f);
    for (int f = 0; f < FEATURES; ++f) {
      float *weight = &kernel[f * CLASSES + c];
      *weight -= RATE * (error * features[f] + 2 * L2 * *weight);
    }
    bias[c] -= RATE * error;
  }
  check(training_apply_constraints(&weights));
  return -logf(fmaxf(probabilities[label], 1e-30f));
}

static double accuracy(struct Data data) {
  static float features[FEATURES];
  size_t right = 0;
  for (size_t i = 0; i < data.count; ++i) {
    float probabilities[CLASSES];
    int best = 0;
    run(&data.images[i * PIXELS], features, probabilities);
    for (int c = 1; c < CLASSES; ++c)
      if (probabilities[c] > probabilities[best])
        best = c;
    right += best == data.labels[i];
  }
  return 100.0 * (double)right / (double)data.count;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s DIRECTORY HELD_OUT\n", argv[0]);
    return 1;
  }
  struct Data data = readData(argv[1]), heldOut = readData(argv[2]);
  check(training_init(1, &weights));
  float *kernel = find("probabilities/kernel"), *bias = find("probabilities/bias");
  printf("before               %.2f %% of %zu held-out images\n", accuracy(heldOut), heldOut.count);
  double first = 0, loss = 0;
  for (int epoch = 0; epoch < EPOCHS; ++epoch) {
    float regularization;
    loss = 0;
    for (size_t i = 0; i < data.count; ++i) { /* 1009 is prime: another order in each epoch */
      size_t at = (i * 1009 + (size_t)epoch) % data.count;
      loss += step(&data.images[at * PIXELS], data.labels[at], kernel, bias);
    }
    check(training_regularization_loss(&weights, &regularization, sizeof regularization));
    loss = loss / (double)data.count + regularization;
    if (epoch == 0)
      first = loss;
    if ((epoch + 1) % 5 == 0 || epoch == 0)
      printf("epoch %2d             loss %.4f, of it regularization %.4f\n", epoch + 1, loss,
             regularization);
  }
  double after = accuracy(heldOut);
  printf("after                %.2f %% of %zu held-out images\n", after, heldOut.count);
  if (!(after >= 90) || !(loss < first)) {
    fprintf(stderr, "expected at least 90 %% right and a smaller loss\n");
    return 1;
  }
  return 0;
}
