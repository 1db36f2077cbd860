"""List what a translation lacks, with both texts: python3 run.py translation"""

import argparse
import sys
from dataclasses import replace

from mathutils.sentences import say
from tools.alike import faults
from tools.translated import (
    MISSING,
    fingerprint,
    has_words,
    in_language,
    merged,
    read,
    sources,
    twin,
    write,
)


def found(path, language):
    """Yield what is not in order: the name of a piece, why, its English, its translation."""
    english, translated = read(path), read(twin(path, language))
    for name, piece in english.items():
        said = translated.get(name)
        if said is None and piece.kind == "form":
            continue
        if reason := trouble(piece, said, language):
            yield name, reason, piece.text, said.text if said else ""
    for name in translated.keys() - english.keys():
        yield name, say("translation-extra"), "", translated[name].text
    if not translated.keys() ^ english.keys() and list(translated) != list(english):
        yield "", say("translation-order"), "", ""


def trouble(piece, said, language):
    """Return what is wrong with a translated piece, None where nothing is."""
    if said is None or said.mark == MISSING:
        return say("translation-missing")
    if said.mark and said.mark != fingerprint(piece):
        return say("translation-stale")
    if said.mark:
        return "; ".join(faults(piece, said)) or None
    if said.text != in_language(piece.text, language):
        return say("translation-other-code")
    return say("translation-missing") if has_words(piece) else None


def show(paths, language, names_only):
    """Print what is not in order and return how much it is."""
    count = 0
    for path in paths:
        for name, reason, english, said in found(path, language):
            count += 1
            print(f"{twin(path, language)} {name}: {reason}")
            if not names_only:
                print("".join(f"  en | {line}\n" for line in english.splitlines()), end="")
                print("".join(f"  {language} | {line}\n" for line in said.splitlines()))
    print(say("translation-count", count=count))
    return count


def finish(path, language, names):
    """Renew the marks of pieces, by default of all that have been changed from the English."""
    english, pieces = read(path), merged(path, language)
    said = read(twin(path, language))
    if unknown := [name for name in names if name not in pieces]:
        sys.exit(say("translation-unknown", names=unknown))
    for name in names or [name for name in said if name in pieces]:
        piece, original = replace(pieces[name], text=said[name].text), english[name]
        if not names and piece.text == in_language(original.text, language):
            continue
        if problems := faults(original, piece):
            print(f"{twin(path, language)} {name}: {'; '.join(problems)}")
        else:
            pieces[name] = replace(piece, mark=fingerprint(original))
    write(path, language, pieces)


def chosen(name):
    """Return the files of which a name is the start, with or without their folder."""
    paths = [
        path for path in sources() if path.name.startswith(name) or str(path).startswith(name)
    ]
    return paths or sys.exit(say("translation-unknown", names=[name]))


def read_arguments():
    parser = argparse.ArgumentParser(prog="run.py translation", epilog=say("help-translation"))
    parser.add_argument("files", nargs="*", help=say("help-translation-files"))
    parser.add_argument("--language", default="ko", help=say("help-translation-language"))
    parser.add_argument("--names", action="store_true", help=say("help-translation-names"))
    parser.add_argument("--begin", metavar="FILE", help=say("help-translation-begin"))
    done = {"nargs": "+", "metavar": ("FILE", "NAME"), "help": say("help-translation-done")}
    parser.add_argument("--done", **done)
    return parser.parse_args()


def main():
    options = read_arguments()
    language, paths = options.language, [path for one in options.files for path in chosen(one)]
    if options.begin:
        paths = chosen(options.begin)
        for path in paths:
            write(path, language, merged(path, language))
    elif options.done:
        paths = chosen(options.done[0])
        finish(paths[0], language, options.done[1:])
    sys.exit(bool(show(paths or sources(), language, options.names or bool(options.begin))))


if __name__ == "__main__":
    main()
