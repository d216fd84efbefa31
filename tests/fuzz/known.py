"""The ids that answers have named: requests about nothing that exists find out little."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from typing import Any

MOST = 200  # of a kind
PARAMETER = re.compile(r"(?:/([\w-]+))?/{(\w+)}")
SAME = {
    **dict.fromkeys(("prospect", "record", "merged", "restored", "from"), "card"),
    **dict.fromkeys(("client",), "company"),
    **dict.fromkeys(("created_by", "owner", "salesman"), "user"),
    **dict.fromkeys(("follow_up", "follow", "category"), "follow_up_category"),
}


class Known:
    """Ids by what they are of: a stage's stand in `stage_id` and in the `id` of `stages`."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.ids: dict[str, dict[Any, None]] = defaultdict(dict)

    def learn(self, path: str, answer: Any) -> None:
        """Keep what an answer of this path names."""
        words = [word for word in path.split("/") if word and not word.startswith("{")]
        self._learn(
            kind_of(words[-1] if words[-1] not in ("list", "grouped") else "prospects"), answer
        )

    def _learn(self, kind: str, answer: Any) -> None:
        if isinstance(answer, list):
            for each in answer[:50]:
                self._learn(kind, each)
        elif isinstance(answer, dict):
            for key, value in answer.items():
                if isinstance(value, dict | list):
                    self._learn(kind if key in ("data", "records") else kind_of(key), value)
                elif key == "id" or key.endswith("_id") or key == "api_key":
                    self._keep(kind if key == "id" else kind_of(key.removesuffix("_id")), value)

    def _keep(self, kind: str, value: Any) -> None:
        if isinstance(value, int | str) and len(self.ids[kind]) < MOST:
            self.ids[kind][value] = None

    def some(self, kind: str, otherwise: Any) -> Any:
        """One that is known, mostly."""
        if not self.ids[kind] or self.random.random() < 0.2:
            return otherwise
        return self.random.choice(list(self.ids[kind]))

    def in_path(self, path: str, sent: dict[str, Any]) -> dict[str, Any]:
        """The parameters of a path, with ids that are known."""
        kinds = {name: _kind_in_path(before, name) for before, name in PARAMETER.findall(path)}
        return {name: self.some(kinds.get(name, name), value) for name, value in sent.items()}

    def in_body(self, sent: Any) -> Any:
        """A body, with ids that are known."""
        if isinstance(sent, list):
            return [self.in_body(each) for each in sent]
        if not isinstance(sent, dict):
            return sent
        return {key: self._in_field(key, value) for key, value in sent.items()}

    def _in_field(self, key: str, value: Any) -> Any:
        if key.endswith("_id") or key in SAME:
            return self.some(kind_of(key.removesuffix("_id")), value)
        if key.endswith("_ids") and isinstance(value, list):
            return [self.some(kind_of(key.removesuffix("_ids")), each) for each in value]
        return self.in_body(value)


def kind_of(word: str) -> str:
    """What a collection or a field is of: `companies`, `company`."""
    word = word.replace("-", "_")
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    return SAME.get(word, word)


def _kind_in_path(before: str, name: str) -> str:
    own = re.sub(r"_?(id|pk)$", "", name)
    return kind_of(own or before)
