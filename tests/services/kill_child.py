"""A desk that works as fast as it can until somebody kills it; tells each deed only after it was acknowledged."""

from __future__ import annotations

import sys
from pathlib import Path

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.desk import open_desk
from app.domain.stages import Stage
from app.gate import Gate
from tests.builders import PASSWORD, a_draft, a_picture, inputs


def main(folder: str) -> None:
    """Draft, report, attach, register, over and over."""
    clock, paths = SystemClock(), StorePaths.of(Path(folder))
    opened = Gate(paths, clock).enter("zhangmin", PASSWORD)
    desk = open_desk(opened.key, paths, clock)
    actor = desk.accounts.actor(opened.person_id)
    done = 0
    print("ready", flush=True)
    while True:
        done += 1
        draft_id = desk.drafts.save("case", {"description": f"第 {done} 份草稿"}, actor=actor)
        print(f"draft {draft_id} {done}", flush=True)
        case = desk.cases.report(a_draft(description=f"第 {done} 件"), actor=actor, draft_id=draft_id)
        print(f"case {case.id} {case.stage}", flush=True)
        photo = desk.photos.take_in(a_picture(str(done)), f"{done}.jpg")
        print(f"photo {photo.sha256} -", flush=True)
        after = desk.cases.act(case.id, "register", inputs(), actor=actor)
        assert after.stage == Stage.PENDING_DISPATCH
        print(f"case {case.id} {after.stage}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
