"""Every write of production, one noun a module."""
