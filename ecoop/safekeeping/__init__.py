"""Keeping what was entrusted to us: backups, putting them back, and looking whether everything stands as it should.

A backup looks past every scope, because it holds everything; so nothing here is called from a page.
"""
