"""Tables that users bring along: a folder of awkward files, every dialect, and nothing that raises but advice."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gmmviz.tables import MOST_BYTES, MOST_COLUMNS, MOST_GROUPS, MOST_ROWS, TableError, read

FILES = Path(__file__).parent / "data" / "tables"
NUMBERS = [[1.5, 2.0], [2.5, 4.0], [3.25, -1.0]]
"""What most of the files hold, in one dialect or another."""


def table_of(name):
    return read((FILES / name).read_bytes())


def said_of(name):
    with pytest.raises(TableError) as error:
        table_of(name)
    return str(error.value)


# --- The folder -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("comma.csv", ["length", "width"]),
        ("semicolon.csv", ["length", "width"]),
        ("decimal_commas.csv", ["length", "width"]),
        ("tabs.tsv", ["length", "width"]),
        ("tabs_decimal_commas.tsv", ["length", "width"]),
        ("blanks.txt", ["length", "width"]),
        ("no_names.csv", ["Column 1", "Column 2"]),
        ("mark.csv", ["length", "width"]),
        ("windows_lines.csv", ["length", "width"]),
        ("old_mac_lines.csv", ["length", "width"]),
        ("latin1.csv", ["Länge", "Größe"]),
        ("quoted_decimal_commas.csv", ["length", "width"]),
        ("excel_sep.csv", ["length", "width"]),
        ("blank_lines.csv", ["length", "width"]),
        ("minus_signs.csv", ["length", "width"]),
        ("quotation_marks.csv", ['length, in "cm"', "width"]),
    ],
)
def test_the_same_numbers_in_every_dialect(name, columns):
    table = table_of(name)
    assert [column.name for column in table.columns] == columns
    np.testing.assert_array_equal(table.numbers, NUMBERS)
    assert len(table.notes) == 1  # how it was read, and nothing left out
    assert table.numeric == [0, 1]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("comma.csv", "Read with commas between entries, points for decimals, names in the first line."),
        (
            "decimal_commas.csv",
            "Read with semicolons between entries, commas for decimals, names in the first line.",
        ),
        (
            "no_names.csv",
            "Read with commas between entries, points for decimals, no names, so columns are numbered.",
        ),
        (
            "tabs_decimal_commas.tsv",
            "Read with tabs between entries, commas for decimals, names in the first line.",
        ),
        ("blanks.txt", "Read with blanks between entries, points for decimals, names in the first line."),
    ],
)
def test_it_says_how_it_was_read(name, note):
    assert table_of(name).notes == (note,)


def test_rows_names_as_r_writes_them_are_a_column_without_a_name():
    table = table_of("from_r.txt")
    assert [column.name for column in table.columns] == ["Column 1", "length", "width"]
    np.testing.assert_array_equal(table.numbers[:, 1:], NUMBERS)


def test_columns_of_the_same_name_are_told_apart():
    table = table_of("same_names.csv")
    assert [column.name for column in table.columns] == ["a", "a (2)", "Column 3", "a (3)"]
    assert table.notes[1] == 'Several columns have the same name, "a": a number tells them apart.'
    assert table.numbers[0].tolist() == [1, 2, 3, 4]


def test_gaps_are_counted_by_what_they_are():
    a, b, c = table_of("gaps.csv").columns
    assert (a.kind, a.missing, a.infinite, a.words) == ("numbers", 1, 0, 0)
    assert (b.kind, b.missing, b.infinite, b.words) == ("numbers", 2, 2, 0)
    assert (c.kind, c.missing, c.words, c.groups, c.example) == ("text", 1, 5, 3, '"x" in line 2')
    numbers = table_of("gaps.csv").numbers
    assert np.isnan(numbers[1, 0])
    assert (numbers[2, 1], numbers[5, 1]) == (np.inf, -np.inf)


def test_words_among_numbers_are_counted_and_the_first_is_quoted():
    table = table_of("words_among_numbers.csv")
    b = table.columns[1]
    assert (b.kind, b.words, b.example) == ("numbers", 2, '"unknown" in line 3')
    assert np.isnan(table.numbers[[1, 3], 1]).all()


def test_a_constant_column_and_a_huge_one_cannot_be_fitted():
    assert [column.kind for column in table_of("constant.csv").columns] == ["numbers", "constant", "constant"]
    assert table_of("constant.csv").numeric == [0]
    assert [column.kind for column in table_of("huge.csv").columns] == ["numbers", "huge"]


def test_lines_of_another_length_are_left_out_counted_and_the_first_is_named():
    table = table_of("ragged.csv")
    assert table.numbers[:, 0].tolist() == [1, 7, 9]
    assert table.notes[1] == (
        "2 lines were left out, as the number of entries is another than the 2 of the others. The first is line 3, "
        "with 3."
    )


def test_groups_are_numbered_in_order_of_their_names():
    table = table_of("gaps.csv")
    assert table.labels[:, 2].tolist() == [1, 2, 1, 2, 0, 1]  # "" is a group, too
    assert 2 in table.groupable


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("empty.csv", "There is nothing in it."),
        ("only_blanks.csv", "There is nothing in it."),
        ("only_names.csv", "The table has names and nothing under them."),
        (
            "only_words.csv",
            'No column holds numbers that differ. Of 2: 2 with text. For example, "a" has "x" in line 2.',
        ),
        ("same_throughout.csv", "Of 2: 2 with the same number throughout."),
        ("utf16.csv", "saved as UTF-16"),
        ("utf16_without_mark.csv", "saved as UTF-16"),
        ("bomb.zip", "zip archive, as Excel's .xlsx files are, too. It was not opened."),
        ("bomb.csv.gz", "compressed (gzip). It was not opened."),
        ("binary.csv", "This is no text"),
        ("page.csv", "This is a web page"),
        ("document.csv", "This file is a PDF."),
        ("never_closed.csv", 'there is a quotation mark (")'),
        ("wide.csv", "The table has 33 columns; 32 can be read."),
    ],
)
def test_what_cannot_be_read_is_named_and_something_can_be_done(name, told):
    said = said_of(name)
    assert told in said
    assert re.search(r"(Give|Add|Open|Remove|Keep|Download|Numbers are written)", said)


def test_every_file_of_the_folder_is_read_or_refused_with_advice():
    refused = set()
    for path in sorted(FILES.iterdir()):
        try:
            assert read(path.read_bytes()).numeric, path.name
        except TableError:
            refused.add(path.name)
    assert len(refused) == 14  # those above


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_more_bytes_rows_or_columns_than_can_be_read_are_counted():
    with pytest.raises(TableError, match="This is 21 MB; 20 MB can be read"):
        read(b"1" * (MOST_BYTES + 2**20))
    with pytest.raises(TableError, match=r"The table has 200,002 rows; 200,000 can be read"):
        read("1,2\n" * (MOST_ROWS + 2))
    assert len(read("1 2\n3 4\n" * (MOST_ROWS // 2)).numbers) == MOST_ROWS
    with pytest.raises(TableError, match="can be read"):
        read("\n".join(["1," * MOST_COLUMNS + "2"] * 3))


def test_a_line_of_millions_of_entries_is_refused_at_once():
    with pytest.raises(TableError, match="columns"):
        read(b"1," * (MOST_BYTES // 2 - 1))


def test_a_column_of_many_different_entries_has_no_groups():
    rows = [f"{i % (MOST_GROUPS + 1)},{i % MOST_GROUPS}" for i in range(200)]
    assert read("\n".join(rows)).groupable == [1]


# --- Any table --------------------------------------------------------------------------------------------------------

floats = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
tables = st.integers(2, 5).flatmap(
    lambda C: st.lists(st.lists(floats, min_size=C, max_size=C), min_size=2, max_size=9)
)


@given(
    tables,
    st.sampled_from([",", ";", "\t", " "]),
    st.sampled_from([".", ","]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
)
def test_numbers_come_through_every_dialect_bit_for_bit(
    rows, delimiter, decimal, headed, newline, quoted, mark
):
    if delimiter == ",":
        decimal = "."
    rows = [
        [1.25, 7.5, 2.25, 3.5, 4.75][: len(rows[0])],
        *rows,
    ]  # so that each column has numbers that differ
    rows.append([value + 1 for value in rows[0]])
    text = io.StringIO()
    how = {"quoting": csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, "lineterminator": newline}
    writer = csv.writer(text, delimiter=delimiter, **how)
    if headed:
        writer.writerow([f"name{i}" for i in range(len(rows[0]))])
    writer.writerows([[repr(value).replace(".", decimal) for value in row] for row in rows])
    table = read(text.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    np.testing.assert_array_equal(table.numbers, rows)
    assert (table.columns[0].name == "name0") == headed


@given(st.binary(max_size=300))
@example(b'"')
@example(b"\xff\xfe")
@example(b"sep=,\n")
@example(b"1,2\n3,4\n\x1a")
def test_no_bytes_raise_anything_but_advice(data):
    try:
        table = read(data)
    except TableError:
        return
    assert table.numeric


@given(st.text(alphabet='0123456789.,;\t\n "-+eEinfaA\r$<', max_size=120))
def test_no_text_raises_anything_but_advice(text):
    try:
        table = read(text)
    except TableError:
        return
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names) == table.numbers.shape[1]
    assert all(name and "\n" not in name for name in names)
    for i, column in enumerate(table.columns):
        values = table.numbers[:, i]
        assert column.missing + column.words == np.isnan(values).sum()
        assert column.infinite == np.isinf(values).sum()


@given(st.text(alphabet="0123456789.,;\n ", max_size=60), st.text(alphabet="0123456789.,;\n ", max_size=60))
def test_the_digest_is_that_of_the_content(one, other):
    try:
        a, b = read(one), read(other)
    except TableError:
        return
    same = a.numbers.shape == b.numbers.shape and np.array_equal(a.numbers, b.numbers, equal_nan=True)
    names = [[column.name for column in table.columns] for table in (a, b)]
    if same and names[0] == names[1] and np.array_equal(a.labels, b.labels):
        assert a.digest == b.digest
    else:
        assert a.digest != b.digest
    assert read(one).digest == a.digest


def test_the_digest_tells_names_numbers_and_groups_apart():
    texts = ["a,b,c\n1,2,x\n3,4,y", "a,d,c\n1,2,x\n3,4,y", "a,b,c\n1,2,x\n3,5,y", "a,b,c\n1,2,x\n3,4,x"]
    assert len({read(text).digest for text in texts}) == len(texts)
    assert re.fullmatch("[0-9a-f]{10}", read(texts[0]).digest)
