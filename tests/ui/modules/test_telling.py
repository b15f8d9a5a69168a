"""telling.js: the sentence and the numbers over the picture, and what is written and announced at rest."""

import pytest

from tests.ui.modules.films import explored, paired
from tests.ui.modules.on_stage import CSS
from tests.ui.modules.page import MODULES

HTML = (MODULES.parent / "player.html").read_text(encoding="utf-8")
TELL = """document.body.innerHTML = `<style>${given.css}</style>` + given.html;
const root = document.querySelector(".film"), read = scene.readScene(given.figure);
const here = new telling.Telling(root);
const text = (name) => root.querySelector(`.film-${name}`).textContent;
const numbersNow = () => [...root.querySelectorAll(".film-numbers span")].map((node) => node.textContent);
const head = root.querySelector(".film-head");
const sentence = sentences.narrator(read).sentence;
here.open(read);
try {
  %s
} finally {
  document.body.replaceChildren();
}"""


@pytest.fixture
def tell(run_js):
    """A function that runs JavaScript beside a film's words."""
    return lambda body, shown=None: run_js(
        TELL % body, {"html": HTML, "css": CSS, "figure": (shown or explored()).figure}
    )


def test_a_stop_has_its_sentence_and_its_numbers(tell):
    found = tell(
        "return [4, 4, 5].map((stop) => (here.tell(stop), [text('said'), sentence(stop), numbersNow()[1]]))"
    )
    for said, expected, iteration in found:
        assert said == expected != ""
        assert iteration == "2"
    assert found[0] == found[1] != found[2]


def test_a_sentence_is_found_once_for_a_stop(tell):
    counts = tell(
        """let found = 0; here.narrator.sentence = (stop) => (found++, sentence(stop));
        return [4, 5, 4, 5].map((stop) => (here.tell(stop), here.rest(stop), found));"""
    )
    assert counts == [1, 2, 2, 2]


def test_while_the_film_plays_a_sentence_stands_long_enough_to_be_read(tell):
    found = tell(
        """const told = [[1, 0], [2, 60], [3, 130], [4, 210], [5, 220], [5, 420]];
        const now = (stop) => [text("said") === sentence(stop), numbersNow()[1]];
        return told.map(([stop, ms]) => [here.tell(stop, {}, ms), ...now(stop)]);"""
    )
    assert [shown for _, shown, _ in found] == [True, False, False, True, False, True]
    assert [iteration for _, _, iteration in found] == ["0", "0", "0", "2", "2", "2"]
    assert [told for told, _, _ in found] == [1, 1, 1, 4, 4, 5]  # the label beside them is of the same stop
    assert tell("here.tell(1, {}, 0); here.tell(2, null, 10); return text('said') === sentence(2)")


def test_at_rest_it_is_written_down_and_announced_if_a_hand_brought_it_there(tell):
    before, opened, moving, rested = tell(
        """const both = () => [text("picture"), text("news")]; const before = both();
        here.rest(0, false); const opened = both(); here.tell(3); const moving = both();
        here.rest(3); return [before, opened, moving, [...both(), sentence(3), sentences.described(read, 3)]];"""
    )
    assert before == ["", ""]
    assert opened[0].startswith("The start: 3 Gaussians")
    assert opened[1] == ""
    assert moving == opened
    picture, news, sentence, described = rested
    assert picture == f"{sentence} {described}"
    assert news == sentence


def test_only_what_rests_is_announced_and_the_picture_has_its_description(tell):
    live, same, shown = tell(
        """const live = [...root.querySelectorAll("[aria-live]")].map((node) => [node.className, node.ariaLive]);
        const region = document.getElementById(root.getAttribute("aria-describedby"));
        return [live, region === root.querySelector(".film-picture"), getComputedStyle(region).display];"""
    )
    assert live == [
        ["film-label", "off"],
        ["film-hidden film-hand", "polite"],
        ["film-hidden film-point", "polite"],
        ["film-news film-hidden", "polite"],
    ]
    assert same
    assert shown != "none"


