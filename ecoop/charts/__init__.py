"""Figures: results in, plain plotly dictionaries out. One palette, one number format, no decoration."""
