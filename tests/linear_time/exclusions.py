"""Parameters that never hold what customers or a model wrote, with the reason.

A new function is in none of these lists by itself: a parameter called `text` is always fed.
"""

from __future__ import annotations

from collections.abc import Mapping

MODULES: Mapping[str, str] = {
    "bot.cli": "reads what an operator types in a shell, in a process of its own",
    "bot.answering.knowledge.conversion": "reads admins' articles, in a bounded process",
    "bot.answering.knowledge.articles": "reads admins' articles, at start",
    "bot.answering.knowledge.frontmatter": "reads admins' articles, at start",
    "bot.answering.knowledge.indexed_passage": "reads admins' articles, at start",
    "bot.answering.knowledge.screening": "reads admins' articles, when they are indexed",
    "bot.answering.knowledge.strip_hidden": "reads admins' articles, at start",
    "bot.answering.knowledge.injection.patterns": "reads our own patterns",
    "bot.privacy.recognisers": "detector.find runs every row of KINDS, and is fed",
    "bot.publishing": "trains and publishes what admins wrote, in a process of its own",
    "bot.understanding.encoders.accurate": "reads checksums of models",
    "bot.understanding.encoders.sentence_settings": "reads the settings of models",
    "bot.understanding.encoders.source": "reads names and checksums of models",
    "bot.understanding.exchange": "reads an admin's files, in a command of its own",
    "bot.understanding.encoders.export.export": "builds graphs of models",
    "bot.understanding.encoders.export.onnx_graph": "builds graphs of models",
    "bot.understanding.intents": "reads admins' intents",
    "bot.understanding.encoders.export.quantisation": "builds graphs of models",
    "bot.understanding.evaluation.report": "draws a report for admins",
    "bot.understanding.encoders.export.use_multilingual": "builds graphs of models",
    "bot.config.hours": "reads an admin's configuration, at start",
    "bot.config.staff": "reads an admin's configuration, at start",
    "bot.staff.hours": "reads dates, and an admin's configuration",
    "bot.config.gpt": "reads an admin's configuration, at start",
    "bot.config.legacy": "reads an admin's configuration, at start",
    "bot.yamlfile": "reads admins' files",
    "adapters.slack.config": "reads the configuration",
    "adapters.discord.config": "reads the configuration",
    "adapters.slack.manifest": "writes the app's manifest",
    "adapters.slack.drift": "compares the app's manifest, for `doctor`",
    "adapters.slack.diagnostics": "checks tokens and channels, for `doctor`",
    "adapters.discord.diagnostics": "checks tokens and channels, for `doctor`",
    "adapters.common.addresses": "reads the configuration",
}

PARAMETERS: Mapping[str, str] = {
    name: reason
    for reason, names in {
        "a tag of a language": "language default_language locale prior default expected tag iso",
        "an id or a key of our own or of a platform": (
            "key kind button queue user bot_user app channel thread conversation message_id"
            " place actor event_id platform_id token nonce ts cursor oldest prefix stamp custom_id"
            " receiving_team intent version citation nearest salt platform seed"
            " answer carried trigger asker by event_method lane author press about lead original"
            " without"
        ),
        "our own words": (
            "wrong remedy reason doing purpose what why instead problem description"
            " complaint needed granted verb marker mark opening schemes"
        ),
        "a name that admins, packages or platforms give": (
            "name model variable database_url url address file folder level query permission"
            " revision encoder part out_of_scope_label package trained_by frontdesk"
            " intents_hash multilingual pooling api_key section purpose base"
        ),
        "a unit of measure": "unit",
    }.items()
    for name in names.split()
}

_MATCH = "needs a match or span in the text; is fed through the function that finds it"
_MODEL = "needs a trained model; what it reads goes through `normalise`, which is fed and cuts"

