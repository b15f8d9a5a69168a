"""A session of the app without a browser: what a page shows, and what a reader does to it."""

import json
from functools import cache, partial
from itertools import count
from pathlib import Path
from unittest.mock import patch

from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from gmmviz import versions
from gmmviz.figures.film import View
from gmmviz.figures.scene import scene_film
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.ui import session, terms

APP = Path(__file__).parent.parent / "app.py"
RESTS = count(1)
WIDGETS = ("selectbox", "slider", "number_input", "select_slider", "multiselect", "button")

# Which installed packages bring components: a session of a test would read the metadata of all of them, which takes as
# long as a page does.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def pages_of(at, *given, **how):
    """Return the pages that a session knows before its run, as a server's does: a part alone does not name them."""
    PagesManager.uses_pages_directory = None  # AppTest forgets it, too
    pages = PagesManager(*given, **how)
    if at._registered_pages:
        pages._set_pages(at._registered_pages)
    return pages


class Session:
    """One reader's session, opened at an address."""

    def __init__(self, query=(), page=None):
        self.at = AppTest.from_file(str(APP), default_timeout=60)
        if page:  # as a deep link does: app.py first, then the page
            self.at.run()
            self.at.switch_page(page)
        self.go(query)

    def go(self, query):
        """Load another address in the same session, as Back does."""
        self.at.query_params = dict(query)
        self.at.run()
        return self

    # What the page shows

    @property
    def address(self):
        """What the address says of the settings; the version that it carries is `version`."""
        return {name: text for name, text in self.at.query_params.items() if name != versions.NAME}

    @property
    def version(self):
        return self.at.query_params.get(versions.NAME)

    @property
    def experiment(self):
        return Explorer.from_query(self.address)[0]

    @property
    def table(self):
        """The settings of the page that is open."""
        return self.at.session_state[session.KEY].defaults.table()

    @property
    def errors(self):
        return [error.message for error in self.at.exception] + [error.value for error in self.at.error]

    @property
    def notices(self):
        return [note.value for note in self.at.warning if note.value.startswith("The address was")]

    @property
    def player(self):
        return json.loads(self._component.proto.json)

    @property
    def words(self):
        """All text of the page but for its widgets', as it is read before any explanation is shown."""
        return terms.plain(self.marked)

    @property
    def marked(self):
        """The same with the explanations of its terms."""
        found = (*self.at.markdown, *self.at.caption, *self.at.warning, *self.at.info)
        return "\n".join(element.value for element in found)

    @property
    def widgets(self):
        return {widget.key: widget for kind in WIDGETS for widget in getattr(self.at, kind)}

    @property
    def expanders(self):
        return {block.label: block for block in self.at.expander}

    @property
    def _component(self):
        (component,) = self.at.get("bidi_component")
        return component

    # What the reader does

    def set(self, **values):
        for name, value in values.items():
            self.widgets[name].set_value(value)
        return self.run()

    def ask_for_part(self):
        """Let a widget of the main part be used, without a change that counts: a browser then asks for that part."""
        (part,) = self.at._fragment_storage.resolve_target(session.MAIN)
        with patch.object(local_script_runner, "RerunData", partial(RerunData, fragment_id=part)):
            return self.run()

    def run(self):
        """Let the page hear of what is set, and keep of it what is not drawn anew, as a browser does."""
        before = self.at._tree
        with patch.object(app_test, "PagesManager", partial(pages_of, self.at)):
            self.at.run()
        drawn, *others = (block.children for block in self.at._tree.children.values())
        self.drawn_alone = not any(others)
        if self.drawn_alone:
            before.children[0].children |= drawn
            for block in drawn.values():
                for node in block:
                    node.root = before
            self.at._tree = before
        return self

    def click(self, name):
        self.widgets[name].click()
        self.at.run()
        return self

    def rest(self, iteration):
        """Let the film come to rest at an iteration, as the player reports it."""
        rest = [iteration, next(RESTS), self.player["run"]]
        return self._report(self._component.proto.id, json_value=json.dumps({"rest": rest}))

    def open(self, *labels):
        """Open expanders, all at once: the next run closes them again."""
        return self._report(*(self.expanders[label].proto.id for label in labels), bool_value=True)

    def _report(self, *ids, **value):
        states = self.at._tree.get_widget_states()
        for id in ids:
            states.widgets.add(id=id, **value)
        self.at._run(states)
        return self


def expected_film(experiment, at=0):
    """The figure that the player must have been given, as it arrives."""
    dataset = experiment.data()
    view = View(experiment.colour, experiment.member - 1, experiment.frames == "steps")
    return json.loads(json.dumps(scene_film(dataset, experiment.run(dataset.X), view, at)))
