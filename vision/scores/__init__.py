"""How well eyes see, measured on pictures with truth: one set of metrics for weights, programs and baselines."""
