"""Words that explain themselves, in a browser: by pointer, key and finger, wherever they stand; and the glossary."""

import re

from playwright.sync_api import Locator, expect

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


def test_a_term_explains_itself_to_pointer_and_keys_and_escape_closes_it(shared):
    tab = shared("n=60")
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


def test_no_explanation_is_cut_off_and_all_can_be_read(shared):
    expect_all_to_be_read(shared("n=60&colour=truth"), Locator.click)


def test_no_explanation_is_cut_off_on_a_phone_in_the_dark_where_a_tap_brings_it(explorer):
    tab = explorer(width=390, height=844, color_scheme="dark", has_touch=True).open("n=60&colour=truth")
    expect_all_to_be_read(tab, Locator.tap)


def expect_all_to_be_read(tab, touch):
    assert tab.page.locator(".term").count() > 10
    assert tab.page.evaluate(CUT) == []
    term = tab.page.locator("dfn", has_text=re.compile("^means$"))
    touch(term)
    expect(tab.page.locator(SHOWN)).to_contain_text(says("mean"))
    read = tab.page.evaluate(READ)
    assert says("mean")[:60] in read
    assert {text: ratio for text, ratio in read.items() if ratio < 4.5} == {}
    touch(tab.plot, position={"x": 5, "y": 5})
    expect(tab.page.locator(SHOWN)).to_have_count(0)


def test_no_button_is_named_help_alone_and_every_page_is_in_the_navigation(shared):
    tab = shared("n=60")
    for page in PAGES:
        expect(
            tab.page.get_by_test_id("stTopNav").get_by_role("link", name=page.title, exact=True)
        ).to_be_visible()
    assert tab.page.get_by_role("button", name="Help for").count() > 5
    expect(tab.page.get_by_role("button", name="Help", exact=True)).to_have_count(0)


def test_the_glossarys_formulas_have_room_and_its_links_lead_to_terms_also_on_a_phone(shared):
    tab = shared("n=60")
    tab.page.get_by_test_id("stTopNav").get_by_role("link", name="Glossary").click()
    expect(tab.page.locator("#inertia")).to_be_attached()
    expect(tab.page.locator(".katex-html")).to_have_count(sum(bool(term.formula) for term in TERMS.values()))
    assert tab.page.evaluate(WIDE) == []
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.page.wait_for_function(f"() => ({WIDE})().length === 0")
    tab.page.get_by_role("link", name="E-step", exact=True).first.click()
    expect(tab.page.locator("#e-step")).to_be_in_viewport()
