"""Forms as a browser sends them: every field of a page's form with the value it came with."""

from html.parser import HTMLParser
from typing import Any


class Forms(HTMLParser):
    """The forms of a page, each as a list of (name, value); a button's name is not sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[dict, list[tuple[str, str]]]] = []
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.forms.append((values, []))
        if not self.forms:
            return
        sent, name = self.forms[-1][1], values.get("name", "")
        if tag == "input" and name and self._is_sent(values):
            sent.append((name, values.get("value", "on" if values.get("type") == "checkbox" else "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in values and self._select:
            sent.append((self._select, values.get("value", "")))
        elif tag == "textarea":
            self._area = name
            sent.append((name, ""))

    def handle_data(self, data):
        if self._area:
            name, text = self.forms[-1][1][-1]
            self.forms[-1][1][-1] = (name, text + data)

    def handle_endtag(self, tag):
        if tag == "textarea":
            name, text = self.forms[-1][1][-1]
            self.forms[-1][1][-1] = (name, text.removeprefix("\n"))
            self._area = ""
        elif tag == "select":
            self._select = ""

    @staticmethod
    def _is_sent(values: dict) -> bool:
        if values.get("type") in ("checkbox", "radio"):
            return "checked" in values
        return values.get("type") not in ("submit", "button", "file") and "disabled" not in values


def form_of(html: str, field: str) -> dict[str, Any]:
    """What the form with a field of this name sends, untouched."""
    for _attributes, pairs in Forms(html).forms:
        if any(name == field for name, _value in pairs):
            sent: dict[str, Any] = {}
            for name, value in pairs:
                sent.setdefault(name, []).append(value)
            return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}
    raise AssertionError(f"no form has a field {field}")


def opened_form(client, path: str) -> dict[str, Any]:
    """What the change form of a record sends, untouched."""
    return form_of(client.get(path).content.decode(), "opened")
