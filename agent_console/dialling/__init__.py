"""架電: operators call citizens."""
