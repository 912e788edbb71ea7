"""The live stream: a small process of its own that tells every open screen what has just changed.

`kinds` says which journal entries are whose business, `tail` follows the journal, `hub` knows the open screens
and what they have missed, `app` speaks HTTP, `server` runs it all. Nothing in these five is Django;
`views` and `urls` belong to the pages, which hand out the tickets.
"""
