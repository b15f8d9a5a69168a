"""What axe-core, which knows the rules of accessible pages, finds on a page in a browser."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

FIND = """async (colours) => {
  const only = colours ? { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } } : {};
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    [id, target.join(" "), failureSummary]));
}"""


def found(page: Page, colours_only: bool = False) -> list[list[str]]:
    """Return the rule, the selector and the reason of all that axe finds on a page, of whatever severity.

    Nothing is excluded: neither a rule, nor a part of the page, be it Streamlit's own or ours. `colours_only`: by the
    rules on colours alone, a small part of the work, where only the theme has changed.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FIND, colours_only)
