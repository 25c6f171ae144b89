#!/bin/sh
# A conversation with a running server (flowloom serve), in four calls.
#   sh curl.sh [ADDRESS]            FLOWLOOM_TOKEN, if the server wants one
set -eu
address="${1:-http://127.0.0.1:8765}"

call() {
    method="$1" path="$2"
    shift 2
    curl --silent --show-error --fail-with-body --no-buffer --request "$method" "$address$path" \
        ${FLOWLOOM_TOKEN:+--header "Authorization: Bearer $FLOWLOOM_TOKEN"} \
        --header "Content-Type: application/json" "$@"
    echo
}

call POST /v1/threads --data '{"id": "by-curl"}'
call POST /v1/threads/by-curl/messages \
    --data '{"text": "Every weekday at 9 in Seoul, post \"Good morning\" to #general in Slack"}'
call GET /v1/threads/by-curl/events/stream
call GET /v1/threads/by-curl
