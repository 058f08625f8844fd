"""Users, their rights, and who was shown what: for administrators."""
