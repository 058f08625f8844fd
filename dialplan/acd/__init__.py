"""The automatic call distribution, pure: values and the time in, decisions out."""
