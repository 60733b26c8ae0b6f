#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compile_profiles.py OUTPUT.c PROFILE.json...: make read-only C tables of profiles.

A family becomes one struct sds_profile a name, sorted, as src/registry/load_profile.c does it.
"""
import json
import sys

from ctables import Tables, declaration, folded, quote


def is_required(key, name):
    names = key.get("required", False)
    return name in names if isinstance(names, list) else names


def rdata(example):
    strings = [text.encode() for text in example.get("txt", ())]
    strings += [bytes.fromhex(text) for text in example.get("hex", ())]
    return b"".join(bytes([len(s)]) + s for s in strings) or b"\0"


def bytes_of(tables, data):
    return tables.add("uint8_t", [str(byte) for byte in data])


def example(tables, source, number):
    """The initialiser of a struct sds_profile_example."""
    txt = rdata(source)
    members = {"txt": bytes_of(tables, txt), "txt_len": len(txt), "number": number}
    if "instance" in source:
        members["instance"] = quote(source["instance"])
    for name in ("subtypes", "breaks"):
        if source.get(name):
            members[name] = tables.texts(source[name])
            members["n_" + name] = len(source[name])
    return initialiser(members)


def initialiser(members):
    return "{" + ", ".join(f".{name} = {value}" for name, value in members.items()) + "}"


def array(tables, members, name, type_, items):
    members[name] = tables.add(type_, items)
    members["n_" + name] = len(items)


def profile(tables, source, name, names):
    """The initialiser of a struct sds_profile: one name of a family."""
    members = {"name": quote(name), "is_first": str(name == names[0]).lower()}
    for text in ("transport", "description"):
        if source.get(text) is not None:
            members[text] = quote(source[text])
    members["txt"] = declaration(tables, source["txt"], lambda key: is_required(key, name))
    if "instance_form" in source:
        members["instance_regex"] = quote(source["instance_form"]["regex"])
        members["instance_about"] = quote(source["instance_form"]["about"])
    if source.get("any_port"):
        members["any_port"] = "true"
    array(tables, members, "subtypes", "struct sds_profile_subtype",
          [f"{{{quote(s['regex'])}, {quote(s.get('about'))}, "
           f"{str(s.get('required', False)).lower()}}}" for s in source.get("subtypes", ())])
    array(tables, members, "sources", "struct sds_profile_source",
          [f"{{{quote(s['cite'])}, {quote(s['backs'])}}}" for s in source["source"]])
    array(tables, members, "examples", "struct sds_profile_example",
          [example(tables, e, i) for i, e in enumerate(source["examples"])
           if e.get("name", names[0]) == name])
    return initialiser(members)


def main():
    profiles = []
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            for source in json.load(file)["records"]:
                names = source.get("names") or [source["name"]]
                profiles += [(name, source, names) for name in names]
    profiles.sort(key=lambda p: folded(p[0]))
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write('#include "registry/table.h"\n\n')
        tables = Tables(out)
        lines = [profile(tables, source, name, names) for name, source, names in profiles]
        out.write("\nstatic const struct sds_profile rows[] = {\n")
        out.writelines(f"    {line},\n" for line in lines)
        out.write("};\n\nconst struct sds_profiles sds_builtin_profiles = "
                  f"{{rows, {len(lines)}}};\n")


main()
