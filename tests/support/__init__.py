"""What the tests stand on: servers, databases, factories, counters, browsers.

Nothing here asserts, except that the client and the browser refuse a page that no test should have to look at twice.
"""
