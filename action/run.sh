#!/usr/bin/env bash
# Runs heapdiff for action.yml: inputs in environment variables, annotations on standard output,
# outputs in $GITHUB_OUTPUT. Exits with 0 once heapdiff has run: its exit code is an output, and
# the action's last step fails by it.
set -euo pipefail

# Appends the lines of $2 that are not empty to args, each with $1 before it if that is not empty.
lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        [ -n "$line" ] || continue
        # An option and its value in one word: a value may begin with a dash.
        args+=("${1:+$1=}$line")
    done <<<"$2"
}

# Appends the words of the program: a line each if there are several lines, else what blanks part. No
# shell reads them.
words() {
    local line=$RUN word
    line=${line//$'\r'/}
    while [[ $line == *$'\n' ]]; do line=${line%$'\n'}; done
    if [[ $line == *$'\n'* ]]; then
        lines '' "$line"
    else
        read -ra word <<<"$line"
        args+=("${word[@]}")
    fi
}

# Conditions, formats and files of the report that is told.
told() {
    args+=(-f github)
    lines --fail-on "${FAIL_ON:-}"
    [ -z "${CONFIG:-}" ] || args+=("--config=$CONFIG")
    [ -z "${BASELINE:-}" ] || args+=("--baseline=$BASELINE")
    args+=(-o "html=$out/heap.html" -o "json=$out/heap.json" -o "markdown=$out/heap.md")
    if [ "${SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
        args+=(-o "markdown=$GITHUB_STEP_SUMMARY")
    fi
}

# What is loaded, and how.
load() {
    [ -z "${URL:-}" ] || args+=("--url=$URL")
    [ -z "${LOAD:-}" ] || args+=("--load=$LOAD")
    [ -z "${MCP:-}" ] || args+=("--mcp=$MCP")
    [ -z "${CALLS:-}" ] || args+=("--calls=$CALLS")
    lines '' "${ARGS:-}"
}

# Runs heapdiff in the folder $1; its exit code is $code.
heapdiff() {
    code=0
    (cd -- "$1" && exec "$HEAPDIFF" "${args[@]}") 2>"$out/errors" || code=$?
}

# Compares the snapshots that are given.
compare() {
    args=()
    told
    [ -z "${CALLS:-}" ] || args+=("--calls=$CALLS")
    lines '' "${ARGS:-}"
    args+=(--)
    [ -z "${BEFORE:-}" ] || args+=("$BEFORE")
    lines '' "${FILES:-}"
    [ -z "${AFTER:-}" ] || args+=("$AFTER")
    heapdiff .
}

# Starts the program, loads it and compares.
experiment() {
    args=(run)
    load
    told
    args+=(--)
    words
    heapdiff .
}

# The same load for the program in the folder $BASE first: what grows there is accepted here.
branches() {
    local line
    args=(run --quiet "--write-baseline=$out/base.json" -o "markdown=$out/base.md")
    load
    args+=(--)
    words
    heapdiff "$BASE"
    # Of a program that could not be loaded nothing is known. Conditions in a configuration of its own
    # may break.
    [ "$code" -le 1 ] || return 0
    BASELINE=$out/base.json
    experiment
    [ -s "$out/heap.json" ] || return 0
    line=$(sed -n -e 's/^## .*heapdiff: //p' -e 's/^\*\*\(heap .*\)\*\*$/\1/p' "$out/base.md" | paste -sd ' ' -)
    printf '\n**Base, under the same load:** %s\n' "$line" >>"$out/heap.md"
    if [ "${SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
        printf '\n**Base, under the same load:** %s\n' "$line" >>"$GITHUB_STEP_SUMMARY"
    fi
}

# What heapdiff said on standard error.
errors() {
    local message token
    # What could not be judged is an annotation already, made of the report.
    if [ "$code" -gt 1 ] && [ ! -s "$out/heap.json" ]; then
        message=$(cat "$out/errors")
        message=${message//'%'/%25}
        message=${message//$'\r'/%0D}
        message=${message//$'\n'/%0A}
        printf '::error title=heapdiff::%s\n' "${message:-exit code $code}"
    elif [ -s "$out/errors" ]; then
        # The runner must not obey what stands there.
        token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        printf '::stop-commands::%s\n' "$token"
        cat "$out/errors"
        printf '::%s::\n' "$token"
    fi
}

outputs() {
    printf 'exit-code=%s\n' "$code"
    # With 2 there are reports as well if a gate could not be judged.
    [ -s "$out/heap.json" ] || return 0
    printf 'html=%s\njson=%s\nmarkdown=%s\n' "$out/heap.html" "$out/heap.json" "$out/heap.md"
    # Of the JSON one line is one member, and no text from the heap can begin a line.
    awk '
        /^  "/ { part = $1 }
        /^    "/ { side = $1 }
        part == "\"snapshots\":" && $1 == "\"total_size\":" { size[side] = $2 + 0 }
        part == "\"verdict\":" && side == "\"kind\":" && !kind { kind = $2 }
        END {
            gsub(/[^a-z_]/, "", kind)
            printf "verdict=%s\n", kind
            printf "heap-delta=%.0f\n", size["\"after\":"] - size["\"before\":"]
        }' "$out/heap.json"
}

# A folder for each run, as a job may have several.
out=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/heapdiff-report.XXXXXX")
code=2
if [ -n "${RUN:-}" ] && [ -n "${BEFORE:-}${AFTER:-}${FILES:-}" ]; then
    echo "the input run takes its own snapshots; leave out before, after and files" >"$out/errors"
elif [ -z "${RUN:-}" ] && [ -n "${URL:-}${LOAD:-}${MCP:-}${BASE:-}" ]; then
    echo "url, load, mcp and base need the input run, the program to start" >"$out/errors"
elif [ -n "${BASE:-}" ] && [ -n "${BASELINE:-}" ]; then
    echo "the inputs base and baseline both say what may grow; leave one of them out" >"$out/errors"
elif [ -z "${RUN:-}${FILES:-}" ] && { [ -z "${BEFORE:-}" ] || [ -z "${AFTER:-}" ]; }; then
    echo "there is nothing to compare: the action needs before and after, or files, or run with a load" >"$out/errors"
elif [ -z "${RUN:-}" ]; then
    compare
elif [ -n "${BASE:-}" ]; then
    branches
else
    experiment
fi
errors
outputs >>"$GITHUB_OUTPUT"
