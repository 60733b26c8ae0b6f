# SPDX-License-Identifier: MIT
"""What the compilers of the registry and of the profiles share: JSON as initialisers in C."""

TEXTS = ("about", "pattern", "regex", "value", "placeholder", "what", "prefix", "sep")
RENAMED = {"default": "fallback", "template": "numbering"}  # words of C or of C++
LIMITS = ("min_length", "max_length", "mask")
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
    for name, member in RENAMED.items():
        if name in source:
            members[member] = quote(source[name])
    for name in LIMITS:
        if name in source:
            members[name] = source[name]
    if "strength" in source:
        members["strength"] = word("SDS_STRENGTH_", source["strength"])
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


def where(key):
    """The last two initialisers of a struct sds_txt_key."""
    condition = key.get("where", {})
    return f"{quote(condition.get('key'))}, {quote(condition.get('regex'))}"


def declaration(tables, source, is_required=lambda key: False):
    """The initialiser of a struct sds_txt_decl."""
    keys = [f"{{{quote(k['key'])}, {form(tables, k.get('form', {}))}, "
            f"{str(is_required(k)).lower()}, {where(k)}}}" for k in source.get("keys", ())]
    open_ = "true" if source.get("open") else "false"
    kind = word("SDS_TXT_", source["kind"])
    return f"{{{kind}, {open_}, {tables.add('struct sds_txt_key', keys)}, {len(keys)}}}"


def folded(name):
    """The order of sds_fold_cmp(): bytes, A-Z as a-z."""
    return name.encode().lower()
