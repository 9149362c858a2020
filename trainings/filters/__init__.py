"""Filters of the lists of trainings."""
