"""Reading tables: whatever comes in, every line comes out, as a record or as one set aside."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rugui.engines.tabular import cells, mended
from rugui.engines.tabular.amounts import guess_decimal, read_amounts
from rugui.engines.tabular.base import Guess
from rugui.engines.tabular.columns import detect_layout, guess_mapping
from rugui.engines.tabular.dates import ORDERS, guess_order, read_dates
from rugui.engines.tabular.encoding import ENCODINGS, detect_encoding
from rugui.engines.tabular.records import Block, Blocks, Format, Record, Records

TRADITIONAL = "姓名,電話\n陳玉婷,0912345678\n"
SIMPLIFIED = "姓名,电话\n陈玉婷,13800138000\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "utf-8-sig", "utf-8"),
        (TRADITIONAL, "utf-16", "utf-16-le"),
        (TRADITIONAL, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "utf-8", "utf-8"),
        ("王小明\n", "big5", "big5hkscs"),
        ("王小明\n", "gb18030", "gb18030"),
        ("name,city\nJosé,Málaga\nMüller,Köln\n", "cp1252", "cp1252"),
        ("name\nAna\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found_on_short_files(text: str, written: str, found: str) -> None:
    guess = detect_encoding(text.encode(written))
    assert guess.value == found
    assert guess.certainty >= 0.8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "big5", "gb18030"])
def test_what_was_written_in_any_encoding_is_read_again(encoding: str) -> None:
    text = 'id,姓名,備註\r\n1,陳玉婷,"喜歡安靜的房間,\n高樓層"\r\n2,林家豪,"說""好"""\r\n'
    layout = detect_layout(text.encode(encoding))
    assert layout.names == ["id", "姓名", "備註"]
    assert layout.rows == [["1", "陳玉婷", "喜歡安靜的房間,\n高樓層"], ["2", "林家豪", '說"好"']]


def test_a_sample_cut_in_the_middle_of_a_letter_is_still_recognised() -> None:
    assert detect_encoding((TRADITIONAL * 3).encode()[:-2], whole=False) == Guess("utf-8", 0.99)


PLAIN = Format()


def read(data: bytes, layout: Format = PLAIN, position: int = 0, line: int = 0) -> list[Record]:
    file = io.BytesIO(data)
    file.seek(position)
    return list(Records(file, layout, position, line))


def test_lines_are_numbered_and_blank_ones_passed_over() -> None:
    assert read(b'a,b\n\n"x\ny",2\r\n3,4\r5,6') == [
        Record(1, ["a", "b"]),
        Record(3, ["x\ny", "2"]),
        Record(5, ["3", "4"]),
        Record(6, ["5", "6"]),
    ]


def test_a_quotation_mark_that_never_closes_costs_one_line_only() -> None:
    records = read(b'1,a\n2,"b\n3,c\n4,d\n')
    assert [(one.line, one.cells, one.fault) for one in records] == [
        (1, ["1", "a"], ""),
        (2, ["2", "b"], "unclosed"),
        (3, ["3", "c"], ""),
        (4, ["4", "d"], ""),
    ]


def test_bytes_that_are_no_letters_cost_one_line_only() -> None:
    records = read(b"1,a\n2,\xff\xfe\n3,c\n")
    assert [(one.line, one.fault) for one in records] == [(1, ""), (2, "bytes"), (3, "")]


def test_nul_bytes_are_dropped() -> None:
    assert read(b"1,a\x00b\n") == [Record(1, ["1", "ab"])]


@given(st.binary(max_size=400), st.sampled_from(ENCODINGS), st.sampled_from(",;\t|"))
def test_no_bytes_at_all_make_reading_fail(data: bytes, encoding: str, delimiter: str) -> None:
    file = io.BytesIO(data)
    records = Records(file, Format(encoding, delimiter))
    found = list(records)
    assert records.position == len(data)
    lines = [record.line for record in found]
    assert lines == sorted(set(lines))
    detect_layout(data)


