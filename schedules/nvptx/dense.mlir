schedule.schedule @dense for ["dense"] when "dense.rank == 2" {
  schedule.use @add_up_slices("dense", [])
}

// One position of each image, as in squeeze-and-excite and in front of a classifier.
schedule.schedule @pointwise_few for ["pointwise"] when "pointwise.y == 1 && pointwise.x == 1" {
  schedule.use @add_up_slices("pointwise", ["x", "y"])
}
