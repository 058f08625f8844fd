"""The world outside the centre, driven by hand: citizens who ring, phones that answer, and what each of them hears."""
