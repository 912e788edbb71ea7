"""How the house writes: its rules, the coach beside the composers, its voice."""
