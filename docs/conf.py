"""How the documentation site is built: `script/docs`."""

from rugui import __version__

project = "Rugui"
author = "The Rugui authors"
copyright = author
release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nitpicky = True
html_theme = "furo"
html_title = "Rugui 如歸"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#a84c08", "color-brand-content": "#34508f"},
    "dark_css_variables": {"color-brand-primary": "#f0a35c", "color-brand-content": "#9db6f2"},
}
