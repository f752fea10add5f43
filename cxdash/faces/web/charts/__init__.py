"""From an Answer's Chart and its table to a picture. Pure: no Streamlit, no computing.

Pictures are built with Altair and handed on as Vega-Lite dictionaries, because a dictionary can be
kept and building takes some 20 ms. Rows are copied into marks with fixed internal field names, so
no column name or survey text can be read as a path, an expression or a format. Colours are left to
the browser's theme (the order of ``palette.series``, and the colour of its text), hence one
specification serves light and dark. Every mark carries its interval, and its label says the value
and the range in words.
"""

from cxdash.faces.web.charts.marks import MAX_MARKS, Mark, marks
from cxdash.faces.web.charts.notes import notes
from cxdash.faces.web.charts.picture import Spec, is_wide, picture, pictures

__all__ = ["MAX_MARKS", "Mark", "Spec", "is_wide", "marks", "notes", "picture", "pictures"]