ROWS = st.lists(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff\r"), max_size=12),
        min_size=2,
        max_size=4,
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS, st.sampled_from(["utf-8", "utf-16-le", "gb18030"]), st.data())
def test_reading_taken_up_anywhere_gives_the_rest_and_nothing_twice(
    rows: list[list[str]], encoding: str, data: st.DataObject
) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    raw = out.getvalue().encode(encoding)
    layout = Format(encoding)
    assert [record.cells for record in read(raw, layout)] == rows
    stop = data.draw(st.integers(0, len(rows)))
    records = Records(io.BytesIO(raw), layout)
    stream = iter(records)
    before = [next(stream).cells for _ in range(stop)]
    after = [record.cells for record in read(raw, layout, records.position, records.line)]
    assert before + after == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_a_table(delimiter: str) -> None:
    rows = [["name", "remark", "date"], ["Ana", "likes; tea", "1.5.2024"], ["Ben", "none", "2.5.2024"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    layout = detect_layout(out.getvalue().encode())
    assert layout.format.delimiter == delimiter
    assert layout.rows == rows[1:]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("name,phone\nAna,1\n", True),
        ("Ana,ana@a.example\nBen,ben@b.example\n", False),
        ("foo,bar\n1.5.2024,7.50\n", True),
    ],
)
def test_a_header_is_told_from_a_row(text: str, header: bool) -> None:
    assert detect_layout(text.encode()).format.header is header


@pytest.mark.parametrize(
    ("subject", "names", "mapping"),
    [
        ("customers", ["ID", "Full Name", "E-Mail", "Mobile Phone", "shoe size"], ["external_id", "name", "email", "phone", ""]),
        ("customers", ["會員編號", "姓名", "手機", "電子郵件"], ["external_id", "name", "phone", "email"]),
        ("customers", ["姓", "名", "手机号", "微信"], ["family_name", "given_name", "phone", "handle"]),
        ("customers", ["phone", "mobile"], ["phone", "phone"]),
        ("purchases", ["订单号", "会员编号", "下單時間", "实付金额", "商品名称"], ["external_id", "customer", "at", "amount", "about"]),
        ("visits", ["booking id", "guest id", "check-in", "check-out", "room", "status"],
         ["external_id", "customer", "expected_at", "expected_until", "about", "state"]),
        ("notes", ["customer_id", "note", "category"], ["customer", "text", "kind"]),
        ("touches", ["id", "email", "date", "channel", "message"], ["external_id", "customer_email", "at", "channel", "text"]),
        ("customers", ["name", "line", "field", "reason"], ["name", "", "", ""]),
    ],
)  # fmt: skip
def test_headers_in_three_languages_say_which_column_is_what(
    subject: str, names: list[str], mapping: list[str]
) -> None:
    assert [guess.value for guess in guess_mapping(subject, names, [])] == mapping


def test_without_a_header_the_cells_say_which_column_is_what() -> None:
    rows = [["Ana", "ana@a.example", "+886 912 345 678"], ["Ben", "ben@b.example", "+886 912 345 679"]]
    assert [guess.value for guess in guess_mapping("customers", ["", "", ""], rows)] == ["", "email", "phone"]


