"""Forms of production's actions, one noun a module."""
