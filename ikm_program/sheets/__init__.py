"""Spreadsheets that people send: looked at before they are opened, read, checked, shown, and entered all or nothing.

What a row means is declared by the app that owns the noun (`Kind`); this package knows files, cells and outcomes.
"""
