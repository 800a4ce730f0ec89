"""The second reader: another model compares what a summary states with the passages that it quotes."""
