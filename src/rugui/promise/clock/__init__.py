"""The clock: rings promises when their moments come. See docs/clock.md."""
