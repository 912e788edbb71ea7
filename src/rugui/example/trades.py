"""Which example houses there are; apart, so that the command's help needs no Django."""

TRADES = ("hotel", "restaurant", "webshop")
