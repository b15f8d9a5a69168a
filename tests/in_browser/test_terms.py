"""Words that explain themselves, in a browser: by pointer, key and finger, wherever they stand; and the glossary."""

import re

import pytest
from playwright.sync_api import expect

from gmmviz.glossary import TERMS, says
from gmmviz.pages import PAGES
from tests.in_browser.test_every_page import READ

SHOWN = ".explanation:visible"

# Focuses every term in turn: those whose explanation is not shown alone, or not wholly in the window.
CUT = """async () => {
  const cut = [];
  const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const term of [...document.querySelectorAll(".term")].filter(term => term.checkVisibility())) {
    term.focus();
    await drawn();
    const shown = [...document.querySelectorAll(".explanation")].filter(one => one.checkVisibility());
    const { left, top, right, bottom } = term.nextElementSibling.getBoundingClientRect();
    const alone = shown.length === 1 && shown[0] === term.nextElementSibling;
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    if (!alone || !inside) cut.push([term.textContent, left, top, right, bottom]);
  }
  return cut;
}"""

# Formulas that are wider than their place.
WIDE = """() => [...document.querySelectorAll(".katex-html")].filter(one =>
  one.getBoundingClientRect().right > one.closest(".stMarkdown").getBoundingClientRect().right + 1)
  .map(one => one.textContent)"""


def test_a_term_explains_itself_to_pointer_and_keys_and_escape_closes_it(explorer):
    tab = explorer().open("n=60")
    term = tab.page.locator("dfn", has_text=re.compile("^Log-likelihood"))
    expect(term).to_have_accessible_description(re.compile(re.escape(says("log-likelihood"))))
    shown = tab.page.locator(SHOWN)
    expect(shown).to_have_count(0)
    term.hover()
    expect(shown).to_contain_text(says("log-likelihood"))
    expect(shown).to_be_visible()
    shown.hover()  # the pointer may go there to read
    expect(shown).to_contain_text(says("log-likelihood"))
    tab.page.mouse.move(640, 5)
    expect(shown).to_have_count(0)
    tab.page.locator("dfn", has_text=re.compile(r"^\d+ iterations")).focus()
    expect(shown).to_contain_text(says("iteration"))
    tab.press("Tab")
    expect(term).to_be_focused()
    expect(shown).to_contain_text(says("log-likelihood"))
    tab.press("Escape")
    expect(shown).to_have_count(0)
    expect(term).to_be_focused()
    tab.press("Tab", "Shift+Tab")
    expect(shown).to_contain_text(says("log-likelihood"))


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 720, "light"), (390, 844, "dark")])
def test_no_explanation_is_cut_off_and_all_can_be_read(explorer, width, height, scheme):
    tab = explorer(width=width, height=height, color_scheme=scheme, has_touch=True).open("n=60&colour=truth")
    assert tab.page.locator(".term").count() > 10
    assert tab.page.evaluate(CUT) == []
    term = tab.page.locator("dfn", has_text=re.compile("^means$"))
    term.tap()
    expect(tab.page.locator(SHOWN)).to_contain_text(says("mean"))
    read = tab.page.evaluate(READ)
    assert says("mean")[:60] in read
    assert {text: ratio for text, ratio in read.items() if ratio < 4.5} == {}
    tab.plot.tap(position={"x": 5, "y": 5})
    expect(tab.page.locator(SHOWN)).to_have_count(0)


def test_no_button_is_named_help_alone_and_every_page_is_in_the_navigation(explorer):
    tab = explorer().open("n=60")
    for page in PAGES:
        expect(
            tab.page.get_by_test_id("stTopNav").get_by_role("link", name=page.title, exact=True)
        ).to_be_visible()
    assert tab.page.get_by_role("button", name="Help for").count() > 5
    expect(tab.page.get_by_role("button", name="Help", exact=True)).to_have_count(0)


def test_the_glossary_can_be_read_light_and_dark_and_on_a_phone(explorer):
    tab = explorer(color_scheme="light").open("n=60")
    tab.page.get_by_test_id("stTopNav").get_by_role("link", name="Glossary").click()
    expect(tab.page.locator("#inertia")).to_be_attached()
    expect(tab.page.locator(".katex-html")).to_have_count(sum(bool(term.formula) for term in TERMS.values()))
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        tab.page.wait_for_function(f"() => Object.values(({READ})()).every(ratio => ratio >= 4.5)")
        assert says("K")[-20:] in "".join(tab.page.evaluate(READ))
    assert tab.page.evaluate(WIDE) == []
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.page.wait_for_function(f"() => ({WIDE})().length === 0")
    tab.page.get_by_role("link", name="E-step", exact=True).first.click()
    expect(tab.page.locator("#e-step")).to_be_in_viewport()
