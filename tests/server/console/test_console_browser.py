"""An operator's morning at the console, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait
from sqlalchemy import select
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from server.city import City, open_city
from server.main import create_app
from server.settings import CitySettings
from server.tables import AUDIT, DEVICE, PERSON, RECORD
from tests.server import devices
from tests.server.console import city as console_city
from tests.server.console.browser import chromium, served
from tests.server.console.city import LOGIN, PASSWORD, SCRIPT, Filled

pytestmark = pytest.mark.timeout(300)


class Morning:
    """A browser that is signed in at a city, and what stands in it."""

    def __init__(self, page: Chrome, address: str, city: City, filled: Filled) -> None:
        self.page = page
        self.address = address
        self.city = city
        self.filled = filled

    def open(self, place: str) -> None:
        """A page of the console."""
        self.page.get(f"{self.address}/console{place}")

    def click(self, words: str) -> None:
        """The link, button or fold-out of these words; waits until it can be clicked and the next page is there."""
        path = f"//*[self::a or self::button or self::summary][normalize-space()='{words}']"
        WebDriverWait(self.page, 20).until(lambda page: page.find_element(By.XPATH, path).is_displayed())
        self.page.find_element(By.XPATH, path).click()

    def fill(self, name: str, text: str) -> None:
        """Type into the input of this name."""
        self.page.find_element(By.NAME, name).send_keys(text)

    def says(self, words: str) -> bool:
        """Waits until the page shows the words."""
        WebDriverWait(self.page, 20).until(lambda page: words in page.find_element(By.TAG_NAME, "body").text, words)
        return True


@pytest.fixture
def sqlite_city(tmp_path: Path, clock: FixedClock) -> Iterator[City]:
    """As a browser on loopback meets it: without TLS."""
    settings = CitySettings(f"sqlite:{'///'}{tmp_path / 'one.db'}", tmp_path / "files", secure_cookies=False)
    made = open_city(settings, clock=clock)
    devices.add_districts(made)
    yield made
    made.close()


@pytest.fixture
def morning(sqlite_city: City, tmp_path: Path) -> Iterator[Morning]:
    """李静 has signed in; at the end the browser has nothing to complain of."""
    app = create_app(sqlite_city)
    console_city.add_operator(sqlite_city)
    filled = console_city.fill(sqlite_city, TestClient(app))
    with served(app) as address, chromium(tmp_path) as page:
        made = Morning(page, address, sqlite_city, filled)
        made.open("/trail")
        made.fill("login", LOGIN)
        made.fill("password", PASSWORD + Keys.ENTER)
        assert made.says("操作记录")
        yield made
        complaints = [line["message"] for line in page.get_log("browser") if line["level"] in ("SEVERE", "WARNING")]
        assert complaints == []


def test_an_operators_morning(morning: Morning) -> None:
    makes_a_code(morning)
    adds_a_person(morning)
    stops_a_pc(morning)
    takes_a_group_over(morning)
    looks_at_a_dead_letter(morning)
    morning.open("")
    morning.click("退出")
    assert morning.says("已退出")
    with morning.city.database.read() as connection:
        trail = set(connection.execute(select(AUDIT.c.deed).where(AUDIT.c.who == "lijing 李静")).scalars())
    assert trail >= {
        "code.new",
        "person.add",
        "device.revoke",
        "review.accepted",
        "dead_letter.seen",
        "operator.sign_out",
    }


def makes_a_code(morning: Morning) -> None:
    """The code stands there once; after leaving the page it is gone."""
    morning.open("/codes")
    Select(morning.page.find_element(By.NAME, "district")).select_by_value(devices.JINSHUI)
    morning.click("生成代码")
    assert morning.says("只显示这一次")
    code = morning.page.find_element(By.ID, "new-code").text
    morning.open("/codes")
    assert morning.says("等待使用")
    assert code not in morning.page.page_source


def adds_a_person(morning: Morning) -> None:
    """With two roles, chosen by their labels."""
    morning.open("/people")
    morning.click("登记人员")
    Select(morning.page.find_element(By.NAME, "district")).select_by_value(devices.HUIJI)
    morning.fill("name", "赵丽")
    morning.fill("login", "zhaoli")
    for role in ("受理员", "领导"):
        morning.page.find_element(By.XPATH, f"//label[contains(., '{role}')]").click()
    morning.click("登记")
    assert morning.says("人员已登记")
    with morning.city.database.read() as connection:
        roles = connection.execute(select(PERSON.c.roles).where(PERSON.c.login == "zhaoli")).scalar_one()
    assert roles == '["acceptor","leader"]'


def stops_a_pc(morning: Morning) -> None:
    """Asked once more before it is done; a name that looks like a script is only text."""
    morning.open("/devices")
    morning.click(f"金水区城市管理局{SCRIPT} J2")
    morning.click("停用这台电脑")
    morning.click("确定停用这台电脑")
    assert morning.says("电脑已停用")
    with morning.city.database.read() as connection:
        at = connection.execute(select(DEVICE.c.revoked_at).where(DEVICE.c.id == morning.filled.unwell)).scalar()
    assert at is not None


def takes_a_group_over(morning: Morning) -> None:
    """Read first, old beside new."""
    morning.open("/review")
    morning.click("处置部门等 2 处改动")
    assert morning.says("金水路绿化养护二队")
    morning.click("接受")
    morning.click("确定接受")
    assert morning.says("已接受")
    with morning.city.database.read() as connection:
        assert (
            "金水路绿化养护二队"
            in connection.execute(select(RECORD.c.body).where(RECORD.c.type == "unit")).scalar_one()
        )


def looks_at_a_dead_letter(morning: Morning) -> None:
    """The bytes are there to be read, and nothing in them runs."""
    morning.open("")
    morning.click("2 份死信没有看过")
    morning.page.find_elements(By.LINK_TEXT, "查看内容")[0].click()
    assert morning.says(SCRIPT)
    morning.click("记为看过")
    assert morning.says("已记为看过")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_small_screen_in_light_and_dark(morning: Morning, scheme: str) -> None:
    ink = {"light": "rgb(27, 36, 48)", "dark": "rgb(228, 232, 237)"}[scheme]
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    morning.page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    filled = morning.filled
    ones = (f"/devices/{filled.unwell}", f"/people/{filled.clashing_person}", f"/review/{filled.group}")
    lists = ("", "/devices", "/people", "/people/new", "/codes", "/review", "/refused", "/dead-letters", "/feeds")
    for place in (
        *lists,
        "/numbers",
        "/files",
        "/reference",
        "/trail",
        "/password",
        *ones,
        f"/dead-letters/{filled.letter}",
    ):
        morning.open(place)
        width = morning.page.execute_script("return document.documentElement.scrollWidth")
        body = morning.page.find_element(By.TAG_NAME, "body")
        assert width <= 1280, place
        assert body.value_of_css_property("color").replace("rgba", "rgb").replace(", 1)", ")") == ink, place
        unlabelled = (
            "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter(one => !one.labels.length).map(one => one.name)"
        )
        assert morning.page.execute_script(unlabelled) == [], place


def test_the_console_can_be_used_with_the_keyboard_alone(morning: Morning) -> None:
    morning.open("/devices")
    body = morning.page.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)

    assert morning.page.switch_to.active_element.text == "跳到内容"
    seen = set()
    for _ in range(40):
        active = morning.page.switch_to.active_element
        seen.add(active.get_attribute("name") or active.text)
        active.send_keys(Keys.TAB)
    assert seen >= {"概况", "死信", "退出", "district", "查看", "金水区城市管理局 J1"}
