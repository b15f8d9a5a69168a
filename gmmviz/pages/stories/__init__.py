"""Stories: a question, a prediction, a film, and what happened. The stories themselves are in gmmviz/stories."""
