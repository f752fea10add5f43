"""Delimited text by a grammar of its own: what files are compared with, not what reads them."""

import re


def records(text, delimiter, *, escaped=False):
    """Lines on which records that are not blank begin."""
    mark = re.escape(delimiter)
    inside = r'[^"\\]|""|\\["\\]?' if escaped else r'[^"]|""'
    cell = rf'(?:"(?:{inside})*"|[^{mark}\r\n]*)'
    record = re.compile(rf"{cell}((?:{mark}{cell})*)(?:\r\n|\r|\n|\Z)")
    begun, line, at = [], 1, 0
    while at < len(text):
        found = record.match(text, at)
        if found is None:
            return None
        only = found[0].strip("\r\n")
        if only.startswith('"'):
            only = only[1:-1].replace('""', '"')
        if found[1] or only.strip():
            begun.append(line)
        line += len(re.findall(r"\r\n|\r|\n", found[0]))
        at = found.end()
    return begun


def split(text, delimiter):
    """The cells of one row; None if it is not well-formed."""
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"|([^"{mark}\r\n][^{mark}\r\n]*|))')
    found, at = [], 0
    while True:
        here = cell.match(text, at)
        found.append(here[2] if here[1] is None else here[1].replace('""', '"'))
        at = here.end()
        if at == len(text):
            return found
        if text[at] != delimiter:
            return None
        at += 1


def joined(cells, delimiter, *, quote_all=False):
    """A row as text, by the rules of RFC 4180."""
    special = re.compile(f'[{re.escape(delimiter)}"\r\n]')
    return delimiter.join(
        '"' + cell.replace('"', '""') + '"' if quote_all or special.search(cell) else cell
        for cell in cells
    )
