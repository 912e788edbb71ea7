"""Django's PostgreSQL, which does not ask before every request whether the server is still there."""
