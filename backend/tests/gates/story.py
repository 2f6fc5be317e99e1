"""What people do with a server, rightly and wrongly, each step under a witness's eyes."""

from dataclasses import dataclass

import httpx2

from tests.client import parse_events
from tests.gates.witness import BODIES, Witness, bad_body

ANSWER = "An echo, nothing more"
"""Words of the model double's ordinary answer."""
THOUGHT = "The person wants an echo"
PEOPLES_WORDS = ("prompt", "system", "answer", "thought")
FATAL = {"close_account", "logout", "end_other_sessions"}
"""Operations that would end what the sweep stands on; they are called by name."""


@dataclass
class Signed:
    """A sign-in as a test holds it."""

    user_id: str
    headers: dict[str, str]
    refresh: str


class Story:
    """What people do with a server, rightly and wrongly, each step under the witness's eyes."""

    def __init__(self, witness: Witness) -> None:
        self.witness = witness
        self.canaries = witness.canaries
        self.send = witness.send

    def value(self, name: str) -> str:
        return self.canaries.values[name]

    def keep(self, answer: httpx2.Response) -> Signed:
        """Note the credentials of a sign-in."""
        assert answer.status_code in {200, 201}, answer.text
        told = answer.json()
        if "csrf_token" in told:
            cookies = {
                name: self.canaries.note("cookie", answer.cookies[name].rpartition(".")[2]) for name in answer.cookies
            }
            self.witness.http.cookies.clear()
            raw = "; ".join(f"{name}={answer.cookies[name]}" for name in cookies)
            token = self.canaries.note("CSRF token", told["csrf_token"])
            return Signed(told["user"]["id"], {"Cookie": raw, "X-CSRF-Token": token}, "")
        access = self.canaries.note("access token", told["access_token"])
        refresh = self.canaries.note("refresh token", told["refresh_token"])
        self.canaries.note("device token", told["device_token"].rpartition(".")[2])
        return Signed(told["user"]["id"], {"Authorization": f"Bearer {access}"}, refresh)

    async def found_the_place(self) -> Signed:
        body = {"username": "owner", "password": self.value("first password")}
        for token in (self.value("wrong"), self.value("wrong") * 2):
            refused = await self.send("POST", "/admin/bootstrap", body, {"X-Bootstrap-Token": token})
            assert refused.status_code == 401
        right = {"X-Bootstrap-Token": self.value("bootstrap token")}
        owner = self.keep(await self.send("POST", "/admin/bootstrap", body, right))
        assert (await self.send("POST", "/admin/bootstrap", body, right)).status_code == 403
        return owner

    async def join(self, owner: Signed) -> Signed:
        made = await self.send("POST", "/admin/invites", {"note": "for Maria"}, owner.headers)
        code = self.canaries.note("invite code", made.json()["code"])
        assert (await self.send("POST", "/auth/invite", {"invite_code": code})).status_code == 200
        weak = {"invite_code": code, "username": "maria", "password": self.value("wrong") * 9}
        assert (await self.send("POST", "/auth/register", weak)).status_code == 422
        body = {"invite_code": code, "username": "maria", "password": self.value("second password")}
        member = self.keep(await self.send("POST", "/auth/register", body))
        again = await self.send("POST", "/auth/register", {**body, "username": "other"})
        assert again.status_code == 400
        assert (await self.send("POST", "/auth/invite", {"invite_code": code})).status_code == 400
        spare = (await self.send("POST", "/admin/invites", {}, owner.headers)).json()
        self.canaries.note("invite code", spare["code"])
        assert (await self.send("POST", f"/admin/invites/{spare['id']}/revoke", None, owner.headers)).status_code == 200
        return member

    async def sign_in(self, username: str, password: str, **fields: str) -> Signed:
        return self.keep(await self.send("POST", "/auth/login", {"username": username, "password": password, **fields}))

    async def use_credentials(self, owner: Signed, member: Signed) -> Signed:
        """Wrong passwords, both transports, rotation and replay, a new password, a reset."""
        second, third, wrong = (self.value(name) for name in ("second password", "third password", "wrong"))
        # The password typed where the name belongs is the classic way into a log.
        for name, password in (("maria", wrong), ("nobody", wrong), (second[:60], wrong), (wrong[:60], second)):
            refused = await self.send("POST", "/auth/login", {"username": name, "password": password})
            assert refused.status_code == 401
        page = await self.sign_in("maria", second, transport="session")
        assert (await self.send("GET", "/auth/csrf", None, page.headers, may_tell=("CSRF token",))).status_code == 200
        assert (await self.send("POST", "/auth/logout", None, {"Cookie": page.headers["Cookie"]})).status_code == 403
        assert (await self.send("POST", "/auth/logout", None, page.headers)).status_code == 204
        assert (await self.send("GET", "/auth/me", None, page.headers)).status_code == 401
        rotating = await self.sign_in("maria", second)
        body = {"refresh_token": rotating.refresh}
        rotated = self.keep(await self.send("POST", "/auth/refresh", body, may_tell=("device token",)))
        replay = await self.send("POST", "/auth/refresh", {"refresh_token": rotating.refresh})
        assert replay.json()["code"] == "REFRESH_REUSED"
        for token in (rotated.refresh, wrong):
            assert (await self.send("POST", "/auth/refresh", {"refresh_token": token})).status_code == 401
        for password, status in ((wrong, 401), (second, 204)):
            proof = await self.send("POST", "/auth/reauth", {"password": password}, member.headers)
            assert proof.status_code == status
        change = {"current_password": wrong, "new_password": third}
        assert (await self.send("POST", "/auth/password", change, member.headers)).status_code == 401
        change["current_password"] = second
        self.keep(await self.send("POST", "/auth/password", change, member.headers, may_tell=("device token",)))
        path = f"/admin/users/{member.user_id}/reset-password"
        reset = self.canaries.note("reset token", (await self.send("POST", path, None, owner.headers)).json()["token"])
        body = {"token": reset, "new_password": second}
        assert [(await self.send("POST", "/auth/reset", body)).status_code for _ in range(2)] == [204, 400]
        assert (await self.send("POST", "/auth/reset", {**body, "token": wrong})).status_code == 400
        member = await self.sign_in("maria", second)
        assert (await self.send("DELETE", "/auth/sessions", None, member.headers)).status_code == 204
        return member

    async def chat(self, member: Signed) -> None:
        """Every kind of answer, from every model server; the doubles' refusals repeat the key they were sent."""
        prompt, system = self.value("prompt"), self.value("system")
        ordinary, conversation = ("tiny-chat-1b", "tiny-think-1b"), ""
        faults = (
            "fault-401",
            "fault-500",
            "fault-503",
            "fault-html",
            "fault-error-chunk",
            "fault-garbage",
            "fault-hang",
        )
        for provider in ("lmstudio", "openai_compat", "desk", "anthropic"):
            for model in (*ordinary, *faults):
                asked = {"message": {"content": prompt}, "system": system, "model": model, "provider": provider}
                answer = await self.send("POST", "/chat/stream", asked, member.headers, may_tell=PEOPLES_WORDS)
                events = parse_events(answer.text)
                failed = [event.data for event in events if event.name == "error"]
                assert (model in faults) is bool(failed), (provider, model)
                assert self.canaries.found_in(str(failed)) == []
                conversation = str(events[0].data["conversation_id"])
        for method, path, sent in (
            ("POST", "/chat/retry", {"conversation_id": conversation, "model": "tiny-chat-1b"}),
            ("GET", f"/conversations/{conversation}", None),
            ("PATCH", f"/conversations/{conversation}", {"system": system}),
            ("GET", f"/conversations/{conversation}/messages", None),
            ("POST", f"/conversations/{conversation}/messages", {"role": "user", "content": prompt}),
            ("GET", "/conversations", None),
            ("GET", f"/conversations?q={prompt}", None),
        ):
            answer = await self.send(method, path, sent, member.headers, may_tell=PEOPLES_WORDS)
            assert answer.status_code in {200, 201}, (path, answer.text)
        refused: tuple[dict[str, object], ...] = (
            {"model": prompt},
            {"provider": prompt},
            {"conversation_id": prompt, "require_conversation": True},
            {"temperature": 9, "system": system},
            {"message": {"content": prompt * 2_000}, "model": "tiny-chat-1b"},
        )
        for fields in refused:
            body = {"message": {"content": prompt}, **fields}
            assert (await self.send("POST", "/chat/stream", body, member.headers)).status_code >= 400

    async def sweep(self, owner: Signed, member: Signed) -> None:
        """Every operation with secrets in its path, its query, its headers and its body, by everybody."""
        document = (await self.send("GET", "/openapi.json")).json()
        wrong = self.value("wrong")
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                filled = "/".join(wrong if part.startswith("{") else part for part in path.split("/"))
                names = [item["name"] for item in operation.get("parameters", []) if item["in"] == "query"]
                target = f"{filled}?code={wrong}&token={wrong}" + "".join(f"&{name}={wrong}" for name in names)
                people = [
                    {},
                    {"Authorization": f"Bearer {wrong}"},
                    {"Authorization": wrong},
                    {"Cookie": f"omniai_session={wrong}"},
                ]
                if operation["operationId"] not in FATAL:
                    people += [member.headers, owner.headers]
                for headers in people:
                    await self.send(method.upper(), target, None, headers, may_tell=PEOPLES_WORDS)
                    if "requestBody" in operation:
                        for kind in BODIES:
                            raw, kinds = bad_body(kind, wrong)
                            answer = await self.send(method.upper(), target, None, {**headers, **kinds}, raw=raw)
                            assert 400 <= answer.status_code < 500, (method, path, kind)
        for path in (f"/{wrong}", f"/auth/{wrong}/x?token={wrong}"):
            assert (await self.send("GET", path, None, owner.headers)).status_code == 404
        locked = {"X-Origin-Secret": wrong}
        assert (await self.send("GET", "/auth/config", None, locked)).json()["code"] == "ORIGIN_LOCKED"
        assert self.witness.unseen(document) == set()

    async def administer(self, owner: Signed, member: Signed) -> None:
        """All that admins can read."""
        for path in (
            "overview",
            "providers",
            "invites",
            "users",
            f"users/{member.user_id}",
            f"quotas/{member.user_id}",
        ):
            assert (await self.send("GET", f"/admin/{path}", None, owner.headers)).status_code == 200
        for query in ("usage?group=day", "usage?group=user", "usage?group=model", "audit?limit=200", "audit/verify"):
            assert (await self.send("GET", f"/admin/{query}", None, owner.headers)).status_code == 200
        for kind in ("jsonl", "csv"):
            export = await self.send("GET", f"/admin/audit/export?format={kind}", None, owner.headers)
            assert len(export.text.splitlines()) > 20
        noted = {
            item["action"]
            for item in (await self.send("GET", "/admin/audit?limit=200", None, owner.headers)).json()["items"]
        }
        assert noted >= {"auth.login", "auth.register", "auth.refresh_reused", "auth.password_reset", "access.refused"}
