"""`python -m rugui.promise.clock` is `rugui clock` without the rest of the program."""

from .loop import main

main()
