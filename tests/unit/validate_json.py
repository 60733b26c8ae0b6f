#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Hold JSON documents to a schema: validate_json.py SCHEMA FILE..., where *.ndjson has one a line."""

import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not installed")
    sys.exit(0)


def documents(path):
    text = path.read_text(encoding="utf-8")
    return [json.loads(one) for one in (text.splitlines() if path.suffix == ".ndjson" else [text])]


def main():
    schema_path = pathlib.Path(sys.argv[1]).resolve()
    schema = json.loads(schema_path.read_text(encoding="utf-8"))
    # Schemas refer to each other by file name.
    resolver = jsonschema.RefResolver(base_uri=schema_path.as_uri(), referrer=schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    paths = [pathlib.Path(name) for name in sys.argv[2:]]
    failures = 0

    print(f"1..{len(paths)}")
    for number, path in enumerate(paths, 1):
        errors = [error for one in documents(path) for error in validator.iter_errors(one)]
        print(f"{'not ok' if errors else 'ok'} {number} - {path.name}")
        for error in errors:
            print(f"# {error.json_path}: {error.message}")
        failures += bool(errors)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
