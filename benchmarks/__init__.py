"""Measured goals of the engine, as ratios to something measured in the same run."""
