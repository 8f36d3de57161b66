"""What the bot says of its own, in one place; config.yaml may put other words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config.schema import ResponderConfig
from bot.config.types import Wording as Configured

BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "introduction": {
        "en": "Hi! I'm {bot}, an AI assistant. If you would rather talk to a person: {contact}.",
        "zh": "您好!我是 {bot},一名人工智能助手。如需人工服务:{contact}。",
        "de": "Hallo! Ich bin {bot}, ein KI-Assistent. Lieber ein Mensch? {contact}.",
    },
    "shortened": {
        "en": "Your message is very long: I have read only the beginning of it. "
        "If the rest matters, please send it in shorter messages.",
        "zh": "您的消息很长,我只读了开头部分。如果后面的内容也重要,请分成几条较短的消息发给我。",
        "de": "Ihre Nachricht ist sehr lang: Ich habe nur den Anfang gelesen. "
        "Ist der Rest wichtig, schicken Sie ihn bitte in kürzeren Nachrichten.",
    },
    "clarify": {
        "en": "I want to be sure that I get you right. Is it about one of these?",
        "zh": "想先确认一下您的意思,是下面其中一项吗?",
        "de": "Damit ich Sie richtig verstehe: Geht es um eines davon?",
    },
    "neither": {"en": "Neither of these", "zh": "都不是", "de": "Keines davon"},
    "handoff": {
        "en": "Of course. You can reach a person here: {contact}.",
        "zh": "好的。您可以通过以下方式联系人工客服:{contact}。",
        "de": "Gern. Einen Menschen erreichen Sie hier: {contact}.",
    },
    "handed_over": {
        "en": "I have just told our team that you would like to talk to a person. Until somebody "
        "answers, go on asking me, or reach them here: {contact}.",
        "zh": "我刚刚已经通知了我们的同事,说您希望与人工客服沟通。在同事回复之前,"
        "您可以继续问我,也可以直接联系:{contact}。",
        "de": "Ich habe unserem Team gerade gesagt, dass Sie mit einem Menschen sprechen möchten. "
        "Bis jemand antwortet, fragen Sie gern mich weiter, oder melden Sie sich hier: {contact}.",
    },
    "expired": {
        "en": "That button is too old for me to remember. Please ask me again in your own words.",
        "zh": "这个按钮已经失效了,请直接用文字再问我一次。",
        "de": "Dieser Knopf ist abgelaufen. Bitte fragen Sie noch einmal in eigenen Worten.",
    },
    "not_yours": {
        "en": "That button belongs to another person's question. Just write me yours.",
        "zh": "这个按钮属于别人的提问。请直接把您的问题发给我。",
        "de": "Dieser Knopf gehört zur Frage einer anderen Person. Schreiben Sie mir Ihre eigene.",
    },
    "wordless": {
        "en": "I can only read text. Could you tell me in a few words what you need?",
        "zh": "我只能读懂文字,请用几个字告诉我您需要什么。",
        "de": "Ich verstehe nur Text. Sagen Sie mir bitte in ein paar Worten, worum es geht?",
    },
    "quoted": {
        "en": "This is what our article “{title}” says:",
        "zh": "我们的文章《{title}》是这样写的:",
        "de": "In unserem Artikel „{title}“ steht:",
    },
    "hidden": {
        "en": "(what you wrote)",
        "zh": "(您所写的内容)",
        "de": "(Ihre Angabe)",
    },
    "colleague": {
        "en": "I can't promise that myself. A colleague can look into it: {contact}.",
        "zh": "这件事我无法自行承诺,可以请同事为您核实:{contact}。",
        "de": "Das kann ich nicht selbst zusagen. Ein Kollege sieht es sich gern an: {contact}.",
    },
    "interrupted": {
        "en": "Sorry, I lost the thread there.",
        "zh": "抱歉,刚才中断了。",
        "de": "Entschuldigung, da ist mir der Faden gerissen.",
    },
    "too_fast": {
        "en": "One moment, please: that is more than I can answer at once. I have kept all your "
        "messages. In a minute, just ask again what is still open.",
        "zh": "请稍等,您的消息太多,我一时答不过来。消息都已收到,请过一分钟再问尚未解答的问题。",
        "de": "Einen Moment bitte: Das ist mehr, als ich auf einmal beantworten kann. Ich habe "
        "alle Ihre Nachrichten. Fragen Sie in einer Minute einfach nach dem, was noch offen ist.",
    },
    "stale": {
        "en": "Sorry, I was away when you wrote, and that is a while ago. My colleagues can see "
        "your message. If it is still open, ask me again, or reach a person here: {contact}.",
        "zh": "抱歉,您留言时我不在线,现在才看到。同事们能看到您的消息。"
        "如果问题还没解决,请再问我一次,或联系人工客服:{contact}。",
        "de": "Entschuldigung, als Sie geschrieben haben, war ich nicht da, und das ist eine Weile "
        "her. Meine Kollegen sehen Ihre Nachricht. Ist es noch offen, fragen Sie mich noch "
        "einmal, oder erreichen Sie hier einen Menschen: {contact}.",
    },
    "given_up": {
        "en": "Sorry, something went wrong on our side, and I cannot answer this message. "
        "My colleagues have been told. You can reach a person here: {contact}.",
        "zh": "抱歉,系统出了问题,我无法回答这条消息。已通知同事,您也可以联系人工客服:{contact}。",
        "de": "Entschuldigung, bei uns ist etwas schiefgegangen, und ich kann diese Nachricht "
        "nicht beantworten. Meine Kollegen wissen Bescheid. Einen Menschen erreichen Sie hier: "
        "{contact}.",
    },
    "unknown": {
        "en": "I don't know the answer to that, and I'd rather not guess. "
        "A person can help: {contact}.",
        "zh": "这个问题我不知道答案,也不想乱猜。您可以联系人工客服:{contact}。",
        "de": "Das weiß ich nicht, und raten möchte ich nicht. Ein Mensch hilft weiter: {contact}.",
    },
    "sent_privately": {
        "en": "The answer is private: I have sent it to you in a direct message.",
        "zh": "回复涉及隐私,我已通过私信发给您。",
        "de": "Die Antwort ist privat: Ich habe sie Ihnen als Direktnachricht geschickt.",
    },
    "direct_messages_closed": {
        "en": "The answer is private and your direct messages are closed: please write to me in a "
        "direct message.",
        "zh": "回复涉及隐私,但您关闭了私信:请您先给我发一条私信。",
        "de": "Die Antwort ist privat, und Ihre Direktnachrichten sind geschlossen: Bitte "
        "schreiben Sie mir eine Direktnachricht.",
    },
    "try_again": {
        "en": "Sorry, that did not work. Please press again in a moment.",
        "zh": "抱歉,刚才没有成功,请稍后再按一次。",
        "de": "Entschuldigung, das hat nicht geklappt. Bitte drücken Sie gleich noch einmal.",
    },
    "status": {
        "en": "is thinking...",
        "zh": "正在思考……",
        "de": "denkt nach ...",
    },
    "withheld": {
        "en": "I may not say that here, because others can read it. "
        "Please ask me in a direct message, or contact our team.",
        "zh": "这里其他人也能看到,我不便回答。请私信问我,或联系我们的同事。",
        "de": "Das darf ich hier nicht sagen, weil andere mitlesen. Fragen Sie mich bitte in "
        "einer Direktnachricht, oder wenden Sie sich an unser Team.",
    },
    "staff_only": {
        "en": "That is for staff, and I do not know you as one of them.",
        "zh": "这个命令仅供工作人员使用,而您不在名单上。",
        "de": "Das ist für das Team, und ich kenne Sie nicht als Mitglied.",
    },
    "unknown_command": {
        "en": "I do not know that command. If you have a question, just write it to me as a "
        "message.",
        "zh": "我不认识这个命令。如果您有问题,请直接发消息给我。",
        "de": "Diesen Befehl kenne ich nicht. Haben Sie eine Frage, schreiben Sie sie mir einfach "
        "als Nachricht.",
    },
    "command_help": {
        "en": "- `/frontdesk pause`: answer nothing anywhere; messages are kept for staff\n"
        "- `/frontdesk pause here`: the same in this channel alone\n"
        "- `/frontdesk resume`, `/frontdesk resume here`: answer again\n"
        "- `/frontdesk status`: where it is paused",
        "zh": "- `/frontdesk pause`:所有频道都不再回答,消息留给工作人员处理\n"
        "- `/frontdesk pause here`:只在本频道这样做\n"
        "- `/frontdesk resume`、`/frontdesk resume here`:恢复回答\n"
        "- `/frontdesk status`:查看哪些地方已暂停",
        "de": "- `/frontdesk pause`: nirgends antworten; Nachrichten bleiben für das Team liegen\n"
        "- `/frontdesk pause here`: dasselbe nur in diesem Kanal\n"
        "- `/frontdesk resume`, `/frontdesk resume here`: wieder antworten\n"
        "- `/frontdesk status`: wo pausiert ist",
    },
    "paused_everywhere": {
        "en": "Paused everywhere: messages are kept for you (`frontdesk cases`), nothing is "
        "answered.",
        "zh": "已在所有频道暂停:消息会为您保留(`frontdesk cases`),不作任何回答。",
        "de": "Überall pausiert: Nachrichten bleiben für Sie liegen (`frontdesk cases`), nichts "
        "wird beantwortet.",
    },
    "paused_here": {
        "en": "Paused in this channel: messages are kept for you (`frontdesk cases`), nothing is "
        "answered.",
        "zh": "已在本频道暂停:消息会为您保留(`frontdesk cases`),不作任何回答。",
        "de": "In diesem Kanal pausiert: Nachrichten bleiben für Sie liegen (`frontdesk cases`), "
        "nichts wird beantwortet.",
    },
    "already_paused_everywhere": {
        "en": "I was paused everywhere already.",
        "zh": "之前已在所有频道暂停。",
        "de": "Ich war schon überall pausiert.",
    },
    "already_paused_here": {
        "en": "I was paused in this channel already.",
        "zh": "之前已在本频道暂停。",
        "de": "Ich war in diesem Kanal schon pausiert.",
    },
    "resumed": {
        "en": "I answer again. What came meanwhile is listed by `frontdesk cases`.",
        "zh": "已恢复回答。期间收到的消息可用 `frontdesk cases` 查看。",
        "de": "Ich antworte wieder. Was inzwischen kam, zeigt `frontdesk cases`.",
    },
    "not_paused": {
        "en": "Nothing was paused there.",
        "zh": "那里没有暂停。",
        "de": "Dort war nichts pausiert.",
    },
    "answering": {
        "en": "I answer everywhere.",
        "zh": "所有频道都在正常回答。",
        "de": "Ich antworte überall.",
    },
    "paused_places": {
        "en": "Paused: {places}.",
        "zh": "已暂停:{places}。",
        "de": "Pausiert: {places}.",
    },
    "everywhere": {"en": "everywhere", "zh": "所有频道", "de": "überall"},
}


class BotWording:
    """The `Wording` of a configured bot.

    >>> BotWording(ResponderConfig(bot="Robin"), "en").say("neither", "zh-TW")
    '都不是'
    """

    def __init__(self, config: ResponderConfig, default_language: str) -> None:
        self._default = default_language
        self._values = {"bot": config.bot, "contact": config.contact}
        self._texts = dict(BUILT_IN)
        if config.introduction is not True:
            self._texts["introduction"] = self._by_language(config.introduction or "")
        if config.unknown is not None:
            self._texts["unknown"] = self._by_language(config.unknown)
        for name in BUILT_IN:
            own: Configured | None = getattr(config.texts, name)
            if own is not None and (name != "introduction" or config.introduction is True):
                self._texts[name] = {**BUILT_IN[name], **self._by_language(own)}

    def say(self, key: str, language: str) -> str:
        """Return one of the bot's own sentences; empty when it was switched off."""
        texts = self._texts[key]
        for tag in (language, language.partition("-")[0], self._default, "en"):
            if tag in texts:
                return fill(texts[tag], self._values)
        return fill(next(iter(texts.values()), ""), self._values)

    def _by_language(self, text: Configured) -> Mapping[str, str]:
        return {self._default: text} if isinstance(text, str) else text


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values for plain `{name}` placeholders; anything else stays as it stands.

    >>> fill("{bot} knows {bot.secret}", {"bot": "Robin"})
    'Robin knows {bot.secret}'
    """
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
