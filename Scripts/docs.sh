#!/bin/sh
# The documentation site: the pages of Docs/ and the libraries, by DocC. Usage: Scripts/docs.sh [FOLDER]   (default .build/docs)
# The symbols are read out of the modules that an ordinary build leaves, so Package.swift knows nothing of it.
set -eu
cd "$(dirname "$0")/.."
site=${1:-.build/docs}
command -v docc >/dev/null || {
    echo "vmyna: the documentation compiler is missing, docc" >&2
    echo "  fix: take a tool chain of swift.org, which brings it along, and put its bin folder into PATH" >&2
    exit 3
}

swift build --explicit-target-dependency-import-check error
modules=$(swift build --show-bin-path)
triple=$(swift -print-target-info | sed -n 's/.*"triple" *: *"\([^"]*\)".*/\1/p' | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

includes="-I $modules/Modules -I Sources/COpenSSL"
for map in "$modules"/C*.build/module.modulemap .build/checkouts/Yams/Sources/CYaml/include/module.modulemap; do
    includes="$includes -Xcc -fmodule-map-file=$map"
done
export includes triple work
# Most of the time is waiting for the disk, so four at once.
archives=
for folder in Sources/*/; do
    library=$(basename "$folder")
    # Programs, the inside of one, and what is C have no pages.
    case $library in vmyna* | Desk | C[A-Z]*) continue ;; esac
    echo "$library" >>"$work/libraries"
    archives="$archives $work/$library.doccarchive"
done
# shellcheck disable=SC2016 # expanded by the inner shell
xargs -P 4 -n 1 sh -euc '
    library=$0
    mkdir "$work/$library"
    swift symbolgraph-extract -module-name "$library" -target "$triple" $includes -minimum-access-level public \
        -skip-synthesized-members -output-dir "$work/$library"
    /usr/bin/python3 -B Scripts/docs_catalog.py "$work/$library.docc" "$library"
    docc convert "$work/$library.docc" --additional-symbol-graph-dir "$work/$library" --fallback-display-name "$library" \
        --fallback-bundle-identifier "$library" --output-path "$work/$library.doccarchive" >"$work/$library.log" 2>&1 || {
        cat "$work/$library.log" >&2
        exit 255
    }' <"$work/libraries"

# A link that leads nowhere ends it.
/usr/bin/python3 -B Scripts/docs_catalog.py "$work/Guide.docc"
docc convert "$work/Guide.docc" --fallback-display-name "Guide" --fallback-bundle-identifier Guide --warnings-as-errors \
    --output-path "$work/Guide.doccarchive"
rm -rf "$site"
# shellcheck disable=SC2086
docc merge "$work/Guide.doccarchive" $archives --synthesized-landing-page-name vmyna --output-path "$site"
echo "made $site: $(find "$site/data" -name '*.json' | wc -l) pages"
echo "look at it: python3 -m http.server --bind 127.0.0.1 --directory $site 8000, then http://127.0.0.1:8000/documentation"
