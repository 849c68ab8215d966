"""The verbs and questions of the platform: the only hallway between the rules and the tables.

Each takes a session and, where somebody acts, an actor; it flushes and never commits. What comes back is frozen.
"""
