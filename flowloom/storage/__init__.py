"""What is kept: threads, their messages, versions and events, and saved workflows.

One database: SQLite by default, Postgres by its address.
"""
