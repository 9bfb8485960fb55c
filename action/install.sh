#!/usr/bin/env bash
# Gets heapdiff for action.yml. `key` says into which folder and under which key it is cached;
# `install` puts it there: the release of $VERSION (default: the version of the action's own checkout),
# or a build of that checkout where no release has a program for this machine.
set -euo pipefail

own=$(sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q;}' "$GITHUB_ACTION_PATH/Cargo.toml")
version=${VERSION:-$own}
version=${version#v}
# It becomes part of addresses and paths.
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([.+-][0-9A-Za-z.+-]*)?$ ]]; then
    echo "::error title=heapdiff::the input version is no version; give it as 1.2.3"
    exit 2
fi

# Under which name releases have this machine's program, if they do.
target() {
    case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    Windows-ARM64) echo aarch64-pc-windows-msvc ;;
    esac
}

# macOS has no sha256sum. Of a name with a backslash in it the sum is told in another way, of standard
# input it is not.
sum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi <"$1" | cut -d' ' -f1; }

fetch() { curl --fail --silent --show-error --location --proto '=https' --retry 3 --max-time 300 --output "$2" "$1"; }

# Sets $got to yes; leaves it where there is no such release. An archive that is not what the release's
# sums say ends it all.
download() {
    local target archive from work expected
    target=$(target)
    # Without $REPOSITORY the action is part of the job's own checkout.
    [ -n "$target" ] && [ -n "${REPOSITORY:-}" ] || return 0
    archive=heapdiff-$version-$target.tar.gz
    from=${GITHUB_SERVER_URL:-https://github.com}/$REPOSITORY/releases/download/v$version
    work=$(mktemp -d "$RUNNER_TEMP/heapdiff-download.XXXXXX")
    fetch "$from/SHA256SUMS" "$work/sums" && fetch "$from/$archive" "$work/$archive" || return 0
    expected=$(awk -v file="$archive" '$2 == file || $2 == "*" file { print $1 }' "$work/sums")
    if [ -z "$expected" ] || [ "$(sum "$work/$archive")" != "$expected" ]; then
        echo "::error title=heapdiff::$archive is not what SHA256SUMS of v$version says; run the job again, and report it if it stays so"
        exit 3
    fi
    # In its folder: to tar the D: of a Windows path is another machine.
    (cd "$work" && tar -xzf "$archive")
    mkdir -p "$RUNNER_TEMP/heapdiff/bin"
    mv "$work/${archive%.tar.gz}"/heapdiff* "$RUNNER_TEMP/heapdiff/bin/"
    got=yes
}

case ${1:-} in
key)
    # git is on every runner; sha256sum is not.
    sources=$(cd "$GITHUB_ACTION_PATH" && find Cargo.toml Cargo.lock src -type f | LC_ALL=C sort |
        while IFS= read -r file; do git hash-object --no-filters -- "$file"; done |
        git hash-object --stdin)
    # The image too: a program that was linked on a newer system may not run on an older one.
    key=heapdiff-$version-${RUNNER_OS:-}-${RUNNER_ARCH:-}-${ImageOS:-}-$sources
    printf 'key=%s\nfolder=%s\n' "$key" "$RUNNER_TEMP/heapdiff" >>"$GITHUB_OUTPUT"
    ;;
install)
    got=no
    download
    if [ "$got" = yes ]; then exit; fi
    if [ "$version" != "$own" ]; then
        echo "::error title=heapdiff::there is no release $version for this machine, and the action's checkout is $own; leave the input version out"
        exit 3
    fi
    echo "no release $version for this machine: building it"
    # A target folder of its own: what the job builds stays as it is.
    CARGO_TARGET_DIR=$RUNNER_TEMP/heapdiff-target cargo install --locked --features full \
        --path "$GITHUB_ACTION_PATH" --root "$RUNNER_TEMP/heapdiff"
    ;;
*)
    echo "usage: install.sh key|install" >&2
    exit 2
    ;;
esac
