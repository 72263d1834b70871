"""Who may, and what to show next."""
