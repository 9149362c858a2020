"""Filters of production's lists, one noun a module."""
