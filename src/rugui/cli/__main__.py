"""`python -m rugui.cli`: the same as `rugui`, for whoever has the interpreter and not the script."""

from . import main

main(prog_name="rugui")
