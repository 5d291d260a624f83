/* Runs models on a GPU, with nothing but its driver: test/gpu/pack_cuda.py makes a program of it.
   Compares each output with what is expected, and with --bench measures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "driver.h"
#include "measure.h"

static const char USAGE[] =
    "usage: %s DATA [--bench=JSON]\n\n"
    "Runs each model on the first GPU and compares its outputs with those in DATA. With --bench\n"
    "also measures: the bandwidth of the memory, the products of the multipliers, then the "
    "models,\n"
    "in CUDA graphs. Ends with `N passed, M failed`.\n\n"
    "exit codes: 0 done, 1 a model failed, 2 wrong usage, 3 there is no GPU\n";

enum { FAILED = 1, WRONG_USAGE = 2, NO_GPU = 3 };

static const char *data;

int run_model(const void *what) {
  const struct loaded *loaded = what;
  const struct model *model = loaded->model;
  int status = model->run(loaded->state, loaded->addresses, loaded->workspace, stream);
  if (status)
    snprintf(problem, sizeof problem, "run: %s (%d)", model->message(loaded->state, status),
             status);
  return status;
}

static int load(struct loaded *loaded) {
  const struct model *model = loaded->model;
  int status = model->create(loaded->state);
  if (status)
    return snprintf(problem, sizeof problem, "create: %s (%d)", model->message(NULL, status),
                    status),
           1;
  for (size_t i = 0; i < model->inputs + model->outputs; ++i) {
    const struct buffer *buffer = &model->buffers[i];
    TRY(driver.allocate(&loaded->addresses[i], buffer->bytes));
    if (i < model->inputs && buffer->offset != NOTHING)
      TRY(driver.upload(loaded->addresses[i], data + buffer->offset, buffer->bytes));
    else /* inputs: small numbers of each type; outputs: none */
      TRY(driver.fill(loaded->addresses[i], i < model->inputs ? 0x3C : 0xFF, buffer->bytes));
  }
  if (model->workspace_bytes)
    TRY(driver.allocate(&loaded->workspace, model->workspace_bytes));
  return 0;
}

static void release(struct loaded *loaded) {
  const struct model *model = loaded->model;
  for (size_t i = 0; i < model->inputs + model->outputs; ++i)
    if (loaded->addresses[i])
      driver.release(loaded->addresses[i]);
  if (loaded->workspace)
    driver.release(loaded->workspace);
  model->destroy(loaded->state);
  free(loaded->state);
  free(loaded->addresses);
}

static int check(struct loaded *loaded) {
  const struct model *model = loaded->model;
  if (run_model(loaded))
    return 1;
  TRY(driver.wait(stream));
  double worst = 0;
  for (size_t i = model->inputs; i < model->inputs + model->outputs; ++i) {
    const struct buffer *buffer = &model->buffers[i];
    if (buffer->offset == NOTHING)
      continue;
    char *got = malloc(buffer->bytes);
    int result = driver.download(got, loaded->addresses[i], buffer->bytes);
    double error = result ? 0 : error_of(buffer, data, got);
    free(got);
    TRY(result);
    worst = error > worst ? error : worst;
  }
  printf("%-44s error %.2g\n", model->name, worst);
  if (worst > model->tolerance)
    return snprintf(problem, sizeof problem, "error %g, at most %g", worst, model->tolerance), 1;
  return 0;
}

/* A row of the table, and of the results. The bound is what inputs, weights and outputs, or the
 * products take. */
static int bench(const struct loaded *loaded, const struct ceilings *ceilings, FILE *json) {
  const struct model *model = loaded->model;
  struct times times;
  if (!model->products)
    return 0;
  if (measure(run_model, loaded, &times))
    return 1;
  double of_memory = model->bytes / ceilings->bytes_per_us;
  double of_products = model->products / ceilings->products_per_us;
  double bound = of_memory > of_products ? of_memory : of_products;
  printf("%-44s %9.2f us, median %9.2f; of the bandwidth %3.0f %%, of the products %3.0f %%, "
         "of the bound %3.0f %%\n",
         model->name, times.fast, times.median, 100 * of_memory / times.fast,
         100 * of_products / times.fast, 100 * bound / times.fast);
  static int rows;
  fprintf(json,
          "%s\n  {\"name\": \"%s\", \"us\": %.3f, \"median_us\": %.3f, \"bytes\": %.0f, "
          "\"products\": %.0f, \"bound_us\": %.3f}",
          rows++ ? "," : "", model->name, times.fast, times.median, model->bytes, model->products,
          bound);
  return 0;
}

static int process(const struct model *model, const struct ceilings *ceilings, FILE *json) {
  struct loaded loaded = {model, calloc(1, model->model_bytes),
                          calloc(model->inputs + model->outputs, sizeof(uint64_t)), 0};
  int failed = load(&loaded) || check(&loaded) || (json && bench(&loaded, ceilings, json));
  if (failed)
    printf("%-44s FAILED: %s\n", model->name, problem);
  release(&loaded);
  fflush(stdout);
  return failed;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END))
    return NULL;
  long bytes = ftell(file);
  char *contents = malloc((size_t)bytes + 1);
  rewind(file);
  if (fread(contents, 1, (size_t)bytes, file) != (size_t)bytes)
    return NULL;
  fclose(file);
  return contents;
}

static int fail(int code, const char *what, const char *which) {
  fprintf(stderr, "error: %s%s\n", what, which);
  return code;
}

int main(int argc, char **argv) {
  const char *path = argc == 3 && !strncmp(argv[2], "--bench=", 8) ? argv[2] + 8 : NULL;
  if (argc < 2 || argc > 3 || (argc == 3 && !path))
    return fprintf(stderr, USAGE, argv[0]), WRONG_USAGE;
  if (!(data = read_file(argv[1])))
    return fail(WRONG_USAGE, "cannot read ", argv[1]);
  if (open_gpu())
    return fail(NO_GPU, problem, "");
  struct ceilings ceilings;
  FILE *json = path ? fopen(path, "w") : NULL;
  if (path && !json)
    return fail(WRONG_USAGE, "cannot write ", path);
  printf("%s\n", device_name);
  if (json) {
    if (measure_ceilings(&ceilings))
      return fail(FAILED, problem, "");
    printf("%.0f GB/s, %.2f TFLOP/s of float32\n", ceilings.bytes_per_us / 1e3,
           2 * ceilings.products_per_us / 1e6);
    fprintf(json,
            "{\"device\": \"%s\", \"bytes_per_us\": %.0f, \"products_per_us\": %.0f, \"models\": [",
            device_name, ceilings.bytes_per_us, ceilings.products_per_us);
  }
  int failed = 0;
  for (size_t i = 0; i < model_count; ++i)
    failed += process(&models[i], &ceilings, json);
  if (json && (fprintf(json, "]}\n") < 0 || fclose(json)))
    return fail(WRONG_USAGE, "cannot write ", path);
  printf("%zu passed, %d failed\n", model_count - (size_t)failed, failed);
  return failed ? FAILED : 0;
}
