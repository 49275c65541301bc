"""Staff pages on any device: gaps, the roster 1+2+4+N, joint duty, safety notices."""
