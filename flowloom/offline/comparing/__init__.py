"""Conditions in words, and the same as CEL."""
