"""What an operator does at the console: done by the city's own functions and written into its trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from starlette.testclient import TestClient

from server.city import City
from server.tables import AUDIT, DEVICE, ENROLMENT_CODE, PERSON, RECORD, REVIEW
from tests.server.console.city import Filled, deeds, person
from tests.server.devices import JINSHUI


def test_a_new_code_is_shown_once_and_kept_nowhere(post: Callable[..., Any], seated: TestClient, city: City) -> None:
    answer = post("/console/codes", "/console/codes", district=JINSHUI, hours="24")

    code = answer.text.split('id="new-code">')[1].split("<")[0]
    assert len(code) >= 12
    assert code not in seated.get("/console/codes").text
    with city.database.read() as connection:
        row = connection.execute(select(ENROLMENT_CODE).order_by(ENROLMENT_CODE.c.made_at.desc())).first()
        assert row is not None
        assert code.encode() not in bytes(row.code_hash)
        noted = connection.execute(select(AUDIT).order_by(AUDIT.c.id.desc())).first()
        assert noted is not None
        assert (noted.deed, noted.who) == ("code.new", "lijing 李静")
        assert code not in noted.note


def test_a_withdrawn_code_lets_nobody_in(
    post: Callable[..., Any], seated: TestClient, city: City, make_device: Callable[..., Any]
) -> None:
    code = (
        post("/console/codes", "/console/codes", district=JINSHUI, hours="24")
        .text.split('id="new-code">')[1]
        .split("<")[0]
    )
    with city.database.read() as connection:
        unused = select(ENROLMENT_CODE.c.code_hash).where(ENROLMENT_CODE.c.used_at.is_(None))
        hashed = bytes(connection.execute(unused).scalar_one()).hex()

    assert post("/console/codes", "/console/codes/withdraw", code=hashed).status_code == 303

    device = make_device()
    refused = device.ask("POST", "/v1/enrol", device.enrol_request(code), counter=1)
    assert refused.json()["code"] == "sync.code_wrong"
    assert post("/console/codes", "/console/codes/withdraw", code=hashed).status_code == 404


def test_a_revoked_pc_is_shown_as_such_and_can_come_back(
    post: Callable[..., Any], seated: TestClient, filled: Filled, city: City
) -> None:
    page = f"/console/devices/{filled.well}"

    assert post(page, f"{page}/revoke").headers["Location"] == f"{page}?done=device.revoke"
    assert "已停用" in seated.get(page).text
    assert deeds(city)[-1] == "device.revoke"

    post(page, f"{page}/reinstate")
    with city.database.read() as connection:
        assert connection.execute(select(DEVICE.c.revoked_at).where(DEVICE.c.id == filled.well)).scalar() is None


def test_a_pc_that_fails_and_whose_clock_is_off_is_not_called_well(seated: TestClient, filled: Filled) -> None:
    page = seated.get(f"/console/devices/{filled.unwell}").text

    assert "最近一次失败,之后没有成功" in page
    assert "电脑时间不准" in page
    assert "设备签名不对" in page


def test_a_new_person_is_there_with_the_roles_chosen(post: Callable[..., Any], city: City) -> None:
    fields = {"district": JINSHUI, "name": "赵丽", "login": "zhaoli", "roles": ["acceptor", "dispatcher"]}
    answer = post("/console/people/new", "/console/people/new", **fields)

    person_id = UUID(answer.headers["Location"].split("?")[0].rsplit("/", 1)[1])
    with city.database.read() as connection:
        person = connection.execute(select(PERSON).where(PERSON.c.id == person_id)).one()
    assert (person.name, person.login, person.state) == ("赵丽", "zhaoli", "active")
    assert "acceptor" in person.roles
    assert "person.add" in deeds(city)


def test_a_person_refused_leaves_the_form_as_it_was_typed(post: Callable[..., Any], filled: Filled) -> None:
    answer = post(
        "/console/people/new", "/console/people/new", district=JINSHUI, name="赵丽", login="zhangmin", roles="leader"
    )

    assert answer.status_code == 422
    assert 'value="赵丽"' in answer.text
    assert 'value="leader" checked' in answer.text


def test_a_role_nobody_knows_is_refused_in_words(post: Callable[..., Any], filled: Filled) -> None:
    page = f"/console/people/{filled.known_person}"

    assert "没有角色" in post(page, f"{page}/roles", roles="god").text


def test_people_are_given_roles_stopped_and_let_back_in(post: Callable[..., Any], filled: Filled, city: City) -> None:
    page = f"/console/people/{filled.known_person}"

    post(page, f"{page}/roles", roles=["leader"])
    assert person(city, filled.known_person).roles == '["leader"]'
    post(page, f"{page}/revoke")
    assert person(city, filled.known_person).state == "revoked"
    post(page, f"{page}/reinstate")
    assert person(city, filled.known_person).state == "active"


def test_a_clashing_person_is_said_to_be_the_one_known(
    post: Callable[..., Any], seated: TestClient, filled: Filled, city: City
) -> None:
    assert "1 名人员待对应" in seated.get("/console").text
    page = f"/console/people/{filled.clashing_person}"

    post(page, f"{page}/map", to=str(filled.known_person))

    assert person(city, filled.clashing_person).mapped_to == filled.known_person
    assert "待对应" not in seated.get("/console").text.split("<table>")[0]


def test_a_clashing_person_may_be_somebody_else(post: Callable[..., Any], filled: Filled, city: City) -> None:
    page = f"/console/people/{filled.clashing_person}"

    post(page, f"{page}/map", to="nobody")

    assert person(city, filled.clashing_person).mapped_to is None
    assert person(city, filled.clashing_person).state == "active"


def test_a_group_in_the_tray_shows_old_and_new_under_their_titles(seated: TestClient, filled: Filled) -> None:
    page = seated.get(f"/console/review/{filled.group}").text

    for words in ("王强", "名称", "金水路绿化养护队", "金水路绿化养护二队", "人员已停用", "&lt;b&gt;0371"):
        assert words in page


def test_a_group_is_not_sent_back_without_a_reason(post: Callable[..., Any], filled: Filled, city: City) -> None:
    page = f"/console/review/{filled.group}"

    assert "退回要写明理由" in post(page, f"{page}/refuse", reason="  ").text
    with city.database.read() as connection:
        assert set(connection.execute(select(REVIEW.c.state)).scalars()) == {"waiting"}


def test_a_group_taken_over_becomes_the_districts(
    post: Callable[..., Any], seated: TestClient, filled: Filled, city: City
) -> None:
    page = f"/console/review/{filled.group}"

    assert post(page, f"{page}/accept").headers["Location"] == "/console/review?done=review.accept"

    with city.database.read() as connection:
        body = connection.execute(select(RECORD.c.body).where(RECORD.c.type == "unit")).scalar_one()
    assert "金水路绿化养护二队" in body
    assert "没有等待审阅的内容" in seated.get("/console/review").text
    assert "刷新列表" in post("/console", f"{page}/accept").text


def test_a_districts_version_is_published_for_all(
    post: Callable[..., Any], seated: TestClient, filled: Filled, city: City
) -> None:
    done = post("/console/reference", f"/console/reference/{filled.version}/promote")

    assert done.headers["Location"] == "/console/reference?done=reference.promote"
    with city.database.read() as connection:
        assert connection.execute(select(RECORD.c.scope).where(RECORD.c.id == filled.version)).scalar() == "city"
    assert "没有区县导入的版本" in seated.get("/console/reference").text


def test_only_what_was_seen_is_accepted_and_the_rest_is_listed_anew(
    post: Callable[..., Any], seated: TestClient, filled: Filled, city: City
) -> None:
    page, late = f"/console/review/{filled.group}", city.ids.new()
    seen = seated.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    with city.database.write() as connection:
        row = connection.execute(select(REVIEW).where(REVIEW.c.group_id == filled.group)).mappings().first()
        assert row is not None
        connection.execute(REVIEW.insert().values({**row, "change_id": late}))

    unseen = post(page, f"{page}/accept", seen=seen)
    with city.database.write() as connection:
        connection.execute(REVIEW.update().where(REVIEW.c.change_id != late).values(state="accepted"))

    assert (unseen.status_code, "请再看一遍" in unseen.text) == (422, True)
    assert str(filled.group) in seated.get("/console/review").text
    assert f"{page}/accept" in seated.get(page).text


def test_a_group_sent_back_carries_its_reason(post: Callable[..., Any], filled: Filled, city: City) -> None:
    page = f"/console/review/{filled.group}"

    assert (
        post(page, f"{page}/refuse", reason="请本人重新办理").headers["Location"]
        == "/console/review?done=review.refuse"
    )
    with city.database.read() as connection:
        rows = connection.execute(select(REVIEW.c.state, REVIEW.c.note, REVIEW.c.decided_by)).all()
    assert {(row.state, row.note, row.decided_by) for row in rows} == {("refused", "请本人重新办理", "lijing 李静")}
