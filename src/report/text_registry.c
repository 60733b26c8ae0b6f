/* SPDX-License-Identifier: MIT */
#include "report/text_registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sdscope/profile.h"

static void write_person(const struct sds_person *person, struct sds_span id, FILE *out)
{
    if (person && person->name && person->organization) {
        sds_text_puts(out, person->name);
        fputs(" (", out);
        sds_text_puts(out, person->organization);
        fputc(')', out);
    } else if (person && (person->name || person->organization)) {
        sds_text_puts(out, person->name ? person->name : person->organization);
    } else {
        sds_text_put(out, id.p, id.len);
    }
}

char *sds_text_of_persons(const struct sds_registry *registry, const char *ids)
{
    char *words = NULL;
    struct sds_span id;
    size_t size;
    FILE *out = open_memstream(&words, &size);

    if (!out)
        return NULL;
    for (const char *before = ""; sds_person_id_take(&ids, &id); before = ", ") {
        fputs(before, out);
        write_person(sds_registry_find_person(registry, id), id, out);
    }
    if (fclose(out)) {
        free(words);
        return NULL;
    }
    return words;
}

char *sds_text_of_key(const struct sds_txt_key *key)
{
    struct sds_form_words form;
    const char *about = key->form.about;
    char *words = NULL;
    size_t size;
    FILE *out = open_memstream(&words, &size);

    if (!out)
        return NULL;
    sds_text_puts(out, sds_form_describe(&key->form, &form));
    if (about && strcmp(about, form.text) != 0) {
        fputs(": ", out);
        sds_text_puts(out, about);
    }
    if (key->is_required && key->where_key) {
        fputs(" (required with some values of '", out);
        sds_text_puts(out, key->where_key);
        fputs("')", out);
    } else if (key->is_required) {
        fputs(" (required)", out);
    }
    if (fclose(out)) {
        free(words);
        return NULL;
    }
    return words;
}
