"""Forms of trainings, one noun a module: shape and types only, the rules are in the actions."""
