//! Every stable code, on one page.

/// What sort of refusal a code is; each face maps the sort to its own language once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read at all.
    Malformed,
    /// The request can be read but a value is not allowed.
    Invalid,
    /// The caller has not said who they are.
    Unauthenticated,
    /// The caller's role does not allow this.
    Forbidden,
    /// There is no such thing, or not for this caller.
    NotFound,
    /// The state of things does not allow this now.
    Conflict,
    /// The request is larger than the service reads.
    TooLarge,
    /// Too often; later is fine.
    TooMany,
    /// The service cannot answer just now; the same request may be sent again.
    Unavailable,
}

macro_rules! codes {
    ($($variant:ident $code:literal $kind:ident $title:literal $meaning:literal;)+) => {
        /// Every stable code, with its sort, its French title and what it means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $meaning] $variant,)+ }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, part of the contract.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What sort of refusal it is.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)+ }
            }

            /// A short French title, the same for every occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// What it means, in English, for the documentation.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

codes! {
    MalformedJson "malformed_json" Malformed "Requête illisible" "The body is not JSON.";
    MalformedRequest "malformed_request" Malformed "Requête illisible" "The address or a header cannot be read.";
    IdempotencyKeyMissing "idempotency_key_missing" Malformed "Clé d'idempotence absente" "This write needs an Idempotency-Key header.";
    IdempotencyKeyInvalid "idempotency_key_invalid" Malformed "Clé d'idempotence illisible" "The Idempotency-Key is not a UUID.";
    UnsupportedMediaType "unsupported_media_type" Malformed "Format non accepté" "The body is not of a type this route reads.";
    MethodNotAllowed "method_not_allowed" Malformed "Action impossible" "The address exists, but not with this method.";
    InvalidBody "invalid_body" Invalid "Valeurs à corriger" "One or more values are not allowed; `errors` names each.";
    InvalidQuery "invalid_query" Invalid "Adresse à corriger" "A parameter of the address is not allowed.";
    UnknownField "unknown_field" Invalid "Champ inconnu" "The body has a field this route does not know.";
    IdempotencyKeyReused "idempotency_key_reused" Invalid "Clé d'idempotence déjà utilisée" "The same Idempotency-Key came with another body.";
    MalformedCode "malformed_code" Invalid "Code mal recopié" "The check symbols of the code are wrong: a typing slip.";
    SizeNotAllowed "size_not_allowed" Invalid "Nombre d'ateliers non autorisé" "The programme does not allow a pass of this size.";
    SharesExceedTotal "shares_exceed_total" Invalid "Parts supérieures à 100 %" "The shares of the tier would add up to more than 10,000 basis points.";
    ShareTooSmall "share_too_small" Invalid "Part trop petite" "The share is worth less than one cent of a workshop.";
    FunderTwiceInTier "funder_twice_in_tier" Conflict "Financeur déjà présent" "The funder already has an agreement in this tier for these dates.";
    NotAFunder "not_a_funder" Invalid "Organisme non financeur" "The organisation is not a funder.";
    NotAPrescriber "not_a_prescriber" Invalid "Organisme non prescripteur" "The organisation does not hand out passes.";
    NotAVenueOperator "not_a_venue_operator" Invalid "Organisme sans lieu" "The organisation does not run venues.";
    UnreadablePhoto "unreadable_photo" Invalid "QR code illisible" "No QR code could be read in the photo.";
    UnusableExport "unusable_export" Invalid "Export inutilisable" "The export or backup is incomplete, was changed, comes from another version, or its keys are missing; nothing was brought in.";
    NotEmpty "not_empty" Conflict "Déjà utilisé" "An export or backup is brought into an empty database alone.";
    UnreadableSheet "unreadable_sheet" Invalid "Fichier illisible" "The file is not a CSV of the national schema.";
    SheetRejected "sheet_rejected" Invalid "Fichier refusé" "Rows of the file are wrong and nothing was imported; `errors` names each.";
    Unauthenticated "unauthenticated" Unauthenticated "Connexion nécessaire" "No sign-in, or one that has ended.";
    InvalidCredentials "invalid_credentials" Unauthenticated "Identifiants refusés" "The e-mail, the password or the second factor is wrong.";
    InvalidToken "invalid_token" Unauthenticated "Jeton refusé" "The refresh token is unknown, ended or already used.";
    Forbidden "forbidden" Forbidden "Action réservée" "The caller's role does not allow this.";
    FormExpired "form_expired" Forbidden "Page expirée" "The page's protection token is missing or wrong.";
    NotFound "not_found" NotFound "Introuvable" "There is no such thing, or not for this caller.";
    UnknownCode "unknown_code" NotFound "Code inconnu" "No pass has this code, or none that this venue may take.";
    InvitationUnknown "invitation_unknown" NotFound "Invitation non valable" "The invitation was used, has ended or never existed.";
    EmailTaken "email_taken" Conflict "Adresse déjà utilisée" "Another account has this e-mail.";
    SiretTaken "siret_taken" Conflict "SIRET déjà enregistré" "Another organisation has this SIRET or RNA number.";
    LabelOverlaps "label_overlaps" Conflict "Labellisation déjà enregistrée" "The venue already has a label on some of these days.";
    InUse "in_use" Conflict "Modification impossible" "The value can no longer change because passes were handed over with it.";
    ProgrammeClosed "programme_closed" Conflict "Dispositif fermé" "Today is outside the days of the programme.";
    PrescriberNotAccepted "prescriber_not_accepted" Conflict "Prescripteur non autorisé" "The programme does not accept this prescriber.";
    OutsideTerritory "outside_territory" Conflict "Hors du territoire" "The commune of residence is outside the programme's territory.";
    AlreadyHoldsPass "already_holds_pass" Conflict "Pass déjà remis" "The person already holds as many passes of this programme as it allows.";
    NoFunding "no_funding" Conflict "Aucun financement" "No agreement covers this pass.";
    SharesIncomplete "shares_incomplete" Conflict "Plan de financement incomplet" "The shares of the tier do not add up to 10,000 basis points.";
    EnvelopeExhausted "envelope_exhausted" Conflict "Enveloppe épuisée" "An agreement has less available than its share of the pass.";
    RefundTooLarge "refund_too_large" Conflict "Montant trop élevé" "The refund is larger than what is available or in cash.";
    NotHandedOver "not_handed_over" Conflict "Pass non remis" "The pass was printed but not handed over.";
    AlreadyHandedOver "already_handed_over" Conflict "Pass déjà remis" "The printed pass was already handed over.";
    HeldByAnother "held_by_another" Conflict "Stock d'un autre organisme" "The printed pass is in the stock of another prescriber.";
    StockRecalled "stock_recalled" Conflict "Stock rappelé" "The box of the printed pass was called back.";
    StepNotAllowed "step_not_allowed" Conflict "Étape impossible" "The box cannot take that step from where it is.";
    NothingLeft "nothing_left" Conflict "Rien à imprimer" "Nothing is left of this stock: everything was handed over or is void.";
    CodesAlreadyTaken "codes_already_taken" Conflict "Codes déjà remis" "The codes of a print run are handed out once.";
    Exhausted "exhausted" Conflict "Pass terminé" "All workshops of the pass are used.";
    Expired "expired" Conflict "Pass expiré" "The last day and the tolerance have passed.";
    NotYetValid "not_yet_valid" Conflict "Pass pas encore valable" "The workshop's day is before the pass was handed over.";
    Suspended "suspended" Conflict "Pass suspendu" "The pass is suspended.";
    NotSuspended "not_suspended" Conflict "Pas de suspension" "Only a suspended pass or venue can be resumed.";
    Void "void" Conflict "Pass annulé" "The pass was cancelled for good.";
    Replaced "replaced" Conflict "Pass remplacé" "Another pass replaced this one.";
    DailyLimit "daily_limit" Conflict "Déjà validé aujourd'hui" "The pass was already validated as often as the programme allows in a day.";
    VenueNotLabelled "venue_not_labelled" Conflict "Lieu non labellisé ce jour-là" "The venue's label was not valid on the day of the workshop.";
    UndoWindowClosed "undo_window_closed" Conflict "Annulation trop tardive" "The days in which a redemption may be undone have passed.";
    AlreadyReversed "already_reversed" Conflict "Déjà annulée" "The redemption was already undone.";
    ScanTooOld "scan_too_old" Conflict "Validation trop ancienne" "The scan waited for a network longer than 31 days.";
    ScanHeld "scan_held" Conflict "En attente de l'opérateur" "The scan without a network waits for the operator, who accepts or refuses it; nothing is paid until then.";
    AlreadyResolved "already_resolved" Conflict "Déjà traitée" "Somebody already settled this refused scan.";
    AlreadyCancelled "already_cancelled" Conflict "Séance déjà annulée" "The planned workshop was already called off.";
    MonthEmpty "month_empty" Conflict "Rien à clore" "The month lies before the journal's first posting: there is nothing to close.";
    MonthNotOver "month_not_over" Conflict "Mois en cours" "The month is not over everywhere yet: it cannot be closed.";
    MonthClosed "month_closed" Conflict "Mois clos" "The month, or a later one, is closed.";
    MonthNotClosed "month_not_closed" Conflict "Mois non clos" "Open data is about closed months, and one of these is open.";
    AlreadyPublished "already_published" Conflict "Mois déjà publié" "One of the months is in a vintage of open data that was published before.";
    AlreadyApproved "already_approved" Conflict "Déjà validé" "The statement was already approved.";
    EarlierNotApproved "earlier_not_approved" Conflict "Relevé précédent à valider" "An earlier statement that this one takes over is not approved.";
    HandoversStopped "handovers_stopped" Conflict "Remises arrêtées" "The programme ends soon and no pass of it is handed over any more.";
    TooEarly "too_early" Conflict "Trop tôt" "The calendar of the programme's end does not allow this step yet; `possible_from` says when.";
    AlreadyDone "already_done" Conflict "Déjà fait" "This step of the programme's end was done before.";
    NotEstablished "not_established" Conflict "État non établi" "The closing statement of the programme is not established yet.";
    NothingToCredit "nothing_to_credit" Conflict "Rien à reverser" "No funder that agreed has money left to get back.";
    AlreadyDecided "already_decided" Conflict "Déjà traité" "Somebody already confirmed or refused these bank details.";
    SecondPersonNeeded "second_person_needed" Conflict "Autre personne nécessaire" "Bank details are confirmed by another person than the one who proposed them.";
    NothingToPay "nothing_to_pay" Conflict "Rien à payer" "No approved statement of an organisation with confirmed bank details waits; `left_out` says why.";
    NothingToRepay "nothing_to_repay" Conflict "Rien à rembourser" "The statement is not an approved one below zero that no later one took over.";
    DebtorMissing "debtor_missing" Conflict "Compte à débiter absent" "The operator's organisation has no confirmed bank details.";
    AlreadyRejected "already_rejected" Conflict "Rejet déjà noté" "The payment was already put back.";
    AlreadyExecuted "already_executed" Conflict "Déjà exécutée" "The payment run was already noted as executed.";
    OtherRun "other_run" Conflict "Autre campagne" "The bank's answer is about another payment run.";
    UnreadableFile "unreadable_file" Invalid "Fichier illisible" "The file is not a pain.002 message.";
    BodyTooLarge "body_too_large" TooLarge "Envoi trop volumineux" "The body is larger than this route reads.";
    BodyTooSlow "body_too_slow" TooLarge "Envoi trop lent" "The body did not come in time.";
    TooManyRequests "too_many_requests" TooMany "Trop de demandes" "Too many requests of one account or from one address.";
    TooManyWrongCodes "too_many_wrong_codes" TooMany "Trop de codes inconnus" "Ten wrong codes from one account in ten minutes.";
    TooManyLookUps "too_many_look_ups" TooMany "Trop de recherches" "One account asked about too many people in an hour or a day.";
    TooManySignIns "too_many_sign_ins" TooMany "Trop d'essais" "Too many wrong passwords for this account.";
    TooManyReports "too_many_reports" TooMany "Rapport en cours" "A large report of this account is still being made.";
    TookTooLong "took_too_long" Unavailable "Demande trop longue" "The report takes longer than a minute; ask for less.";
    ClockNotBelieved "clock_not_believed" Unavailable "Horloge à vérifier" "The server's clock is more than a day ahead: nothing is done that cannot be taken back until somebody looked at it.";
    Busy "busy" Unavailable "Service très demandé" "The service is too busy; the same request may be sent again.";
    InternalError "internal_error" Unavailable "Erreur interne" "Something unexpected went wrong; `request_id` finds it in the log.";
}
