"""skip.js: a link before all else leads to Play, or to a film that is locked; it goes when the film does."""

import pytest

PAGE = """
document.body.innerHTML = `<div class="stApp"><a href="/elsewhere">elsewhere</a>
  <div class="film"><button data-act="first" disabled></button><button data-act="play">Play</button></div></div>`;
const root = document.querySelector(".film"), play = root.querySelector("[data-act=play]");
let seen = 0;
root.scrollIntoView = () => seen++;
const remove = skip.skipTo(root);
const link = document.querySelector(".film-skip");
"""
PRESS = "link.focus(); link.click(); const { activeElement } = document;"


@pytest.mark.parametrize(("locked", "to"), [(False, "BUTTON"), (True, "DIV")])
def test_the_link_leads_to_play_or_to_a_film_that_is_locked(run_js, locked, to):
    code = PAGE + "play.disabled = given;" + PRESS + "return [activeElement.tagName, seen, location.hash]"
    assert run_js(code, locked) == [to, 1, ""]


def test_the_link_is_the_first_thing_in_the_app_and_names_the_film(run_js):
    code = PAGE + (
        "return [document.querySelector('a, button, [tabindex]') === link, root.closest('.stApp').contains(link),"
        "document.querySelector(link.hash) === root, link.textContent, root.tabIndex]"
    )
    assert run_js(code) == [True, True, True, "Skip to the film", -1]


def test_the_link_goes_with_its_film_and_no_other(run_js):
    code = PAGE + (
        "const other = root.cloneNode(true); other.id = ''; root.after(other); skip.skipTo(other);"
        "const two = [...document.querySelectorAll('.film-skip')].map(({ hash }) => hash); remove();"
        "const left = [...document.querySelectorAll('.film-skip')].map(({ hash }) => hash);"
        "return [new Set(two).size, left.length, left[0] === `#${other.id}`]"
    )
    assert run_js(code) == [2, 1, True]
