"""Forms of distribution's actions, one noun a module."""
