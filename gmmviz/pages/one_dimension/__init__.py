"""One dimension, by hand: every number of an E-step and an M-step, beside the picture they make."""
