"""ecoop: the platform on which Dutch energy cooperatives run themselves."""

__version__ = "0.1.0"