FUNCTIONS: Mapping[str, str] = {
    "bot.answering.grounding.evidence:_denied(before)": "is fed through Evidence.of",
    "bot.answering.grounding.guard:Guard._refuse(reason)": "our own words",
    "bot.answering.grounding.quantities:_quantity(text)": _MATCH,
    "bot.answering.grounding.quantities:_bounding(text)": _MATCH,
    "bot.answering.grounding.quantities:_inherit(text)": _MATCH,
    "bot.answering.grounding.quantities:_factor(text)": _MATCH,
    "bot.answering.grounding.evidence:_joined(text)": "is fed through _unit",
    "bot.answering.grounding.relations:_narrowings(head)": "is fed through Guard.check",
    "bot.answering.grounding.entailment:_is_left_out(statement)": "is fed through Guard.check",
    "bot.staff.handoffs:StaffHandoffs._posted(asked)": "is fed through announcement",
    **dict.fromkeys(
        (
            "bot.staff.handoffs:StaffHandoffs._posted(headline)",
            "bot.staff.handoffs:announcement(headline)",
            "bot.staff.handoffs:_headline(danger)",
            "bot.staff.handoffs:_headline(owner)",
        ),
        "our own words, or a key",
    ),
    "bot.storage.amendments:_reword_letter(text)": "is stored as it is",
    "bot.stages.safety:ReadDanger._danger(text)": "is fed through danger_phrase",
    "bot.answering.knowledge.injection:suspicion(text)": "is fed through its three checks",
    "bot.text.catalogues:languages(domain)": "a catalogue of ours",
    "bot.text.catalogues:catalogue(tag)": "a tag of a language",
    "bot.text.catalogues:catalogue(domain)": "a catalogue of ours",
    "bot.responder:Turn.because(reasons)": "is passed on as it is",
    "bot.introduction:Introduction.around(notice)": "our own words",
    "bot.logs:_without_controls(__)": "the level's name",
    "bot.logs:_without_personal_data(__)": "the level's name",
    "bot.storage.history:StoredHistory.first_start(source)": "the name of a platform",
    "bot.storage.history:_first_start(source)": "the name of a platform",
    "bot.text.invisible:is_invisible(character)": "reads one character",
    "bot.privacy.spans:matches(text)": "is fed through detector.find",
    "bot.privacy.pseudonyms:masked(text)": "is fed through Pseudonyms.hide",
    "bot.storage.audit:record_audit(action)": "our own words",
    "bot.storage.audit:record_audit(subject)": "a channel or an intent",
    "bot.storage.cases:open_case(note)": "a member of staff's note, stored as it is",
    "bot.storage.cases:open_undelivered(note)": "why a post failed, stored as it is",
    "bot.storage.engine:_begin(statement)": "our own SQL",
    "bot.stages.staff_commands:_command(verb)": "a word, which _read cuts out",
    "bot.stages.staff_commands:_command(place)": "a word, which _read cuts out",
    "bot.stages.staff_commands:_command(more)": "a word, which _read cuts out",
    "bot.stages.when_to_speak:_asks(where)": "one of three words of ours",
    "adapters.slack.adapter:SlackAdapter.name_of(person)": "the key of a person",
    "adapters.slack.files:Files._address(source)": "an address or an id that Slack gave",
    "adapters.slack.uploads:Uploads.remove(shared)": "a timestamp and ids of files",
    "adapters.slack.lookback:earlier_lines(bot_user)": "an id",
    "adapters.slack.lookback:_is_of_a_person(bot_user)": "an id",
    "adapters.slack.lookback:_line(team)": "an id",
    "adapters.slack.lookback:_line(bot_user)": "an id",
    "bot.storage.driver_errors:_explain(said)": "what a database driver said",
    "bot.storage.migrate:upgrade(to)": "a revision of ours",
    "adapters.discord.posted:_says(text)": "compares two texts",
    "adapters.discord.translate:to_commanded(words)": "is passed on as it is",
    "adapters.discord.translate:to_asked(question)": "is passed on as it is",
    "adapters.slack.socket_mode:websocket_address(app_token)": "a token",
    "bot.stages.offer_reply:_go_on(rest)": "is passed on as it is",
    "adapters.common.markdown:_cut(text)": "is fed through split_markdown",
}

