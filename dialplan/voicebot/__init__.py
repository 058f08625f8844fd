"""The voicebot in a call (T3): listening, turns, what is done about what was understood."""
