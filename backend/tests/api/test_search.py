"""Search at the door: what was said is found by its words in any script, by nobody else, and not after it is gone."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from app.config.settings import Settings
from app.core.ids import new_id
from app.db.engine import WRITE_OPTION
from app.db.migrate import MIGRATIONS
from app.db.session import Database
from app.domain.conversations.models import Conversation, Message
from app.wiring import engine_of
from sqlalchemy import text, update

from tests.client import Api, Json, Person

pytestmark = pytest.mark.asyncio


async def talk(person: Person, title: str, *texts: str) -> str:
    """A conversation of questions and answers in turn."""
    made = (await person.post("/conversations", {"title": title})).json()["id"]
    for place, content in enumerate(texts):
        body = {"role": "assistant" if place % 2 else "user", "content": content}
        assert (await person.post(f"/conversations/{made}/messages", body)).status_code == 201
    return str(made)


async def found(person: Person, q: str, **params: object) -> list[Json]:
    answer = await person.get("/search", params={"q": q, **params})
    assert answer.status_code == 200, (q, answer.text)
    items: list[Json] = answer.json()["items"]
    return items


def shown(hit: Json) -> str:
    """A snippet as text, with what was found in brackets."""
    parts = hit["snippet"]
    assert isinstance(parts, list)
    return "".join(f"[{part['text']}]" if part["hit"] else part["text"] for part in parts)


async def snippets(person: Person, q: str) -> list[str]:
    return [shown(hit) for hit in await found(person, q)]


def indexed_words(settings: Settings) -> set[str]:
    """Every word that the index still knows of a living text."""
    with closing(Database(engine_of(settings))) as database:

        def read(session: object) -> set[str]:
            session.execute(text("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_words, 'row')"))  # type: ignore[attr-defined]
            return set(session.scalars(text("SELECT term FROM temp.words")))  # type: ignore[attr-defined]

        return database.read_now(read)


@pytest.mark.parametrize(
    ("content", "q", "snippet"),
    [
        ("The boat is on the lake", "boat", "The [boat] is on the lake"),
        ("The boats are on the lake", "boa", "The [boa]ts are on the lake"),
        ("Le café est fermé", "CAFE ferme", "Le [café] est [fermé]"),
        ("Ёлка и СНЕГ", "снег", "Ёлка и [СНЕГ]"),
        ("我今天去北京大学看书", "北京", "我今天去[北京]大学看书"),
        ("東京タワーに行きました", "タワー", "東京[タワー]に行きました"),
        ("한국어를 공부합니다", "한국어", "[한국어]를 공부합니다"),
        ("ผมชอบอาหารไทยมาก", "อาหารไทย", "ผมชอบ[อาหารไทย]มาก"),
        ("מה שלומך היום", "שלומך", "מה [שלומך] היום"),
        ("हिन्दी में लिखो", "हिन्दी", "[हिन्दी] में लिखो"),
        ("Write it in C++ please", "C++", "Write it in [C]++ please"),
        ("call foo_bar(x) twice", "foo_bar", "call [foo_bar](x) twice"),
        ("done 🎉 at last", "🎉", "done [🎉] at last"),
        ("a red balloon, a red sky", '"red sky"', "a red balloon, a [red sky]"),
        ("50% off_all", "%", "50[%] off_all"),
    ],
)
async def test_a_word_is_found_in_any_script(owner: Person, content: str, q: str, snippet: str) -> None:
    await talk(owner, "other", "nothing of it")
    conversation_id = await talk(owner, "x", content)
    (hit,) = await found(owner, q)
    assert (hit["conversation_id"], hit["title"], hit["role"], shown(hit)) == (conversation_id, "x", "user", snippet)
    (message,) = (await owner.get(f"/conversations/{conversation_id}/messages")).json()["items"]
    assert hit["message_id"] == message["id"]


async def test_all_words_must_be_there(owner: Person) -> None:
    await talk(owner, "x", "red boat", "red car", "blue boat")
    assert await snippets(owner, "red boat ") == ["[red] [boat]"]
    assert await snippets(owner, "red plane") == []
    assert await snippets(owner, '"boat red"') == []
    assert await snippets(owner, "oat") == []


async def test_filters_narrow(owner: Person, api: Api, settings: Settings) -> None:
    kept = await talk(owner, "Travel plans", "lake question", "lake answer")
    archived = await talk(owner, "Old lake", "lake once")
    await owner.patch(f"/conversations/{archived}", {"archived": True})
    answers = update(Message).where(Message.role == "assistant")
    with closing(Database(engine_of(settings))) as database:
        values = {"model": "qwen3-8b", "created_at": datetime(2025, 3, 4, tzinfo=UTC)}
        database.write_now(lambda session: session.execute(answers.values(values)))

    async def seen(q: str) -> list[str]:
        return sorted(shown(hit) for hit in await found(owner, q))

    assert await seen("lake") == ["Old [lake]", "[lake] answer", "[lake] once", "[lake] question"]
    assert await seen("lake role:assistant") == ["[lake] answer"]
    assert await seen("role:USER lake") == ["[lake] once", "[lake] question"]
    assert await seen("lake model:QWEN3") == ["[lake] answer"]
    assert await seen("lake in:title") == ["Old [lake]"]
    assert await seen("lake in:messages role:user in:archive") == ["[lake] once"]
    assert await seen("lake in:travel") == ["[lake] answer", "[lake] question"]
    assert await seen('lake in:"travel plans" before:2026') == ["[lake] answer"]
    assert await seen("lake after:2025-03-05 in:travel") == ["[lake] question"]
    assert await seen("lake before:2025-03-04") == []
    assert await seen("model:qwen3") == ["lake answer"]
    assert await seen("lake role:banana") == []
    assert await seen("role:user in:travel") == ["lake question"]
    assert {hit["archived"] for hit in await found(owner, "lake in:archive")} == {True}
    assert (await found(owner, "lake question"))[0]["conversation_id"] == kept


ODD = [
    *('"', '""', "'", "\\", "*", "^", "-", "--", "+", ":", "a:", ":a", "()", "(", "a)", "a b)", "{", "[", "%", "_"),
    *("AND", "OR", "NOT", "NEAR", "a AND", "NOT a", "a NEAR b", "NEAR(a b, 3)", "title:a", "text:a", "owner:a"),
    *(
        "search_words:a",
        "rowid:1",
        "a*",
        "*a",
        "a^2",
        "-a",
        "a -b",
        "+a",
        '"a',
        'a"',
        '"a" "',
        "a''b",
        "'; DROP TABLE messages",
    ),
    *(
        "1=1 --",
        "\u0000",
        "a\u0000b",
        "\ufeff",
        "\u202e",
        "\u200b",
        "👨‍👩‍👧‍👦",
        "e\u0301",
        "\ud7ff",
        "ﷺ",
        "İ",
        "ß",
        "ﬁ",
    ),
    *(" ", "\t\n", "a" * 1_000, "a " * 500, '"' * 999, "in:", "in:in:", "before:", "before:0000", "before:9999-99-99"),
    *(
        "after:-1",
        "before:2026-02-30",
        "role:",
        "role:role:user",
        "model:%",
        "in:%",
        "in:_",
        'in:"',
        "http://a.b/c?d=e#f",
    ),
]


@pytest.mark.parametrize("q", ODD)
async def test_an_odd_query_is_text_and_no_error(owner: Person, q: str) -> None:
    await talk(owner, "odd one", f"begin {q} end".replace("\0", " "), "something else")
    hits = await found(owner, q)
    assert all(hit["conversation_id"] for hit in hits)


async def test_a_query_has_an_end(owner: Person) -> None:
    assert (await owner.get("/search", params={"q": "a" * 1_001})).status_code == 422
    assert (await owner.get("/search")).status_code == 422
    assert (await owner.get("/search", params={"q": "a", "limit": 51})).status_code == 422
    assert await found(owner, "") == []


async def test_nobody_finds_what_is_anothers(api: Api, owner: Person, member: Person) -> None:
    await talk(owner, "canary title", "canary words")
    hidden = str(owner.user["id"])
    for q in ("canary", "words", hidden, hidden.replace("-", ""), f"owner:{hidden}", "in:canary", "role:user", "%"):
        assert await found(member, q) == [], q
    await talk(member, "mine", "canary of my own")
    assert await snippets(member, "canary") == ["[canary] of my own"]


async def test_the_index_follows_every_change(owner: Person, settings: Settings) -> None:
    conversation_id = await talk(owner, "first name", "apple", "banana")
    question, answer = (await owner.get(f"/conversations/{conversation_id}/messages")).json()["items"]
    await owner.patch(f"/messages/{question['id']}", {"content": "cherry"})
    await owner.patch(f"/messages/{question['id']}", {"content": "damson"})
    await owner.patch(f"/conversations/{conversation_id}", {"title": "second name"})
    assert await found(owner, "apple") == await found(owner, "cherry") == await found(owner, "first") == []
    assert await snippets(owner, "damson") == ["[damson]"]
    assert await snippets(owner, "second") == ["[second] name"]
    await owner.delete(f"/messages/{answer['id']}")
    assert await found(owner, "banana") == []
    assert {"damson", "second"} <= indexed_words(settings)
    await owner.delete(f"/conversations/{conversation_id}")
    assert await found(owner, "damson") == []
    assert indexed_words(settings).isdisjoint({"apple", "banana", "cherry", "damson", "first", "second"})


async def test_no_word_of_a_person_who_is_gone_is_left_in_the_index(
    owner: Person, member: Person, settings: Settings
) -> None:
    await talk(owner, "kept", "evergreen")
    for number in range(30):
        await talk(member, f"deciduous {number}", "deciduous words")
    assert (await owner.delete(f"/admin/users/{member.user['id']}")).status_code == 204
    assert await snippets(owner, "evergreen") == ["[evergreen]"]
    with closing(Database(engine_of(settings))) as database:
        blocks = database.read_now(lambda session: session.scalars(text("SELECT block FROM search_words_data")).all())
    assert any(b"evergreen" in block for block in blocks)
    assert not any(b"deciduous" in block for block in blocks)


async def test_an_answer_is_found_once_it_has_ended(owner: Person, settings: Settings) -> None:
    conversation_id = await talk(owner, "x", "question", "half an answer")
    message_id = (await owner.get(f"/conversations/{conversation_id}/messages")).json()["items"][1]["id"]
    with closing(Database(engine_of(settings))) as database:

        def becomes(state: str, content: str) -> None:
            values = {"state": state, "content": content, "id": message_id}
            statement = text("UPDATE messages SET state = :state, content = :content WHERE id = :id")
            database.write_now(lambda session: session.execute(statement, values))

        becomes("streaming", "half an answer")
        assert await found(owner, "half") == []
        becomes("streaming", "half an answer grows")
        becomes("stopped", "half an answer grows longer")
        assert await snippets(owner, "longer") == ["half an answer grows [longer]"]
        becomes("complete", "half an answer grows longer")
        assert len(await found(owner, "half")) == 1


async def test_nearer_and_newer_come_first_and_one_conversation_does_not_fill_the_page(
    owner: Person, settings: Settings
) -> None:
    now = datetime.now(UTC)
    with closing(Database(engine_of(settings))) as database:
        for title, count, age in (("much of it", 9, 1), ("older", 1, 300), ("newer", 1, 2), ("About tulips", 1, 5)):
            at = now - timedelta(days=age)
            owner_id = str(owner.user["id"])
            home = Conversation(id=new_id(), user_id=owner_id, title=title, created_at=at, updated_at=at)
            home.last_message_at = at
            texts = [Message(id=new_id(), content="tulips here", created_at=at) for _ in range(count)]
            for each in texts:
                each.conversation_id, each.user_id, each.role, each.state = home.id, owner_id, "user", "complete"
                each.updated_at = at

            def store(session: object, rows: list[object] = [home, *texts]) -> None:  # noqa: B006 - bound per turn
                session.add_all(rows)  # type: ignore[attr-defined]

            database.write_now(store)
    hits = await found(owner, "tulips")
    titles = [hit["title"] for hit in hits]
    assert (titles[0], shown(hits[0]), hits[0]["message_id"]) == ("About tulips", "About [tulips]", None)
    assert titles.count("much of it") == 3
    assert titles.index("newer") < titles.index("older")
    assert len(await found(owner, "tulips", limit=2)) == 2


async def test_a_long_text_shows_what_was_found_in_it(owner: Person) -> None:
    await talk(owner, "x", "word " * 3_000 + "a needle\n\n  in here " + "word " * 3_000)
    (snippet,) = await snippets(owner, "needle")
    assert "[needle] in here word" in snippet
    assert (snippet[0], snippet[-1]) == ("…", "…")
    assert len(snippet) < 200


async def test_an_installation_of_before_is_indexed_when_it_is_upgraded(
    owner: Person, settings: Settings, tmp_path: Path
) -> None:
    await talk(owner, "lake house", "an apple", "a pear")
    engine = engine_of(settings)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    for step in (command.downgrade, command.upgrade):
        with engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
            config.attributes["connection"] = connection
            step(config, "0004" if step is command.downgrade else "head")
    engine.dispose()
    assert await snippets(owner, "lake") == ["[lake] house"]
    assert await snippets(owner, "pear") == ["a [pear]"]