def test_two_films_have_descriptions_of_their_own(tell):
    ids = tell(
        """document.body.insertAdjacentHTML("beforeend", given.html);
        const other = [...document.querySelectorAll(".film")].at(-1); new telling.Telling(other);
        return [root, other].map((film) => film.getAttribute("aria-describedby"));"""
    )
    assert len(set(ids)) == 2


def test_a_film_without_sentences_has_no_room_for_them_and_says_its_label_at_rest(tell):
    height, said, news, picture = tell(
        """here.fit(), here.tell(2), here.rest(2);
        return [head.offsetHeight, text("said"), text("news"), text("picture")];""",
        paired(),
    )
    assert (height, said) == (0, "")
    assert news.startswith("Centres and means move:")
    assert picture.startswith("K-means: hard: Centre 1: at (")


@pytest.mark.parametrize("width", [340, 470, 700, 1400])
@pytest.mark.parametrize("size", ["16px", "24px"])
def test_nothing_moves_and_nothing_is_cut_off_however_long_a_sentence_is(tell, width, size):
    heights, fits, smaller = tell(
        f"""root.style.width = "{width}px"; root.style.setProperty("--said-size", "{size}");
        root.classList.toggle("film-narrow", {str(width < 640).lower()});
        here.tell(3), here.fit();
        const long = "A Gaussian of so many words as there can be and more. ".repeat(3).slice(0, telling.LONGEST);
        const seen = ["x", long].map((text) => {{
          here.say(text);
          return [head.offsetHeight, here.said.scrollHeight <= here.said.clientHeight + 1, here.said.className];
        }});
        return [0, 1, 2].map((i) => seen.map((one) => one[i]));"""
    )
    assert heights[0] == heights[1] > 0
    assert fits == [True, True]
    assert smaller[0] == "film-said"


def test_a_sentence_that_does_not_fit_is_written_smaller_and_the_next_one_is_not(tell):
    classes = tell(
        """root.style.width = "700px"; root.style.setProperty("--said-size", "20px"); here.fit();
        return ["x", "words ".repeat(40), "x"].map((text) => (here.say(text), here.said.className));"""
    )
    assert classes == ["film-said", "film-said film-long", "film-said"]


def test_of_several_runs_there_is_room_for_more_letters_and_no_numbers(tell):
    body = """root.style.width = "380px"; root.style.setProperty("--said-size", "16px");
    root.classList.add("film-narrow");
    here.open(Object.assign(read, given.change)); here.tell(0), here.fit();
    return [here.head.hidden, here.numbers.hidden, here.numbers.offsetHeight > 0, here.said.clientHeight];"""
    alone = tell(body.replace("given.change", "{}"))
    waits = """{ narration: { waits: "It waits." }, values: undefined }"""
    several = tell(body.replace("given.change", waits), paired())
    assert alone[:3] == [False, False, True]
    assert several[:3] == [False, True, False]
    assert several[3] > 1.25 * alone[3]  # three lines on a phone, not two


def test_lines_for_the_longest_sentence(run_js):
    columns = [[2000, 16], [480, 16], [350, 16], [100, 20], [0, 20]]
    found = run_js("return given.map(([width, size]) => telling.linesOf(width, size))", columns)
    assert found == [2, 2, 3, 4, 4]
    assert run_js("return [140, 100].map((longest) => telling.linesOf(350, 16, longest))") == [3, 2]


@pytest.mark.parametrize("film", [explored, paired])
def test_what_a_hand_is_told_stays_until_the_film_speaks_again(tell, film):
    found = tell(
        """const now = () => [head.hidden, text("said")];
        here.tell(2), here.hold("Do this.");
        const held = now();
        here.tell(3), here.open(read), here.tell(0), here.rest(0);
        const still = [...now(), text("news")];
        here.hold("Do that."), here.again();
        return [held, still, now(), sentence(0), here.numbers.hidden];""",
        film(),
    )
    held, (hidden, still, news), again, sentence, numbers = found
    silent = film is paired
    assert held == [False, "Do this."]
    assert (hidden, still) == (False, "Do this.")
    assert again == [silent, "Do that." if silent else sentence]
    assert numbers is silent
    assert news != ""
