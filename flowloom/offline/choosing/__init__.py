"""Which component does what is said."""
