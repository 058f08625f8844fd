"""How well the voicebot's ears and mind do, on synthetic voices over a synthetic telephone line."""
