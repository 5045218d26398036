"""What an editor does with an agreement, through pygls.

The folder of the agreement is made for each test. The text has letters outside of ASCII, and one
outside of the basic plane, before everything that is asked about.
"""

import json
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient

BINARY = os.environ["CASUS_BINARY"]

WORDINGS = """# Изменения 🕊

1. Никто не стреляет 🔫.

```casus
agreement Changes version 1
party Север
party South
group Sides is Север, South
act fire by Sides
act raid by Sides
1 each of Sides must not fire
```

2. С десятого — и не ходит в набеги.

```casus
amend 1 from 2026-03-10
    each of Sides must not fire or raid
reading strict of 2
    Север must not raid
```

```casus-test
at 2026-04-01 00:00
    raid by Север on 2026-03-10 00:00
expect 1 breached by Север, once
```
"""

TEXT = """# Договор 🕊

1. Никто не стреляет 🔫.

```casus
agreement Pact version 1
    calendar Europe/Kyiv
party Север "север 🧭"
party South
group Sides is Север, South
category gun
act fire of gun by Sides
zone Strip from strip.geojson feature "полоса 🛰"
1 each of Sides must not fire any gun
    in Strip
    until 2026-03-29 12:00
```

```casus-test
at 2026-03-03 00:00
    fire of gun by Север in Strip on 2026-03-02 10:00
expect 1 breached by Север, once
```
"""

STRIP = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "полоса 🛰"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]],
            },
        }
    ],
}

UTF8, UTF16 = types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16


@pytest_lsp.fixture(
    params=[UTF16, UTF8], config=ClientServerConfig(server_command=[BINARY, "lsp"])
)
async def client(request, lsp_client: LanguageClient):
    """A client that counts in the way of the parameter."""
    encodings = [request.param]
    capabilities = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=encodings)
    )
    result = await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities)
    )
    assert result.capabilities.position_encoding == request.param
    assert result.server_info.name == "casus"
    lsp_client.encoding = request.param
    yield
    await lsp_client.shutdown_session()


class Open:
    """An open agreement, and questions about the place that `¦` marks in it."""

    def __init__(self, client, folder: pathlib.Path, text: str = TEXT):
        self.client, self.text, self.version = client, text, 1
        folder.joinpath("strip.geojson").write_text(json.dumps(STRIP, ensure_ascii=False))
        self.uri = folder.joinpath("договор.md").as_uri()
        self.document = types.TextDocumentIdentifier(uri=self.uri)
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                text_document=types.TextDocumentItem(
                    uri=self.uri, language_id="markdown", version=1, text=text
                )
            )
        )

    def units(self, text: str) -> int:
        return len(text.encode() if self.client.encoding == UTF8 else text.encode("utf-16-le")) // (
            1 if self.client.encoding == UTF8 else 2
        )

    def at(self, marked: str) -> types.Position:
        start = self.text.index(marked.replace("¦", "")) + marked.index("¦")
        before = self.text[:start].split("\n")
        return types.Position(line=len(before) - 1, character=self.units(before[-1]))

    def piece(self, given: types.Range) -> str:
        assert given.start.line == given.end.line
        line = self.text.split("\n")[given.start.line]
        coded = line.encode() if self.client.encoding == UTF8 else line.encode("utf-16-le")
        width = 1 if self.client.encoding == UTF8 else 2
        part = coded[given.start.character * width : given.end.character * width]
        return part.decode() if width == 1 else part.decode("utf-16-le")

    def place(self, marked: str) -> dict:
        return {"text_document": self.document, "position": self.at(marked)}

    def put(self, marked: str, old: str, new: str) -> None:
        """Replaces `old` behind the mark, as a difference."""
        start = self.at(marked)
        end = types.Position(start.line, start.character + self.units(old))
        offset = self.text.index(marked.replace("¦", "")) + marked.index("¦")
        assert self.text[offset : offset + len(old)] == old
        self.text = self.text[:offset] + new + self.text[offset + len(old) :]
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(
                    uri=self.uri, version=self.version
                ),
                content_changes=[
                    types.TextDocumentContentChangePartial(
                        range=types.Range(start=start, end=end), text=new
                    )
                ],
            )
        )

    async def wrong(self) -> list[types.Diagnostic]:
        await self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        return list(self.client.diagnostics[self.uri])


@pytest.fixture
def pact(client, tmp_path):
    return Open(client, tmp_path)


async def test_mistakes_come_and_go(pact: Open):
    assert await pact.wrong() == []
    pact.put("of gun by ¦Север in", "Север", "Севр")
    [wrong] = [one for one in await pact.wrong() if one.severity == types.DiagnosticSeverity.Error]
    assert pact.piece(wrong.range) == "Севр"
    assert wrong.code == "S020" and "did you mean `Север`?" in wrong.message
    pact.put("of gun by ¦Севр in", "Севр", "Север")
    assert await pact.wrong() == []


async def test_related_places_are_told(pact: Open):
    assert await pact.wrong() == []
    pact.put("party ¦South", "South", "Север")
    wrong = [one for one in await pact.wrong() if one.related_information]
    assert pact.piece(wrong[0].range) == "Север"
    first = wrong[0].related_information[0].location
    assert first.uri == pact.uri and pact.piece(first.range) == "Север"
    assert first.range.start.line < wrong[0].range.start.line