@pytest.mark.parametrize(
    ("cell", "order", "value"),
    [
        ("2024-05-01", "dmy", "2024-05-01 00:00:00"),
        ("2024-05-01T10:00:00Z", "ymd", "2024-05-01 10:00:00+00:00"),
        ("2024-05-01 10:00+08:00", "ymd", "2024-05-01 10:00:00+08:00"),
        ("2024/5/1 14:30", "ymd", "2024-05-01 14:30:00"),
        ("2024/5/1(三) 14:30", "ymd", "2024-05-01 14:30:00"),
        ("1.5.2024", "dmy", "2024-05-01 00:00:00"),
        ("5/1/2024", "mdy", "2024-05-01 00:00:00"),
        ("5/1/24", "mdy", "2024-05-01 00:00:00"),
        ("31/12/99", "dmy", "1999-12-31 00:00:00"),
        ("113/05/01", "roc", "2024-05-01 00:00:00"),
        ("民國113年5月1日 下午2:30", "ymd", "2024-05-01 14:30:00"),
        ("2024年5月1日", "mdy", "2024-05-01 00:00:00"),
        ("２０２４／０５／０１", "ymd", "2024-05-01 00:00:00"),
        ("20240501", "dmy", "2024-05-01 00:00:00"),
        ("May 5, 2024 3:04 PM", "dmy", "2024-05-05 15:04:00"),
        ("12:30 AM", "dmy", "date"),
        ("5/1/2024 12:30 AM", "mdy", "2024-05-01 00:30:00"),
        ("05-May-24", "ymd", "2024-05-05 00:00:00"),
        ("2024-02-30", "ymd", "date_impossible"),
        ("13/13/2024", "dmy", "date_impossible"),
        ("1/5/1024", "dmy", "date_year"),
        ("2024-05-01 25:00", "ymd", "date_impossible"),
        ("1.5.2024 25:00", "dmy", "time"),
        ("soon", "ymd", "date"),
    ],
)
def test_dates_are_read_as_they_are_written_there(cell: str, order: str, value: str) -> None:
    values, problems = read_dates("at", [cell], order)
    assert (problems[0].code if problems else values[0]) == value


@pytest.mark.parametrize(
    ("cells", "region", "order"),
    [
        (["01/02/2024", "13/02/2024"], "US", "dmy"),
        (["01/02/2024", "02/13/2024"], "DE", "mdy"),
        (["01/02/2024"], "US", "mdy"),
        (["01/02/2024"], "GB", "dmy"),
        (["2024/01/02"], "US", "ymd"),
        (["113/05/01"], "TW", "roc"),
        ([], "TW", "ymd"),
    ],
)
def test_the_order_of_day_and_month_comes_from_the_whole_sample_then_from_the_region(
    cells: list[str], region: str, order: str
) -> None:
    assert guess_order(cells, region).value == order


@given(st.text(max_size=30), st.sampled_from(ORDERS))
def test_every_cell_is_a_date_or_a_problem(cell: str, order: str) -> None:
    values, problems = read_dates("at", [cell], order)
    assert len(values) == 1
    if not problems and cell:
        assert 1900 <= datetime.fromisoformat(values[0]).year <= 2200


@pytest.mark.parametrize(
    ("cell", "decimal", "default", "amount", "currency"),
    [
        ("1,234.50", ".", "EUR", 123450, "EUR"),
        ("1.234,50", ",", "EUR", 123450, "EUR"),
        ("1 234,5", ",", "EUR", 123450, "EUR"),
        ("NT$350", ".", "EUR", 35000, "TWD"),
        ("￥1,200", ".", "JPY", 1200, "JPY"),
        ("¥12.50", ".", "CNY", 1250, "CNY"),
        ("350元", ".", "TWD", 35000, "TWD"),
        ("(12.00)", ".", "EUR", -1200, "EUR"),
        ("-12", ".", "EUR", -1200, "EUR"),
        ("12-", ".", "EUR", -1200, "EUR"),
        ("12.-", ".", "CHF", 1200, "CHF"),
        ("−5.00 €", ".", "USD", -500, "EUR"),
        ("１２３．４５", ".", "EUR", 12345, "EUR"),
        ("1,23,456.00", ".", "INR", 12345600, "INR"),
        ("12.340", ".", "EUR", 1234, "EUR"),
        ("0.1", ".", "EUR", 10, "EUR"),
        ("9007199254740.99", ".", "EUR", 900719925474099, "EUR"),
    ],
)
def test_amounts_become_whole_minor_units(
    cell: str, decimal: str, default: str, amount: int, currency: str
) -> None:
    assert read_amounts("amount", [cell], decimal, default, [""]) == ([amount], [currency], {})


