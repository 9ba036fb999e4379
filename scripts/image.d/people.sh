# shellcheck shell=bash
# Part of scripts/image: people who use the service, through its API.

password='une longue phrase facile'
token=
pass=

at() {
    printf 'http://127.0.0.1:%s/api/v1%s' "$PASSNUM_PORT" "$1"
}

# Calls the API, METHOD PATH [BODY], as whoever signed in last.
call() {
    local answer
    answer=$(curl --silent --show-error --fail-with-body --request "$1" ${3+--json "$3"} \
        ${token:+--header "Authorization: Bearer $token"} \
        --header "Idempotency-Key: $(</proc/sys/kernel/random/uuid)" \
        "$(at "$2")") || die "$1 $2 answered $answer"
    say "$answer"
}

json() {
    jq --null-input '$ARGS.named' "$@"
}

# Makes what PATH BODY says and prints its id.
make() {
    call POST "$1" "$2" | jq --raw-output .id
}

sign_in() {
    token=
    token=$(call POST /auth/tokens "$(json --arg email "$1" --arg password "$password")" \
        | jq --raw-output .access_token)
}

# Invites EMAIL as ROLE of ORGANISATION; the person takes the invitation up.
invite() {
    local link
    link=$(call POST /users "$(json --arg email "$1" --arg name "$1" --arg role "$2" \
        --arg organisation_id "$3")" | jq --raw-output .invitation_link)
    [[ $link == "$PASSNUM_PUBLIC_URL"/* ]] || die "an invitation leads to $link"
    call POST /auth/invitations \
        "$(json --arg invitation "${link##*/}" --arg password "$password")" >/dev/null
}

# Everything there must be before a pass can be handed over; sets `programme` and `venue`.
set_up() {
    local funder prescriber runner from until
    from=$(date -d '-1 month' +%F) until=$(date -d '+1 year' +%F)
    service user add --email operateur@exemple.fr --name 'Odile Perrin' --role operator \
        --password-stdin <<<"$password"
    sign_in operateur@exemple.fr
    funder=$(make /organisations "$(json --arg name Financeur --argjson funder true)")
    prescriber=$(make /organisations "$(json --arg name CCAS --argjson prescriber true)")
    runner=$(make /organisations "$(json --arg name Médiathèque --argjson venue_operator true)")
    programme=$(make /programmes "$(json --arg name Essai --argjson price_cents 1000 \
        --argjson sizes '[5]' --arg first_day "$from" --arg last_day "$until")")
    make "/programmes/$programme/agreements" "$(json --arg funder_id "$funder" --argjson tier 1 \
        --argjson share_bp 10000 --argjson envelope_cents 100000)" >/dev/null
    venue=$(make /venues "$(json --arg organisation_id "$runner" --arg name Médiathèque \
        --arg address '1 place de la Mairie' --arg postal_code 16000 --arg commune 16015)")
    call POST "/venues/$venue/labels" \
        "$(json --arg valid_from "$from" --arg valid_until "$until")" >/dev/null
    call POST "/programmes/$programme/prescribers" \
        "$(json --arg organisation_id "$prescriber")" >/dev/null
    call POST "/programmes/$programme/venues" "$(json --arg venue_id "$venue")" >/dev/null
    invite social@exemple.fr social_worker "$prescriber"
    invite lieu@exemple.fr venue_staff "$runner"
}

# A social worker hands over a pass of five workshops, a venue redeems one; sets `pass`.
redeem() {
    local programme venue handed
    set_up
    sign_in social@exemple.fr
    handed=$(call POST /passes "$(json --arg programme_id "$programme" --argjson units 5)")
    pass=$(jq --raw-output .id <<<"$handed")
    [[ $(jq --raw-output .qr <<<"$handed") == "${PASSNUM_PUBLIC_URL^^}"/P/* ]] \
        || die "the QR does not lead to $PASSNUM_PUBLIC_URL: $handed"
    letter
    sign_in lieu@exemple.fr
    call POST /redemptions "$(json --arg code "$(jq --raw-output .code <<<"$handed")" \
        --arg venue_id "$venue" --arg theme creer_une_boite_mail)" >/dev/null
    must_have_four_left
}

# The paper is typeset where nothing can be written but /tmp.
letter() {
    local kind
    kind=$(curl --silent --show-error --fail --header "Authorization: Bearer $token" \
        --output /dev/null --write-out '%{content_type}' \
        "$(at "/passes/$pass/document.pdf?layout=letter")")
    [[ $kind == application/pdf ]] || die "the letter is $kind"
}

must_have_four_left() {
    local found
    sign_in social@exemple.fr
    found=$(call GET "/passes/$pass" | jq --compact-output '{serial, status, used, remaining}')
    say "$found"
    [[ $(jq .remaining <<<"$found") == 4 ]] || die "the pass should have four workshops left"
    service ledger verify
}
