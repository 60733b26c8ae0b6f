#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compile.py REGISTRY.json OUTPUT.c: make read-only C tables of a registry, as struct sds_packed.

The program starts with them as they are: rows are sorted by name here, and nothing is parsed there.
What a row says are words, each a member and a number: where its text begins in one pool, or where
further words begin. So the linker has nothing to relocate, and the kernel nothing to read before
somebody asks for the row.
"""
import bisect
import json
import sys

from ctables import folded, quote, word

VALUE_BITS = 24  # of a word; the rest is the member's number
INT64 = -2**63, 2**63 - 1

# Words of JSON in the order of their enumerators.
ENUMS = {
    "SDS_RECORD_": ("active", "retired", "reserved", "alias", "not-a-service"),
    "SDS_TXT_": ("unspecified", "none", "keys", "proprietary", "see-reference"),
    "SDS_FORM_": ("any", "text", "enum", "version", "path", "const", "url", "int", "host", "hex",
                  "list", "bool", "mac", "uuid", "bytes"),
    "SDS_STRENGTH_": ("none", "implied", "stated"),
    "SDS_RELATIVE_": ("unsaid", "yes", "no", "either"),
    "SDS_NEED_": ("unsaid", "optional", "required"),
}
ROW_TEXTS = ("transport", "description", "assignee", "contact", "registered", "modified",
             "service_code", "alias_of")
FORM_TEXTS = ("about", "pattern", "value", "placeholder", "template", "default", "what", "sep")
FORM_COUNTS = ("digits", "length")
FORM_MARKS = ("absolute", "may_be_empty")
# Every member, as enum sds_packed_member numbers them from 1.
MEMBERS = (*ROW_TEXTS, "port", "unauthorized", "reference", "unassigned", "txt",
           "kind", "open", "key", "key_form",
           *FORM_TEXTS, *FORM_COUNTS, *FORM_MARKS, "type", "strength", "chars", "extra_chars",
           "values", "schemes", "min", "max", "relative", "need", "of")
A_LINE = 12  # numbers
# As in src/base/near.h and near_index.h.
NEAR_WORD_MAX, NEAR_LETTERS, NEAR_BLOCK = 32, 32, 128


def all_known(source, *names):
    """A member without a place here would be lost in silence."""
    unknown = set(source) - set(names)
    assert not unknown, f"no place for {unknown}"


class Packer:
    """Texts in one pool, and words in one array; equal ones are written once."""

    def __init__(self):
        self.pool, self.pool_len = {}, 0
        self.blocks, self.words = {}, []
        self.needs = {"texts": 0, "keys": 0, "forms": 0}  # room for rows that are unpacked
        self.text("")  # so that 0 is no other text

    def text(self, text):
        if text not in self.pool:
            self.pool[text] = self.pool_len
            self.pool_len += len(text.encode()) + 1
        return self.pool[text]

    def block(self, members):
        """Where the words of these members begin; 0 ends them."""
        words = []
        for name, value in members:
            value = self.text(value) if isinstance(value, str) else value
            assert 0 <= value < 1 << VALUE_BITS, "the registry outgrew its words"
            words.append(MEMBERS.index(name) + 1 << VALUE_BITS | value)
        words = (*words, 0)
        if words not in self.blocks:
            self.blocks[words] = len(self.words)
            self.words += words
        return self.blocks[words]

    def form(self, source):
        all_known(source, *FORM_TEXTS, *FORM_COUNTS, *FORM_MARKS, "type", "strength", "chars",
                  "values", "schemes", "min", "max", "relative", "optional", "of")
        members = [(name, source[name]) for name in FORM_TEXTS + FORM_COUNTS if name in source]
        members += [(name, 1) for name in FORM_MARKS if source.get(name)]
        for name, enum in ("type", "SDS_FORM_"), ("strength", "SDS_STRENGTH_"):
            if name in source:
                members.append((name, ENUMS[enum].index(source[name])))
        if "chars" in source:
            members.append(("chars", source["chars"]["base"]))
            if "extra" in source["chars"]:
                members.append(("extra_chars", source["chars"]["extra"]))
        for name in "values", "schemes":
            members += [(name, text) for text in source.get(name, ())]
            self.needs["texts"] += len(source.get(name, ()))
        if "min" in source or "max" in source:
            members += [(name, str(source.get(name, limit)))
                        for name, limit in zip(("min", "max"), INT64)]
        if "relative" in source:
            answers = {True: "yes", False: "no", "either": "either"}
            answer = answers[source["relative"]]
            members.append(("relative", ENUMS["SDS_RELATIVE_"].index(answer)))
        if "optional" in source:
            need = "optional" if source["optional"] else "required"
            members.append(("need", ENUMS["SDS_NEED_"].index(need)))
        if "of" in source:
            members.append(("of", self.form(source["of"])))
            self.needs["forms"] += 1
        return self.block(members)

    def declaration(self, source):
        all_known(source, "kind", "open", "keys")
        members = [("kind", ENUMS["SDS_TXT_"].index(source["kind"]))]
        if source.get("open"):
            members.append(("open", 1))
        for key in source.get("keys", ()):
            all_known(key, "key", "form")
            members += [("key", key["key"]), ("key_form", self.form(key.get("form", {})))]
            self.needs["keys"] += 1
        return self.block(members)

    def row(self, source, port):
        all_known(source, *ROW_TEXTS, "name", "status", "ports", "unauthorized", "reference",
                  "unassigned", "txt")
        members = [(name, source[name]) for name in ROW_TEXTS if source.get(name) is not None]
        if port:
            members.append(("port", port))
        if source.get("unauthorized"):
            mark = source["unauthorized"]
            members.append(("unauthorized", "" if mark is True else mark))
        for reference in source.get("reference") or ():
            members.append(("reference", reference))
            self.needs["texts"] += 1
        if source.get("unassigned"):
            members.append(("unassigned", 1))
        if source.get("txt"):
            members.append(("txt", self.declaration(source["txt"])))
        return self.block(members)


def write_checks(out):
    """What is numbered on both sides must be numbered alike."""
    for i, name in enumerate(MEMBERS, 1):
        out.write(f'static_assert({word("SDS_PACKED_", name)} == {i}, "{name}");\n')
    for prefix, names in ENUMS.items():
        for i, name in enumerate(names):
            out.write(f'static_assert({word(prefix, name)} == {i}, "{name}");\n')
    out.write(f'static_assert(SDS_PACKED_VALUE_BITS == {VALUE_BITS}, "bits of a value");\n\n')


def write_pool(out, texts):
    out.write('#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
              "static const char pool[] =\n")
    out.writelines(f"    {quote(text)[:-1]}\\000\"\n" for text in texts)
    out.write("    ;\n")


def write_numbers(out, name, numbers):
    out.write(f"static const uint32_t {name}[] = {{\n")
    for i in range(0, len(numbers), A_LINE):
        out.write("    " + ", ".join(map(str, numbers[i:i + A_LINE])) + ",\n")
    out.write("};\n")


def letters(name):
    """What sds_near_letters() gives."""
    return {byte - 97 if 97 <= byte <= 122 else 26 + byte % 6 for byte in folded(name)}


def write_near_index(out, named):
    """A struct sds_near_index of the rows that sds_near_index_make() would be given."""
    firsts = {}
    for i, (row, _) in enumerate(named):
        if row.get("status", "active") == "active" and len(row["name"]) <= NEAR_WORD_MAX:
            firsts.setdefault(folded(row["name"]), i)
    numbers = sorted(firsts.values(), key=lambda i: len(named[i][0]["name"]))
    lengths = [len(named[i][0]["name"]) for i in numbers]
    blocks = [[0] * NEAR_LETTERS for _ in range(0, len(numbers), NEAR_BLOCK)]
    for at, number in enumerate(numbers):
        for letter in letters(named[number][0]["name"]):
            blocks[at // NEAR_BLOCK][letter] |= 1 << at % NEAR_BLOCK
    for name, value in ("WORD_MAX", NEAR_WORD_MAX), ("LETTERS", NEAR_LETTERS):
        out.write(f'static_assert(SDS_NEAR_{name} == {value}, "{name}");\n')
    out.write(f'static_assert(SDS_NEAR_BLOCK == {NEAR_BLOCK}, "words of a block");\n')
    write_numbers(out, "near_numbers", numbers)
    write_numbers(out, "near_starts", [bisect.bisect_left(lengths, length)
                                       for length in range(NEAR_WORD_MAX + 2)])
    out.write("static const sds_near_set near_having[][SDS_NEAR_LETTERS] = {\n")
    for block in blocks:
        halves = (f"{{{words % 2**64:#x}, {words >> 64:#x}}}" for words in block)
        out.write("    {" + ", ".join(halves) + "},\n")
    out.write("};\n")


def write_room(out, n_rows, needs):
    out.write(f"static struct sds_record rows[{n_rows}];\n"
              f"static bool is_unpacked[{n_rows}];\n"
              f"static const char *texts[{needs['texts'] + 1}];\n"
              f"static struct sds_txt_key keys[{needs['keys'] + 1}];\n"
              f"static struct sds_form forms[{needs['forms'] + 1}];\n"
              "static struct sds_unpacked unpacked = {\n"
              "    .rows = rows, .is_unpacked = is_unpacked,\n"
              "    .texts = texts, .keys = keys, .forms = forms,\n"
              "};\n")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        registry = json.load(file)
    rows = [(r, port) for r in registry["records"] for port in r.get("ports") or [None]]
    named = sorted((r for r in rows if r[0].get("name")), key=lambda r: folded(r[0]["name"]))
    rows = named + [r for r in rows if not r[0].get("name")]
    packer = Packer()
    # Names first: whoever walks all of them then reads memory from one end to the other.
    names = [packer.text(r.get("name") or "") for r, _ in rows]
    statuses = [ENUMS["SDS_RECORD_"].index(r.get("status", "active")) for r, _ in rows]
    starts = [packer.row(r, port) for r, port in rows]
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write('#include "registry/packed.h"\n\n#include <assert.h>\n\n')
        write_checks(out)
        write_pool(out, packer.pool)
        write_numbers(out, "names", [s << VALUE_BITS | n for s, n in zip(statuses, names)])
        write_numbers(out, "starts", starts)
        write_numbers(out, "words", packer.words)
        write_near_index(out, named)
        write_room(out, len(rows), packer.needs)
        out.write("static const struct sds_packed packed = {\n"
                  "    .pool = pool, .names = names, .starts = starts, .words = words,\n"
                  "    .unpacked = &unpacked,\n"
                  "};\n\nconst struct sds_table sds_builtin_table = {\n"
                  f"    .title = {quote(registry.get('title'))},\n"
                  f"    .updated = {quote(registry.get('updated'))},\n"
                  '    .origin = "builtin",\n'
                  f"    .packed = &packed,\n    .n_rows = {len(rows)},\n"
                  f"    .n_named = {len(named)},\n"
                  "    .near = {near_numbers, near_starts, near_having},\n"
                  "};\n")


main()
