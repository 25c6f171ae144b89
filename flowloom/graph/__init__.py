"""The state machine that composes: state, nodes, routing, streaming. See ``composer.py``."""
