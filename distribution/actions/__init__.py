"""The writes of the app, one noun a file."""
