"""How the house writes: its own rules over the starter packs, the coach beside every composer, and how the house sounds."""
