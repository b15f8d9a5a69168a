"""Stories: see gmmviz/pages/stories."""

from gmmviz.pages.stories.page import show

show()
