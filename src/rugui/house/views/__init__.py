"""Pages of the house room."""
