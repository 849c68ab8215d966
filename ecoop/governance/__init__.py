"""The rules of a cooperative, pure: who may do what. Nothing here stores, shows or asks the time."""
