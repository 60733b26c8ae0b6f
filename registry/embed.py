# SPDX-License-Identifier: MIT
"""embed.py DEMO.NDJSON OUTPUT.C: a recording as bytes of C, which src/discovery/demo.h declares."""

import sys

ROW = 24


def main():
    with open(sys.argv[1], 'rb') as source:
        text = source.read()
    with open(sys.argv[2], 'w', encoding='ascii') as out:
        out.write('#include "discovery/demo.h"\n\nconst char sds_demo_text[] = {\n')
        for at in range(0, len(text), ROW):         # a literal of this length is no ISO C
            out.write(','.join(str(byte if byte < 128 else byte - 256)
                               for byte in text[at:at + ROW]) + ',\n')
        out.write('};\n\nconst size_t sds_demo_len = sizeof(sds_demo_text);\n')


if __name__ == '__main__':
    main()
