"""What the tests stand on: servers, databases, factories and counters. Nothing here asserts."""
