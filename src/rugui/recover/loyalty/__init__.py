"""Did it work: what customers did after a failure was put right, beside comparable ones without."""
