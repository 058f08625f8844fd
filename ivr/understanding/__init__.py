"""What is meant by what was said: departments and subjects, yes and no, numbers, names. Pure; no language model."""
