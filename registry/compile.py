#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compile.py REGISTRY.json OUTPUT.c: make read-only C tables of a registry, as struct sds_table.

The program starts with them as they are: rows are sorted by name here, and nothing is parsed there.
"""
import json
import sys

TEXTS = ("about", "pattern", "value", "placeholder", "template", "what", "sep")
FALLBACK = -1  # of a count that is absent


def quote(text):
    """A C literal; every byte that is not plain ASCII in octal, which no later digit can extend."""
    if text is None:
        return "NULL"
    plain = set(range(0x20, 0x7F)) - set(b'"\\?')
    return '"' + "".join(chr(b) if b in plain else f"\\{b:03o}" for b in text.encode()) + '"'


def word(prefix, text):
    return prefix + text.upper().replace("-", "_")


class Tables:
    """Arrays that rows point to; equal ones are written once."""

    def __init__(self, out):
        self.out = out
        self.names = {}

    def add(self, type_, items):
        if not items:
            return "NULL"
        body = f"static const {type_} %s[] = {{{', '.join(items)}}};\n"
        if body not in self.names:
            self.names[body] = f"table_{len(self.names)}"
            self.out.write(body % self.names[body])
        return self.names[body]

    def texts(self, texts):
        return self.add("char *const", [quote(t) for t in texts or ()])


def form(tables, source):
    """The initialiser of a struct sds_form."""
    members = {
        "type": word("SDS_FORM_", source.get("type", "any")),
        "digits": source.get("digits", FALLBACK),
        "length": source.get("length", FALLBACK),
    }
    for name in TEXTS:
        if name in source:
            members[name] = quote(source[name])
    if "strength" in source:
        members["strength"] = word("SDS_STRENGTH_", source["strength"])
    if "default" in source:
        members["fallback"] = quote(source["default"])
    if "chars" in source:
        members["chars"] = quote(source["chars"]["base"])
        members["extra_chars"] = quote(source["chars"].get("extra"))
    for name in ("values", "schemes"):
        if name in source:
            members[name] = tables.texts(source[name])
            members["n_" + name] = len(source[name])
    if "min" in source or "max" in source:
        members.update(has_range="true", min=source.get("min", "INT64_MIN"),
                       max=source.get("max", "INT64_MAX"))
    if "relative" in source:
        answers = {True: "YES", False: "NO", "either": "EITHER"}
        members["relative"] = "SDS_RELATIVE_" + answers[source["relative"]]
    if "optional" in source:
        members["need"] = "SDS_NEED_" + ("OPTIONAL" if source["optional"] else "REQUIRED")
    if source.get("absolute"):
        members["is_absolute"] = "true"
    if source.get("may_be_empty"):
        members["may_be_empty"] = "true"
    if "of" in source:
        members["of"] = tables.add("struct sds_form", [form(tables, source["of"])])
    return "{" + ", ".join(f".{name} = {value}" for name, value in members.items()) + "}"


def declaration(tables, source):
    keys = [f"{{{quote(k['key'])}, {form(tables, k.get('form', {}))}}}"
            for k in source.get("keys", ())]
    open_ = "true" if source.get("open") else "false"
    kind = word("SDS_TXT_", source["kind"])
    return f"{{{kind}, {open_}, {tables.add('struct sds_txt_key', keys)}, {len(keys)}}}"


def record(tables, source, port):
    """The initialiser of a struct sds_record."""
    members = {}
    for name in ("name", "transport", "description", "assignee", "contact", "registered",
                 "modified", "service_code", "alias_of", "notes"):
        if source.get(name) is not None:
            members[name] = quote(source[name])
    if port:
        members["port"] = quote(port)
    if source.get("reference"):
        members["references"] = tables.texts(source["reference"])
        members["n_references"] = len(source["reference"])
    if source.get("unauthorized"):
        members["unauthorized"] = quote("" if source["unauthorized"] is True
                                        else source["unauthorized"])
    members["status"] = word("SDS_RECORD_", source.get("status", "active"))
    if source.get("txt"):
        members["txt"] = declaration(tables, source["txt"])
    return "{" + ", ".join(f".{name} = {value}" for name, value in members.items()) + "}"


def folded(name):
    """The order of sds_fold_cmp(): bytes, A-Z as a-z."""
    return name.encode().lower()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        registry = json.load(file)
    rows = [(r, port) for r in registry["records"] for port in r.get("ports") or [None]]
    named = sorted((r for r in rows if r[0].get("name")), key=lambda r: folded(r[0]["name"]))
    rows = named + [r for r in rows if not r[0].get("name")]
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write('#include "registry/table.h"\n\n')
        tables = Tables(out)
        lines = [record(tables, r, port) for r, port in rows]
        out.write("\nstatic const struct sds_record rows[] = {\n")
        out.writelines(f"    {line},\n" for line in lines)
        out.write("};\n\nconst struct sds_table sds_builtin_table = {\n"
                  f"    .title = {quote(registry.get('title'))},\n"
                  f"    .updated = {quote(registry.get('updated'))},\n"
                  '    .origin = "builtin",\n'
                  f"    .rows = rows,\n    .n_rows = {len(rows)},\n    .n_named = {len(named)},\n"
                  "};\n")


main()
