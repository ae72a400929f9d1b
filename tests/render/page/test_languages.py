"""The page in Spanish: every text of ours is translated, what is English says so, and what is written stays."""

import re
from dataclasses import replace
from html import unescape
from string import Formatter

import pytest

from routes.analysis.study import study_trek
from routes.analysis.verdicts.finding import Check, Verdict
from routes.analysis.walking.nights import DISCLAIMER, GUIDELINE, GUIDELINE_SOURCE, Ascent, judge_nights
from routes.dem.folder import open_dem
from routes.errors import ModelError
from routes.io.trek.read import read_trek
from routes.model.figures import Quantity, SeasonKind
from routes.model.kinds import Mode, PlaceKind, Provenance
from routes.model.language import Language
from routes.model.units import Units
from routes.pipeline import downloads_of
from routes.render.assets import SCRIPTS, resource
from routes.render.page.page import page_html
from routes.render.words import english, spanish
from routes.render.words.catalogue import CATALOGUES
from routes.render.words.reader import Reader
from routes.render.words.walking import night_line, night_note
from tests.builders import place
from tests.render.studies import page_data_of, study_over_hills, study_without_heights

SPANISH = Reader(Units.METRIC, Language.SPANISH)


def gaps(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("part", ["TEXTS", "SCRIPT_WORDS"])
def test_languages_have_the_same_texts_with_the_same_gaps(part):
    ours, theirs = getattr(english, part), getattr(spanish, part)
    assert list(ours) == list(theirs)
    for name, text in ours.items():
        assert gaps(text) == gaps(theirs[name]), name
        # what only one language says is the remark that a section is in English
        assert bool(text) == bool(theirs[name]) or name == "in_english"


def test_every_kind_of_thing_has_a_word():
    names = {
        *(f"kind_{kind.value}" for kind in PlaceKind),
        *(f"mode_{mode.value}" for mode in Mode),
        *(f"{start}_{kind.value}" for kind in Provenance for start in ("line", "provenance")),
        *(f"{start}_{verdict.value}" for verdict in Verdict for start in ("verdict", "means")),
        *(f"check_{check.value}" for check in Check),
        *(f"quantity_{quantity.value}" for quantity in Quantity),
        *(f"quantity_{kind.value} season" for kind in SeasonKind),
        *(f"season_{kind.value}" for kind in SeasonKind),
        *(f"night_{ascent.name.lower()}" for ascent in Ascent),
    }
    assert names <= set(english.TEXTS)
    assert len(spanish.TEXTS["months"].split(", ")) == 12


def test_script_has_every_word_that_it_writes_and_no_other():
    script = "".join(resource(f"page/script/{name}.js") for name in SCRIPTS)
    written = set(re.findall(r'\bW\.(\w+)|\b(?:say|climbText)\("(\w+)"', script))
    names = {a or b for a, b in written} | {"hint", "hint_touch", "relief", "contours", "zoom_in", "zoom_out"}
    assert names == set(english.SCRIPT_WORDS)


def marked(catalogue):
    """A language in which each letter of ours is one that nobody writes: what is left in another is not from there."""

    def mark(text):
        return "".join(
            part if part.startswith("{") else re.sub(r"[^\W\d_]", "\N{RUNIC LETTER FEHU FEOH FE F}", part)
            for part in re.split(r"(\{\w*\})", text)
        )

    months = ", ".join(["\N{RUNIC LETTER FEHU FEOH FE F}"] * 12)
    texts = {name: mark(text) for name, text in catalogue.texts.items()} | {"months": months}
    return replace(
        catalogue, texts=texts, script_words={k: mark(v) for k, v in catalogue.script_words.items()}
    )


def strings(value):
    """All texts of a tree of values."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    return [text for part in value for text in strings(part)] if isinstance(value, list) else []


def written_in(trek):
    """Texts of a trek file, longest first, and those that are cited."""
    found, todo = set(), [trek]
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            found.add(str(value))
        elif isinstance(value, tuple):
            todo.extend(value)
        elif hasattr(value, "__dataclass_fields__"):
            todo.extend(getattr(value, name) for name in value.__dataclass_fields__)
    topics = {fact.topic.replace("-", " ") for fact in trek.facts}
    return sorted(found | topics | {topic[:1].upper() + topic[1:] for topic in topics}, key=len, reverse=True)


UNITS = r"\b(?:m|km|h|min|P10|P90|GPX|CSV|DEM|E|W|N|S)\b"


@pytest.mark.parametrize("name", ["hills", "no heights", "john-muir", "lares"])
def test_nothing_of_ours_is_left_in_another_language(name, repository, monkeypatch):
    monkeypatch.setitem(CATALOGUES, Language.SPANISH, marked(CATALOGUES[Language.SPANISH]))
    if name in ("hills", "no heights"):
        study = study_over_hills() if name == "hills" else study_without_heights()
    else:
        dem = open_dem(repository / "data/dem") if name == "john-muir" else None
        study = study_trek(read_trek(repository / f"data/treks/{name}.toml"), {}, dem)
    files = downloads_of(study, study.default, Units.METRIC, Language.SPANISH)
    page = page_html(study, study.default, language=Language.SPANISH, downloads=files)
    data = page_data_of(page)
    told = [
        *strings(data["words"]),
        *(part[key] for part in (*data["legs"].values(), *data["places"])
          for key in ("card", "title", "name", "label") if key in part),
        *(day["name"] for variant in data["variants"] for day in variant["days"]),
        *(file["label"] for variant in data["variants"] for file in variant["files"]),
    ]  # fmt: skip
    body = re.sub(
        r"<(script|style)[^>]*>.*?</\1>|<!--.*?-->", " ", page[page.index("<body>") :], flags=re.DOTALL
    )
    told.extend(re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', body))
    text = "\n".join((body, *told))
    # what is English says so
    text = re.sub(r'<(\w+)[^>]*\blang="en">.*?</\1>', " ", text, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]*>", "\n", text))
    products = [part for product in study.products for part in (product.title, product.attribution) if part]
    # names that are cut to their room
    text = re.sub(r"^.*\N{HORIZONTAL ELLIPSIS} \d+ m$", " ", text, flags=re.MULTILINE)
    for written in (GUIDELINE_SOURCE, *sorted(products, key=len), *written_in(study.trek)):
        if len(written) > 2:
            text = text.replace(written, " ").replace(written.removesuffix("."), " ")
    text = re.sub(UNITS, " ", text)
    # names of things, which are so in every language
    text = re.sub(r"https?://\S+|OpenStreetMap|JavaScript", " ", text)
    left = set(re.findall(r"[A-Za-zÀ-ÿ]{2,}", text))
    assert left == set()


def test_page_tells_its_language():
    study = study_over_hills()
    assert '<html lang="es">' in page_html(study, study.default, language=Language.SPANISH)
    assert '<html lang="en">' in page_html(study, study.default)
    with pytest.raises(ModelError, match="'fr' is no language of the page; choose en or es"):
        Language.of("fr")


def test_reasons_and_notes_of_the_study_are_marked_as_english():
    study = study_over_hills()
    page = page_html(study, study.default, language=Language.SPANISH)
    finding = study.findings[0]
    assert f'<td lang="en">{finding.told_in(Units.METRIC)[:20]}' in unescape(page)
    assert 'lang="en"' not in page_html(study, study.default).replace('<html lang="en">', "")


def test_english_of_the_catalogue_is_that_of_the_study():
    assert night_note(Units.METRIC).startswith(f"Guideline: {GUIDELINE.text(Units.METRIC)}. ")
    assert night_note(Units.METRIC).endswith(f" {DISCLAIMER}")


@pytest.mark.parametrize(
    ("heights", "said"),
    [
        ((2500.0,), "Tras el día 1: C, 2500 m; por debajo de 3000 m"),
        (
            (3000.0, 4000.0),
            "por encima de la recomendación (1000 m más alto que la noche anterior, más de 500 m)",
        ),
        ((3000.0, 3100.0), "dentro de la recomendación (100 m más alto que la noche anterior)"),
        ((3000.0, 3495.0), "demasiado justo para decidirlo (495 m ± "),
        ((None,), "altitud desconocida; desconocido (allí no hay altitud del DEM)"),
    ],
)
def test_nights_in_spanish(heights, said):
    places = [place("c", name="C")] + [place(f"d{i}") for i in range(len(heights) - 1)]
    nights = judge_nights(range(1, 1 + len(heights)), places, heights, u_height_m=5.0)
    assert said in night_line(nights[-1], SPANISH)


def test_numbers_have_the_point_of_peru():
    assert SPANISH.length(12_345.0) == "12.3 km"
    assert Reader(Units.IMPERIAL, Language.SPANISH).height(3370.0) == "11,060 ft"
