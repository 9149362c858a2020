"""What comes in by file: the reference file of the regions, and the sheets that people send, one noun a module."""

from trainings.imports.regions import Loaded, MissingParentError, load_regions

__all__ = ["Loaded", "MissingParentError", "load_regions"]
