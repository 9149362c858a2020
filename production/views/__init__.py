"""Screens of production, one noun a module."""
