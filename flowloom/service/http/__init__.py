"""The HTTP server: threads, events, versions, saved workflows, and single calls."""
