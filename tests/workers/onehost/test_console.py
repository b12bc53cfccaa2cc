import io

from workers.onehost.console import Console


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Closed(io.StringIO):
    def write(self, text):
        raise BrokenPipeError


def test_each_line_says_whose_it_is():
    out = io.StringIO()
    Console(out).say("web", "one\ntwo")
    lines = out.getvalue().splitlines()
    assert [line[9:] for line in lines] == ["web         | one", "web         | two"]


def test_colours_only_on_a_terminal():
    plain, coloured = io.StringIO(), Terminal()
    Console(plain).say("web", "text")
    console = Console(coloured)
    console.say("web", "text")
    console.say("beat", "text")
    assert "\033" not in plain.getvalue()
    first, second = coloured.getvalue().splitlines()
    assert first.split("m")[0] != second.split("m")[0]


def test_a_reader_that_went_away_is_no_error():
    console = Console(Closed())
    console.say("web", "text")
    assert console._out.getvalue() == ""
