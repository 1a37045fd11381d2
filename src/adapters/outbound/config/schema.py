"""What the two files may look like, as JSON Schema; every description is what a message says is expected."""

from typing import Any

TYPES = ("virtual_machine", "container", "bare_metal")

Schema = dict[str, Any]

# ids are made of names with slashes between them
NAME: Schema = {
    "type": "string",
    "pattern": r"^(?!\s)[^/\x00-\x1f\x7f\ud800-\udfff]{1,100}(?<!\s)$(?!\n)",
    "description": "a name of 1 to 100 characters without slash, control characters and blanks around it",
}
TEXT: Schema = {"type": "string", "maxLength": 2000, "description": "text of at most 2000 characters"}
CLASS: Schema = {
    "type": "string",
    "pattern": r"^[^\W\d]\w*(\.[^\W\d]\w*)+$(?!\n)",
    "description": "the dotted path of a class, such as jupyterhub.spawner.SimpleLocalProcessSpawner",
}
NAMES: Schema = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "minLength": 1, "description": "a name"},
    "description": "a list of at least one name; leave the key out for no restriction",
}
OBJECT: Schema = {"type": "object", "maxProperties": 200, "description": "an object of at most 200 keys"}
SECONDS: Schema = {"type": "integer", "minimum": 1, "maximum": 86_400, "description": "1 to 86400 seconds"}
MINUTES: Schema = {"type": "integer", "minimum": 1, "description": "a whole number of minutes, 1 or more"}


def closed(properties: Schema, required: tuple[str, ...] = (), description: str = "an object") -> Schema:
    """An object with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        "description": description,
    }


def _amount(kind: str, words: str) -> Schema:
    number = {"type": kind, "minimum": 0, "description": words}
    bounds = {"minimum": number, "maximum": number, "default": number}
    return {
        **closed(bounds, ("minimum", "maximum")),
        "type": [kind, "object"],
        "minimum": 0,
        "description": f"{words}, or an object with minimum, maximum and default",
    }


HARDWARE = closed(
    {
        "cpu": _amount("number", "a number of processors"),
        "memory": _amount("number", "a number of GiB"),
        "gpu": _amount("integer", "a whole number of GPUs"),
        "gpu_kind": {**NAMES, "description": "a list of kinds of GPU, the default first"},
    }
)
FLAVOR = closed(
    {
        "name": NAME,
        "description": TEXT,
        "cpu": {"type": "number", "exclusiveMinimum": 0, "description": "a number of processors over 0"},
        "memory": {"type": "number", "exclusiveMinimum": 0, "description": "a number of GiB over 0"},
        "gpu": {"type": "integer", "minimum": 0, "description": "a whole number of GPUs"},
        "gpu_kind": NAME,
    },
    ("name",),
)
OPTION = closed(
    {
        "name": {
            "type": "string",
            "pattern": r"^[A-Za-z_][A-Za-z0-9_-]{0,62}$(?!\n)",
            "description": "letters, digits, _ and -, at most 63",
        },
        "type": {"enum": ["choice", "integer", "boolean", "text"]},
        "title": TEXT,
        "description": TEXT,
        "default": {
            "type": ["string", "integer", "boolean"],
            "description": "a value of its type",
        },
        "choices": {
            "type": "array",
            "minItems": 1,
            "items": {"type": ["string", "integer"], "description": "a text or a whole number"},
            "description": "a list of texts or whole numbers",
        },
        "minimum": {"type": "integer", "description": "a whole number"},
        "maximum": {"type": "integer", "description": "a whole number"},
        "pattern": {"type": "string", "maxLength": 500, "description": "a regular expression"},
        "max_length": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "1 to 1000"},
    },
    ("name", "type"),
)
TERMS: Schema = {
    "display_name": {**TEXT, "minLength": 1, "maxLength": 200, "description": "1 to 200 characters"},
    "description": TEXT,
    "hardware": HARDWARE,
    "flavors": {
        "type": "array",
        "minItems": 1,
        "maxItems": 100,
        "items": FLAVOR,
        "description": "a list of 1 to 100 flavors",
    },
    "lifetime": closed({"default": MINUTES, "maximum": MINUTES}),
    "options": {
        "type": "array",
        "maxItems": 100,
        "items": OPTION,
        "description": "a list of at most 100 options",
    },
    "allowed_groups": NAMES,
    "allowed_users": NAMES,
    "inner_options": {
        "type": ["boolean", "array"],
        "items": {"type": "string", "description": "a key"},
        "description": "true, false or a list of keys",
    },
    "unix_account": closed(
        {
            "mode": {"enum": ["existing", "create", "fixed"]},
            "name": {
                "type": "string",
                "pattern": r"^[a-z_][a-z0-9_-]{0,31}$(?!\n)",
                "description": "the name of an account: at most 32 small letters, digits, _ and -",
            },
        },
        ("mode",),
    ),
    "labels": {
        "type": "object",
        "maxProperties": 20,
        "additionalProperties": {**TEXT, "minLength": 1, "maxLength": 100, "description": "a text"},
        "description": "an object of at most 20 labels, each a text",
    },
    "start_timeout": SECONDS,
    "http_timeout": SECONDS,
    "poll_interval": SECONDS,
    "provider_settings": OBJECT,
}
"""What templates and deployment entries may both say; an entry's word counts over the template's."""

COMPONENT: Schema = {**OBJECT, "properties": {"class": CLASS, "kwargs": OBJECT}}

TEMPLATE = closed(
    {
        "name": NAME,
        "resource_type": {"enum": list(TYPES)},
        "providers": {
            **NAMES,
            "items": NAME,
            "maxItems": 20,
            "uniqueItems": True,
            "description": "a list of 1 to 20 different providers",
        },
        "spawner": closed({"class": CLASS, "kwargs": OBJECT}, ("class",), "an object with class and kwargs"),
        "class": CLASS,
        "kwargs": OBJECT,
        "configurer": COMPONENT,
        "authenticator": COMPONENT,
        **TERMS,
    },
    ("name", "resource_type", "providers"),
)
TEMPLATES: Schema = {
    "type": "array",
    "minItems": 1,
    "maxItems": 200,
    "items": TEMPLATE,
    "description": "a list of 1 to 200 templates",
}

ENTRY: Schema = {
    "type": "object",
    "properties": {"name": NAME, "provider": NAME, "image": {**TEXT, "minLength": 1}, **TERMS},
    "required": ["name"],
    "maxProperties": 200,
    "description": "an object with a name and at most 200 keys",
}
ENTRIES: Schema = {
    "type": "array",
    "maxItems": 1000,
    "items": ENTRY,
    "description": "a list of at most 1000 entries",
}
DEPLOYMENTS: Schema = closed(
    dict.fromkeys(TYPES, ENTRIES), description="an object of resource types, each with a list of entries"
)
