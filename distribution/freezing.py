"""The one byte form of a report's frozen content, and its hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def frozen(content: Any) -> Any:
    """As it comes back from the database: days as text, tuples as lists."""
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def hash_of(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
