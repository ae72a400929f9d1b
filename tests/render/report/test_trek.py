"""The report; markdown-it (a dependency of rich) is the oracle for what Markdown makes of it."""

from html import escape

from markdown_it import MarkdownIt

from routes.render.report.trek import plain, report_markdown
from tests.render.studies import HOSTILE, hostile_study, study_over_hills, study_without_heights

MARKDOWN = MarkdownIt("commonmark").enable("table")


def report_of(study):
    return report_markdown(study, study.default)


def kinds(text):
    tokens = MARKDOWN.parse(text)
    return {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }


def test_text_from_files_stays_text():
    text = report_of(hostile_study())
    assert not kinds(text) & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "em_open",
        "code_inline",
        "fence",
    }
    shown = "".join(
        child.content
        for token in MARKDOWN.parse(text)
        for child in token.children or ()
        if child.type.startswith("text")
    )
    for hostile in HOSTILE:
        assert " ".join(hostile.split()) in shown


def test_tables_keep_their_columns():
    lines = MARKDOWN.render(report_of(hostile_study())).split("<tr>")[1:]
    counts = {line.count("<td") + line.count("<th>") for line in lines}
    assert counts == {10, 4, 3}  # days, verdicts, heights weighed together


def test_line_that_looks_like_a_list_or_heading_stays_a_line():
    for text in (
        "- a",
        "1. a",
        "# a",
        "+ a",
        "2) a",
        "> a",
        "===",
        "---",
        "1.5 mi",
        "-5 m",
        "* * *",
        "    a b".strip(),
        "2)",
    ):
        rendered = MARKDOWN.render(plain(text))
        assert rendered == f"<p>{escape(text)}</p>\n"


def test_figures_and_their_making_are_told():
    text = report_of(study_over_hills())
    assert "6.0 km recorded" in text
    assert "smoothed by 40 m; rises and falls under 1 m are left out" in text
    assert "Ranges from P10 to P90: log-normal, errors of DEMs on 16 recorded lines of 4 sources." in text
    assert "LE90 1.645 m" in text
    missing = report_of(study_without_heights())
    assert "at least 6.0 km, straight lines" in missing
    assert "Missing: no line is known" in missing


def test_same_study_same_report():
    assert report_of(study_over_hills()) == report_of(study_over_hills())
