"""Tables as CSV files for a Japanese spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

from agent_console.figures.export import BYTE_ORDER_MARK, safe


def csv_file(name: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> web.Response:
    """``lines`` to be saved as the file ``name``; no cell is taken for a formula."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in line] for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text.getvalue(), content_type="text/csv", charset="utf-8", headers=headers)
