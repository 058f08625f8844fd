"""Case pages: what is done there beside reading."""
