"""The door: requests in, pages out. Nothing is decided or computed here."""
