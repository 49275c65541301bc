"""户册: who lives where and owns what, for votes alone."""
