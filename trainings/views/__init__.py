"""Screens of trainings, one noun a module."""
