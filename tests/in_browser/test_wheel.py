"""The wheel, built, installed in an environment of its own and started by its command: the app is all there."""

import re
from functools import partial

from playwright.sync_api import expect

import gmmviz
from tests import wheel
from tests.app_server import serving
from tests.film_page import FilmPage

GROUND = "rgb(19, 22, 26)"  # of the dark theme, in .streamlit/config.toml


def command(gmmviz, port, address):
    return [str(gmmviz), f"--server.port={port}", f"--server.address={address}", "--server.headless=true"]


def test_the_installed_command_serves_the_app_with_its_look_and_its_film(browser, tmp_path):
    scripts = wheel.install(wheel.build(tmp_path / "wheel"), tmp_path / "environment")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert gmmviz.__version__ in wheel.run(scripts / "gmmviz", "--version", folder=elsewhere)
    where = wheel.run(scripts / "python", "-c", "import gmmviz; print(gmmviz.__file__)", folder=elsewhere)
    assert where.startswith(str(tmp_path))
    with serving(command=partial(command, scripts / "gmmviz"), folder=elsewhere) as url:
        tab = FilmPage(browser, url, color_scheme="dark")
        tab.open("dataset=faithful&k=2&init=k-means")  # its points are a file of the package
        expect(tab.app).to_have_css("background-color", GROUND)
        tab.press("End")
        expect(tab.film).to_have_attribute("data-frame", re.compile("[1-9]"))
        tab.go("choose-k")
        assert tab.complaints == []
        tab.close()
