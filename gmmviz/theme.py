"""Colours that serve on Streamlit's light and dark themes alike, and for colour-blind eyes."""

GREY = "#8c8c8c"
"""What "nobody knows" looks like: the colour a point fades to as it belongs to all components alike."""

PALETTE = (
    "#0072b2 #d55e00 #009e73 #cc79a7 #c48700 #499bc9 #b100ff #007a00 #bc217a #f400ff "
    "#9b590b #e900a6 #007aff #9b6fff #9b64b1 #6443f4 #0b856f #de002c #ff2c64 #854ea6 "
    "#6f8500 #9b6f64 #4385b1 #ff37bc #bc16bc #7a9b00 #2c6f6f #d34e6f #c843de #855964"
).split()
"""A component's colour by its number, from 0.

Six hues of Okabe & Ito (2008) first, orange, sky blue and purple as dark as 3 : 1 on white asks; then the colours
farthest from all before them in OKLab, as normal and as green-blind eyes see them, among those with a contrast of at
least 3 : 1 on both themes' backgrounds.
"""

BACKGROUNDS = {"light": "#ffffff", "dark": "#13161a"}
"""The pages' backgrounds, as `.streamlit/config.toml` has them: what figures draw is seen on both."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Split a colour into its red, green and blue.

    Parameters
    ----------
    colour : str
        "#rrggbb".

    Returns
    -------
    tuple of three int
        0 to 255.

    Examples
    --------
    >>> rgb("#0072b2")
    (0, 114, 178)
    """
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, in either order.

    Parameters
    ----------
    one, other : str
        "#rrggbb".

    Returns
    -------
    float
        From 1 to 21.

    References
    ----------
    WCAG 2.2, "contrast ratio".

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return a "#rrggbb" colour's relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""

    def linear(part):
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def belonging_scale(n_components: int, faded: bool = True) -> list[list]:
    """Make the Plotly colorscale for codes that say both which component and how sure (see `figures.codes`).

    Each component has an equal stretch of the scale. Code 0 is grey: nobody knows, or nobody has asked yet.

    Parameters
    ----------
    n_components : int
        K, from 1 to the length of `PALETTE`.
    faded : bool, default=True
        Whether a stretch goes from grey (as likely elsewhere) to the component's colour (sure); otherwise all of it
        is in that colour.

    Returns
    -------
    list of [float, str]
        Places from 0 to 1, ascending, and their colours, "#rrggbb".

    Examples
    --------
    >>> belonging_scale(1)
    [[0.0, '#8c8c8c'], [1.0, '#0072b2']]
    """
    K = n_components
    scale = []
    for k in range(K):
        end = 1.0 if k == K - 1 else (k + 1) / K - 1e-6
        scale += [[k / K, GREY if faded else PALETTE[k]], [end, PALETTE[k]]]
    return scale if faded else [[0.0, GREY], [1e-6, PALETTE[0]], *scale[1:]]
