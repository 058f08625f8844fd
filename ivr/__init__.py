"""What a caller hears and says: menus, opening hours, announcements. It knows only a Line, never Asterisk."""
