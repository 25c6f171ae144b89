"""What kind of change a sentence asks for, learnt from exemplars."""
