"""Filters of distribution's lists, one noun a module."""
