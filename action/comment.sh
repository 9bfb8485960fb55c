#!/usr/bin/env bash
# Writes the report into a comment of the pull request, for action.yml: the one that an earlier run has
# made, or a new one. A job without the right to comment is warned, and does not fail for it.
set -euo pipefail

warn() {
    echo "::warning title=heapdiff::no comment: $1"
    exit 0
}

# The name stands inside an HTML comment, by which the next run finds it.
allowed='^[A-Za-z0-9][A-Za-z0-9._ /-]*$'
[[ $NAME =~ $allowed && $NAME != *--* ]] ||
    warn "its name may have letters, digits, dots, blanks, slashes and single dashes"
number=$(jq -r '.pull_request.number // .issue.number // empty' "$GITHUB_EVENT_PATH")
[[ $number =~ ^[0-9]+$ ]] || warn "the job does not run for a pull request"

marker="<!-- heapdiff: $NAME -->"
body=$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/heapdiff-comment.XXXXXX")
{ printf '%s\n' "$marker" && cat -- "$MARKDOWN"; } | jq -Rs '{body: .}' >"$body"

comments=repos/$GITHUB_REPOSITORY/issues/$number/comments
# Its first line and nothing less: a report may quote another's.
err=$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/heapdiff-comment.XXXXXX")
failed() { warn "$(tr '\n' ' ' <"$err"); the job needs the permission pull-requests: write, which a fork's has not"; }
old=$(gh api --paginate "$comments?per_page=100" 2>"$err") || failed
old=$(jq -rs --arg marker "$marker" \
    'flatten | map(select(.body | split("\n")[0] | rtrimstr("\r") == $marker)) | first.id // empty' <<<"$old")
if [ -n "$old" ]; then
    to=(--method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$old")
else
    to=(--method POST "$comments")
fi
gh api "${to[@]}" --input "$body" >/dev/null 2>"$err" || failed
