"""Every address, every method, everybody who may ask: what each is answered, and what no answer may hold.

- `world`: two houses full of marked words, and the people who ask.
- `routes`: every address there is, from the URL configuration and the OpenAPI document.
- `pages`, `calls`: the tables. One line an address says whom it is for; the answers follow from that.
- `rules`: the answers that follow.
"""
