"""What ./dev consists of: installing, building, testing, and the rules of the house."""
