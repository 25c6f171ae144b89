"""The four agents: planner, retriever, generator (with a language model) and verifier."""
