"""The house's side of recovery: the list of cases, opening one, and the page on which it is put right."""
