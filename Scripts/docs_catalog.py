"""Makes a DocC catalog of the pages in Docs/.

    docs_catalog.py CATALOG             the folder to make
    docs_catalog.py CATALOG LIBRARY     the first page of a library, whose sentence is that of Docs/Architecture.md

Links between pages become DocC's; what a page tells of a file of the repository stays as text. The order of the pages is README.md's.
"""

import pathlib
import re
import shutil
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")


def outside_code(text, change):
    """`text` with `change` applied to what is no block of code."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def page_name(path):
    return path.name.removesuffix(".md").replace(".", "-")


def link(match):
    text, target = match[1], match[2]
    if re.match(r"[a-z]+:", target):
        return match[0]
    file, _, anchor = target.partition("#")
    path = TOP / "Docs" / file if file else None
    if path is None:
        return text
    if path.suffix == ".md" and path.parent.resolve() == TOP / "Docs" and path.exists():
        return f"[{text}](doc:{page_name(path)})"
    return text


def library_page(catalog, library):
    """A library's first page."""
    for row in (TOP / "Docs" / "Architecture.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if f"`{library}`" in cells[0] and len(cells) == 3:
            sentence = LINK.sub(lambda match: match[1], cells[1])
            (catalog / f"{library}.md").write_text(
                f"# ``{library}``\n\n{sentence[0].upper()}{sentence[1:]}.\n\n## Overview\n\nMay import: {cells[2]}.\n", encoding="utf-8")
            return 0
    print(f"vmyna: Docs/Architecture.md does not tell of a library, {library}\n  fix: add a line to its table of modules", file=sys.stderr)
    return 1


def main():
    if len(sys.argv) not in (2, 3):
        print("vmyna: one or two words are needed, docs_catalog.py\n  fix: docs_catalog.py FOLDER [LIBRARY]", file=sys.stderr)
        return 2
    catalog = pathlib.Path(sys.argv[1])
    shutil.rmtree(catalog, ignore_errors=True)
    catalog.mkdir(parents=True)
    if len(sys.argv) == 3:
        return library_page(catalog, sys.argv[2])
    pages = {path.name: path for path in sorted((TOP / "Docs").glob("*.md"))}
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    order = list(dict.fromkeys(name for name in re.findall(r"\(Docs/([\w.]+\.md)\)", readme) if name in pages))
    missing = sorted(set(pages) - set(order))
    if missing:
        print(f"vmyna: README.md does not name these pages, {', '.join(missing)}\n  fix: add a line to its table", file=sys.stderr)
        return 1
    for name in order:
        text = outside_code(pages[name].read_text(encoding="utf-8"), lambda part: LINK.sub(link, part))
        (catalog / f"{page_name(pages[name])}.md").write_text(text, encoding="utf-8")
    first = readme.split("\n\n")[1].strip()
    listed = "\n".join(f"- <doc:{page_name(pages[name])}>" for name in order)
    words = LINK.sub(lambda match: match[1], first)
    (catalog / "Guide.md").write_text(
        f"# vmyna: the guide\n\n{words}\n\n@Metadata {{\n  @TechnologyRoot\n}}\n\n## Topics\n\n### Pages\n\n{listed}\n",
        encoding="utf-8")
    return 0


sys.exit(main())
