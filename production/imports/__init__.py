"""Sheets of what is made and what is to be made, one noun a module."""
