"""Links by SMS (T13): what is to be sent, who sends it on, and through which gateway."""
