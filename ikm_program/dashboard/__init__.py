"""The roof: the pages that know all three apps. Home, reconciliation, search."""
