#!/usr/bin/env bash
# Runs heapdiff for action.yml: inputs in environment variables, annotations on standard output,
# outputs in $GITHUB_OUTPUT. Exits with 0 once heapdiff has run: its exit code is an output, and
# the action's last step fails by it.
set -euo pipefail

args=(-f github)

# Appends the lines of $2 that are not empty, each with $1 before it if that is not empty.
lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        [ -n "$line" ] || continue
        # An option and its value in one word: a value may begin with a dash.
        args+=("${1:+$1=}$line")
    done <<<"$2"
}

# One word for each option, as above.
lines --fail-on "${FAIL_ON:-}"
[ -z "${CALLS:-}" ] || args+=("--calls=$CALLS")
[ -z "${CONFIG:-}" ] || args+=("--config=$CONFIG")
[ -z "${BASELINE:-}" ] || args+=("--baseline=$BASELINE")
lines '' "${ARGS:-}"

# A folder for each run, as a job may have several.
out=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/heapdiff-report.XXXXXX")
args+=(-o "html=$out/heap.html" -o "json=$out/heap.json")
if [ "${SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    args+=(-o "markdown=$GITHUB_STEP_SUMMARY")
fi

args+=(--)
[ -z "${BEFORE:-}" ] || args+=("$BEFORE")
lines '' "${FILES:-}"
[ -z "${AFTER:-}" ] || args+=("$AFTER")

code=0
"$HEAPDIFF" "${args[@]}" 2>"$out/errors" || code=$?

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

{
    printf 'exit-code=%s\n' "$code"
    # With 2 there are reports as well if a gate could not be judged.
    if [ -s "$out/heap.json" ]; then
        printf 'html=%s\njson=%s\n' "$out/heap.html" "$out/heap.json"
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
    fi
} >>"$GITHUB_OUTPUT"
