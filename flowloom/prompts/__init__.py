"""What is said to models: one text file per agent, and the rendering of what goes into it."""
