"""What an EPUB 3 has beside its chapters: what it says of itself, its contents, the archive."""

import uuid
import zipfile
from html import escape
from mimetypes import types_map

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="en" xml:lang="en">
<head>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="book.css"/>
</head>
<body{kind}>
{body}
</body>
</html>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>en</dc:language>
<dc:creator id="author">{author}</dc:creator>
<meta refines="#author" property="role" scheme="marc:relators">aut</meta>
<dc:description>{description}</dc:description>
<dc:date>{year}</dc:date>
<dc:rights>Text and figures: CC BY 4.0. Code: BSD-3-Clause.</dc:rights>
<dc:subject>Convolution</dc:subject>
<dc:subject>Backpropagation</dc:subject>
<meta property="dcterms:modified">{modified}</meta>
{access}
<meta name="cover" content="cover-image"/>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
ACCESS = [
    ("accessMode", "textual"), ("accessMode", "visual"),
    ("accessModeSufficient", "textual"), ("accessModeSufficient", "textual,visual"),
    *(("accessibilityFeature", name) for name in (
        "MathML", "alternativeText", "displayTransformability", "readingOrder",
        "structuralNavigation", "tableOfContents")),
    ("accessibilityHazard", "none"),
    ("accessibilitySummary",
     "Every formula is MathML and every picture has an alternative text that says what it shows. "
     "Sliders and explorers are replaced by still pictures; nothing needs a script."),
]
THE_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the first one a zip knows: equal files make equal bytes
TYPES = types_map | {".xhtml": "application/xhtml+xml"}


def page(title, body, kind=""):
    """An XHTML document; `kind` is its epub:type."""
    return PAGE.format(title=escape(title), body=body, kind=kind and f' epub:type="{kind}"')


def navigation(parts):
    """The contents: {caption of a part: [chapter]}, each chapter with its sections."""
    def link(address, words, inside=""):
        return f'<li><a href="{address}">{escape(words)}</a>{inside}</li>\n'

    items = []
    for caption, chapters in parts.items():
        lines = []
        for one in chapters:
            sections = "".join(link(f"{one.name}.xhtml#{place}", words)
                               for place, words in one.sections)
            lines.append(link(f"{one.name}.xhtml", one.title,
                              sections and f"<ol>\n{sections}</ol>\n"))
        items.append(f"<li><span>{escape(caption)}</span>\n<ol>\n{''.join(lines)}</ol>\n</li>\n")
    first = next(iter(parts.values()))[0].name
    return page("Contents", '<nav epub:type="toc" id="toc" role="doc-toc">\n<h1>Contents</h1>\n'
                f"<ol>\n{''.join(items)}</ol>\n</nav>\n"
                '<nav epub:type="landmarks" hidden="hidden">\n<h2>Landmarks</h2>\n<ol>\n'
                '<li><a epub:type="toc" href="contents.xhtml">Contents</a></li>\n'
                f'<li><a epub:type="bodymatter" href="{first}.xhtml">Beginning</a></li>\n'
                "</ol>\n</nav>")


def package(files, spine, said):
    """package.opf: `files` by name, the documents in reading order, and what the book is."""
    def item(name, content):
        identity = name.removeprefix("images/").replace(".", "-")
        properties = {"contents.xhtml": "nav", "images/cover.png": "cover-image"}.get(
            name, "mathml" if name.endswith(".xhtml") and "<math" in content else "")
        identity = "cover-image" if properties == "cover-image" else f"f-{identity}"
        kind = TYPES["." + name.rsplit(".", 1)[-1]]
        return (f'<item id="{identity}" href="{name}" media-type="{kind}"'
                + (properties and f' properties="{properties}"') + "/>")

    said = {key: escape(words) for key, words in said.items()}
    return PACKAGE.format(
        **said, identifier=uuid.uuid5(uuid.NAMESPACE_OID, f"{said['title']} {said['version']}"),
        manifest="\n".join(item(*pair) for pair in files.items()),
        spine="\n".join(f'<itemref idref="f-{name}-xhtml"/>' for name in spine),
        access="\n".join(f'<meta property="schema:{key}">{words}</meta>' for key, words in ACCESS))


def archive(path, files):
    """Write the book; what kind of file it is comes first, and is not compressed."""
    with zipfile.ZipFile(path, "w") as book:
        every = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
        for name, content in (every | {f"book/{name}": c for name, c in files.items()}).items():
            entry = zipfile.ZipInfo(name, THE_SAME_DAY)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(entry, content)
