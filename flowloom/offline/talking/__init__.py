"""Conversations: what a message wants, answers to questions, summaries."""
