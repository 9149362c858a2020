"""Screens of distribution, one noun a module."""
