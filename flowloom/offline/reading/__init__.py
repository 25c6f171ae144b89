"""The text: cut into sentences, put into plain forms, each taken apart."""
