"""Reading other programs' exports into the house.

`settings` says how a file is read, `read` turns it into batches (in a thread of its own), `load` writes a batch
with a handful of set-based statements, `run` goes from batch to batch and can be stopped, killed and resumed.
"""
