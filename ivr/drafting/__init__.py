"""From a talk's recording to a draft of its history: who spoke when, what was said, what it was about."""
