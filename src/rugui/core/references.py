"""References that the database proves by the statement instead of by the row.

A foreign key asks once for every row, at commit; for the tables that an import fills with millions of rows that was
two fifths of the database's time. Here a trigger asks once for all rows of a statement, and asks for more: the row that
is pointed at must be of the same organization, because row-level security shows no other.

It is as safe as a foreign key in transactions that read what is committed (all of ours): whoever deletes what may be
pointed at first waits for every transaction that is writing to the pointing tables, and holds up the next until the end;
then no row may point at what is gone. Numbers never change.
"""

from __future__ import annotations

from collections.abc import Callable

CUSTOMERS = ("rugui_identity", "rugui_namekey", "rugui_touch", "rugui_purchase")
PLACES = ("rugui_touch", "rugui_purchase")
REFERENCES = {"customer": ("rugui_customer", CUSTOMERS), "place": ("rugui_place", PLACES)}
"""By name of the reference the table that is pointed at, and those that point by `…_id`."""

# A correlated look-up cannot become a join: a single row never waits for a plan that reads the whole table. Places are few.
_STRAY = {
    "customer": "(SELECT true FROM rugui_customer c WHERE c.id = a.customer_id) IS NOT TRUE",
    "place": "a.place_id NOT IN (SELECT p.id FROM rugui_place p)",
}

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION rugui_{name}_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stray bigint;
BEGIN
    SELECT a.{name}_id INTO stray FROM added a WHERE a.{name}_id IS NOT NULL AND {stray} LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'There is no {name} % for a row of %.', stray, TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rugui_{name}_is_there_too() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM {parent} WHERE id = NEW.{name}_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no {name} % for a row of %.', NEW.{name}_id, TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rugui_{name}_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE {children} IN SHARE MODE;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rugui_{name}_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {checks}
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rugui_{name}_keeps_its_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The number of a {name} never changes.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

_CHECK = """
    IF EXISTS (SELECT FROM gone g JOIN {child} t ON t.{name}_id = g.id) THEN
        RAISE EXCEPTION 'Rows of {child} still point at it.'
            USING ERRCODE = 'foreign_key_violation', TABLE = '{child}', CONSTRAINT = '{name}_is_there';
    END IF;"""

_POINTED_AT = """
CREATE OR REPLACE TRIGGER {name}_waits BEFORE DELETE ON {parent}
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_{name}_waits();
CREATE OR REPLACE TRIGGER {name}_is_free AFTER DELETE ON {parent} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_{name}_is_free();
CREATE OR REPLACE TRIGGER {name}_keeps_its_number BEFORE UPDATE OF id ON {parent}
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION rugui_{name}_keeps_its_number();
"""

_POINTING = """
CREATE OR REPLACE TRIGGER {name}_is_there AFTER INSERT ON {child} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_{name}_is_there();
CREATE OR REPLACE TRIGGER {name}_is_there_too AFTER UPDATE OF {name}_id ON {child}
    FOR EACH ROW WHEN (NEW.{name}_id IS NOT NULL AND NEW.{name}_id IS DISTINCT FROM OLD.{name}_id)
    EXECUTE FUNCTION rugui_{name}_is_there_too();
"""


def apply(run: Callable[[str], object]) -> None:
    """Makes the triggers what this module says. Run by the owner of the tables; idempotent."""
    for name, (parent, children) in REFERENCES.items():
        checks = "".join(_CHECK.format(name=name, child=child) for child in children)
        run(
            _FUNCTIONS.format(
                name=name, parent=parent, stray=_STRAY[name], children=", ".join(children), checks=checks
            )
        )
        run(_POINTED_AT.format(name=name, parent=parent))
        for child in children:
            run(_POINTING.format(name=name, child=child))
