"""The conversation at a terminal: threads, commands, and what is shown of them."""
