"""Reports of who, where, and the learning: pure functions of querysets."""
