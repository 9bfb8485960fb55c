#!/usr/bin/env bash
# Builds heapdiff for action.yml from the sources that the action came with. `key` says into which
# folder and under which key it is cached; `install` puts it there.
set -euo pipefail

case ${1:-} in
key)
    # git is on every runner; sha256sum is not.
    sources=$(cd "$GITHUB_ACTION_PATH" && find Cargo.toml Cargo.lock src -type f | LC_ALL=C sort |
        while IFS= read -r file; do git hash-object --no-filters -- "$file"; done |
        git hash-object --stdin)
    # The image too: a program that was linked on a newer system may not run on an older one.
    key=heapdiff-${RUNNER_OS:-}-${RUNNER_ARCH:-}-${ImageOS:-}-$sources
    printf 'key=%s\nfolder=%s\n' "$key" "$RUNNER_TEMP/heapdiff" >>"$GITHUB_OUTPUT"
    ;;
install)
    # A target folder of its own: what the job builds stays as it is.
    CARGO_TARGET_DIR=$RUNNER_TEMP/heapdiff-target \
        cargo install --locked --path "$GITHUB_ACTION_PATH" --root "$RUNNER_TEMP/heapdiff"
    ;;
*)
    echo "usage: install.sh key|install" >&2
    exit 2
    ;;
esac
