"""What was said: the end of speech, and recognisers in processes of their own, so that none delays a call."""
