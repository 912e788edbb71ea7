"""An example house to look around in: `build.build(trade, language, now=…)`."""