@pytest.mark.parametrize(
    ("cell", "currency", "code"),
    [
        ("", "", "missing"),
        ("a lot", "", "amount"),
        ("1,2,3", "", "amount"),
        ("12.345", "", "decimals"),
        ("12.50", "JPY", "decimals"),
        ("€5", "USD", "currency_mark"),
        ("9" * 18, "", "amount_large"),
        ("(5", "", "amount"),
    ],
)
def test_what_is_no_amount_says_why(cell: str, currency: str, code: str) -> None:
    assert read_amounts("amount", [cell], ".", "EUR", [currency])[2][0].code == code


@given(st.text(max_size=20), st.sampled_from(".,"))
def test_every_cell_is_an_amount_or_a_problem(cell: str, decimal: str) -> None:
    amounts, currencies, problems = read_amounts("amount", [cell], decimal, "EUR", [""])
    assert (len(amounts), len(currencies)) == (1, 1)
    assert abs(amounts[0]) <= 10**15
    assert set(problems) <= {0}


@given(st.integers(-(10**14), 10**14))
def test_amounts_survive_being_written_and_read(minor: int) -> None:
    text = f"{'-' if minor < 0 else ''}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"
    assert read_amounts("amount", [text], ".", "EUR", [""])[0] == [minor]


@pytest.mark.parametrize(
    ("cells", "mark"), [(["1.234", "12,50"], ","), (["1,234.00"], "."), (["1.234.567"], ","), (["7.5"], ".")]
)
def test_the_decimal_mark_comes_from_the_whole_sample(cells: list[str], mark: str) -> None:
    assert guess_decimal(cells).value == mark


def test_family_names_come_first_in_han_only() -> None:
    assert cells.joined_names(["陳", "Chen", "Li", ""], ["玉婷", "Ana", "", "Bo"]) == [
        "陳玉婷",
        "Ana Chen",
        "Li",
        "Bo",
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=15), max_size=5))
def test_tidy_cells_can_be_stored_and_copied(column: list[str]) -> None:
    tidy = cells.tidy(column)
    assert len(tidy) == len(column)
    assert all("\x00" not in cell and cell == cell.strip() for cell in tidy)
    assert not any(letter in cell for cell in cells.escaped(tidy) for letter in "\t\n\r")


@given(st.text(alphabet="'=+-@\t\r\nab1", max_size=6))
def test_guarded_cells_are_harmless_and_come_back_as_they_were(cell: str) -> None:
    guarded = mended.guarded(cell)
    assert mended.unguarded(guarded) == cell
    assert guarded[:1] not in set("=+-@\t\r\n")


def in_blocks(raw: bytes, layout: Format, count: int, position: int = 0, line: int = 0) -> list[Record]:
    """Every record, `count` lines at a time, and again from where each block ended."""
    blocks = Blocks(io.BytesIO(raw), layout, position, line)
    found: list[Record] = []
    while True:
        block: Block = blocks.take(count)
        found += [block.record(at) for at in range(len(block.rows))]
        if blocks.ended:
            assert blocks.position == len(raw)
            return found


PIECE = st.sampled_from(
    [
        '"',
        '""',
        ",",
        "\n",
        "\r\n",
        "\r",
        "a",
        "陳",
        " ",
        "\x00",
        "\x0b",
        "\u2028",
        "\ufeff",
        "1,2\n",
        '"x\ny",z\n',
    ]
)


@given(
    st.lists(PIECE, max_size=40).map("".join),
    st.integers(1, 6),
    st.sampled_from(["utf-8", "utf-16-le", "gb18030"]),
)
def test_blocks_hold_the_same_records(text: str, count: int, encoding: str) -> None:
    raw, layout = text.encode(encoding), Format(encoding, ",")
    assert in_blocks(raw, layout, count) == read(raw, layout)


@given(st.binary(max_size=60), st.integers(1, 4))
def test_blocks_hold_the_same_records_whatever_the_bytes(raw: bytes, count: int) -> None:
    assert in_blocks(raw, Format(), count) == read(raw, Format())


def test_lines_longer_than_any_cell_are_handed_over() -> None:
    raw = b"a,1\n" + b"x" * 3_000_000 + b",2\nb,3\n"
    assert [one.fault for one in in_blocks(raw, Format(), 2)] == [one.fault for one in read(raw)]