async def test_hover(pact: Open):
    async def said(marked: str) -> str:
        hover = await pact.client.text_document_hover_async(
            types.HoverParams(**pact.place(marked))
        )
        return hover.contents.value if hover else ""

    assert "members are Север, South" in await said("each of Si¦des")
    assert "7 89" in await said("in Str¦ip on") and "km²" in await said("in Str¦ip on")
    assert "2026-03-29T09:00:00Z" in await said("unt¦il 2026")
    assert "Никто не стреляет" in await said("expect ¦1 breached")
    assert await said("Никто не¦ стреляет") == ""


async def test_completion(pact: Open):
    async def offered(marked: str) -> list[types.CompletionItem]:
        result = await pact.client.text_document_completion_async(
            types.CompletionParams(**pact.place(marked))
        )
        return list(result.items)

    pact.put("expect 1 ¦breached by Север", "breached by Север", "possibly br")
    [verdict] = await offered("expect 1 possibly br¦")
    assert verdict.label == "possibly breached"
    assert pact.piece(verdict.text_edit.range) == "possibly br"
    pact.put("    in ¦Strip\n", "Strip", "")
    assert [one.label for one in await offered("    in ¦\n")] == ["Strip"]
    assert await offered("Никто не¦ стреляет") == []


async def test_definitions_and_references(pact: Open):
    async def definition(marked: str):
        found = await pact.client.text_document_definition_async(
            types.DefinitionParams(**pact.place(marked))
        )
        return found[0]

    name = await definition("breached by Се¦вер")
    assert (name.uri, pact.piece(name.range)) == (pact.uri, "Север")
    label = await definition("expect ¦1 breached")
    assert (label.range.start.line, label.range.start.character) == (pact.at("¦1 each").line, 0)
    prose = await definition("Никто не¦ стреляет")
    assert prose.range == label.range
    feature = await definition('feature "поло¦са 🛰"')
    assert feature.uri.endswith("/strip.geojson") and feature.range.start.character > 0
    uses = await pact.client.text_document_references_async(
        types.ReferenceParams(
            **pact.place("party Се¦вер"), context=types.ReferenceContext(include_declaration=False)
        )
    )
    assert [pact.piece(one.range) for one in uses] == ["Север"] * 3


async def test_renaming_and_its_refusal(pact: Open):
    async def renamed(marked: str, name: str):
        edit = await pact.client.text_document_rename_async(
            types.RenameParams(**pact.place(marked), new_name=name)
        )
        return edit.changes[pact.uri]

    prepared = await pact.client.text_document_prepare_rename_async(
        types.PrepareRenameParams(**pact.place("party Се¦вер"))
    )
    assert (prepared.placeholder, pact.piece(prepared.range)) == ("Север", "Север")
    edits = await renamed("party Се¦вер", "Дальний Север")
    assert [pact.piece(edit.range) for edit in edits] == ["Север"] * 4
    for name, why in [("must", "keyword"), ("South", "declared already"), ("a, b", "no place")]:
        with pytest.raises(JsonRpcException, match=why):
            await renamed("party Се¦вер", name)
    with pytest.raises(JsonRpcException, match="prose"):
        await renamed("Никто не¦ стреляет", "x")


async def test_layout_outline_and_folds(pact: Open):
    pact.put("party ¦South", "South", "  South  -- юг 🧭")
    edits = await pact.client.text_document_formatting_async(
        types.DocumentFormattingParams(
            text_document=pact.document,
            options=types.FormattingOptions(tab_size=4, insert_spaces=True),
        )
    )
    assert [edit.new_text for edit in edits] == ["party South  -- юг 🧭\n"]
    [top] = await pact.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(text_document=pact.document)
    )
    assert top.name == "Договор 🕊"
    assert [one.name for one in top.children][-2:] == ["1", "test 1"]
    folds = await pact.client.text_document_folding_range_async(
        types.FoldingRangeParams(text_document=pact.document)
    )
    assert len(folds) == 3


async def test_wordings_of_a_paragraph(client, tmp_path):
    pact = Open(client, tmp_path, WORDINGS)
    assert await pact.wrong() == []
    found = await client.text_document_definition_async(
        types.DefinitionParams(**pact.place("expect ¦1 breached"))
    )
    lines = [pact.at("¦1 each of").line, pact.at("amend ¦1 from").line]
    assert [one.range.start.line for one in found] == lines
    hover = await client.text_document_hover_async(
        types.HoverParams(**pact.place("expect ¦1 breached"))
    )
    assert "Никто не стреляет" in hover.contents.value and "raid" in hover.contents.value
    edit = await client.text_document_rename_async(
        types.RenameParams(**pact.place("reading str¦ict of"), new_name="строгое")
    )
    assert [pact.piece(one.range) for one in edit.changes[pact.uri]] == ["strict"]
    edits = await client.text_document_formatting_async(
        types.DocumentFormattingParams(
            text_document=pact.document,
            options=types.FormattingOptions(tab_size=4, insert_spaces=True),
        )
    )
    assert not edits