METHODS: Mapping[str, str] = {
    "CheckedAnswer._judged": "is fed through CheckedAnswer.add",
    "CheckedAnswer._take": "white space behind a sentence",
    "Guard._judge": "is fed through Guard.check",
    "Judge.hear": "is passed on as it is",
    "LocalJudge.hear": "is not read",
    "LocallyJudgedAnswer.objection": "is cut by the tokeniser of the model",
    "Nearness.scores": _MODEL,
    "Nearness.features": _MODEL,
    "Nearness._similar": _MODEL,
    "Nearness._is_for_many": _MODEL,
    "JudgedAnswer.objection": "builds a prompt, which is fed by itself",
    "KnowledgeIndex._by_words": "asks WordIndex.scores, which is fed by itself",
    "KnowledgeRetriever.search": _MODEL,
    "ArticleSearch._search": "is passed on as it is",
    "StaffAlerts.alert": "our own words",
    "StaffAlerts._announced": "our own words",
    "QueuedAlerts.alert": "our own words",
    "SubjectRequests.find": "an id",
    "Replies.is_taught": "is fed through folded_words",
    "ButtonWords.read": "short texts alone; is fed through is_short and share_on_label",
    "ButtonWords.label": "is fed through folded_words and same_word",
    "OfferReply._none": "is passed on as it is",
    "OfferReply._is_declined": _MODEL,
    "StoredLastAnswers.last_answer": "the key of a person",
    "Pseudonyms._placeholder": "a value that was found; is fed through Pseudonyms.hide",
    "UnansweredQuestions.add": "stored as it is",
    "UnansweredQuestions.mark_told": "the name of a platform",
    "UnansweredQuestions.untold": "the name of a platform",
    "Cases.open": "a member of staff's note, stored as it is",
    "ConversationState.moved": "the key of a member of staff, and the name of a team",
    "ConversationState.with_form": "the key of a person",
    "ReplyCollector.reply": "an intent of an admin's conversation test",
    "Speaker._button": "a label in an admin's conversation test",
    "Prose.process_bind_param": "one pass of str.translate",
    "Batched.classify": _MODEL,
    "LeaveOutNegated._wanted": _MODEL,
    "IntentClassifier.classify": _MODEL,
    "IntentClassifier.similarities": _MODEL,
    "Corpus.with_learned": "a hash",
    "IntentClassifier.familiar": _MODEL,
    "IntentClassifier.nearest": _MODEL,
    "IntentClassifier.language": _MODEL,
    "Encoder.whole": _MODEL,
    "Encoder._known": _MODEL,
    "EnglishWords.share": _MODEL,
    "Recogniser.nearness": _MODEL,
    "_Names.expected": "a label of an admin's file",
    "_Bert._sliced_bias": "a name within a graph",
    "_Bert._embeddings": "a name within a graph",
    "_Bert._layer": "a name within a graph",
    "_Bert._attention": "a name within a graph",
    "_Bert._joined": "a name within a graph",
    "_Bert._normed": "a name within a graph",
    "_Bert._pool": "a name within a graph",
    "ModelRegistry._prune": "a version of ours",
    "DiscordAdapter.notify": "our own words",
    "SlackAdapter.notify": "our own words",
    "Poster.notify": "our own words",
    "NativeStreams.start": "is passed on as it is",
    "Status._show": "our own words",
    "UsedButtons._mark_unseen": "an address of Slack's",
    "Router._post": "our own words",
    "Router._post_privately": "our own words",
    "Status._set": "our own words",
    "TerminalAdapter._event": "is passed on as it is",
    "TerminalAdapter._button": "is passed on as it is",
    "LivePage.say": "draws for the person who typed it, in `frontdesk chat`",
    "PlainScreen._print": "prints for the person who typed it, in `frontdesk chat`",
    "Lines._hand_over": "is passed on as it is",
}
