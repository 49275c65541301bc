"""网格+警格: who should be there, who is on duty, what the police tell people."""
