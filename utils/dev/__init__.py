"""The parts of ./dev: installing, building, testing, and lint."""
