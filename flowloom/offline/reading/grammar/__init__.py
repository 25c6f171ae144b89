"""A small grammar: sentences of many forms become plain imperative clauses."""
