"""Reading tables that people export from other programs: encoding, delimiter, columns, dates, amounts.

Everything here is a pure function of bytes and choices. Guesses say how sure they are (0 to 1); what cannot
be read becomes a `Problem` with a code and values, which the caller puts into words.
"""
