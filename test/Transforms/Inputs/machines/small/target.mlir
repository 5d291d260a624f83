// A machine with a small second level of the cache.
schedule.target @small {l2_bytes = 4096, hiding_positions = 32}
