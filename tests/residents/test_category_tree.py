"""One tree of categories: a table that comes in replaces the old tree, what named an old category goes over."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.categories import paths as categories
from cases.categories import tree as category_tree
from cases.engine.checks import unsound_cases
from cases.models import Case, CaseEvent, Category, RoutingRule, TimeLimit
from cases.services import route
from residents.defaults import load_defaults
from residents.suggest import suggest_categories
from tests.support.cast import MONDAY, draw, signed_in, submit
from tests.support.heard import heard
from tests.support.pages import ERROR, inside
from volunteers.models import PointRule
from volunteers.tree_changes import REFERRERS

HEAD = "一级分类,二级分类,三级分类,对应原分类\n"
HOTLINE = (
    HEAD
    + "城乡建设,市容环卫,垃圾清运,环境卫生/垃圾清运；环境卫生\n"
    + "城乡建设,市容环卫,污水管网,环境卫生/污水管道\n"
    + "城乡建设,市政设施,路灯,公共设施/照明\n"
    + "城乡建设,市政设施,城市道路,公共设施/道路、公共设施\n"
    + "城乡建设,住房物业,物业服务,物业管理\n"
    + "城乡建设,住房物业,电梯运行,物业管理/电梯\n"
    + "城乡建设,住房物业,停车管理,物业管理/停车充电\n"
    + "城乡建设,规划执法,违章搭建,违法建设\n"
    + "公用事业,水电燃气,,水电气热\n"
    + "公共安全,,,\n"
    + "生态环境,噪声污染,,噪声扰民\n"
    + "民生保障,养老救助,,民政养老\n"
    + "民生保障,教育,,教育托管\n"
    + "民生保障,医疗,,医疗卫生\n"
    + "民生保障,劳动保障,,劳动社保\n"
    + "其他,咨询建议,,咨询建议\n"
)
"""Another house's tree, with what each of its lines is in ours; 公共安全 is in both."""

SAID = (
    ("3 幢楼下的垃圾桶满了三天没人清运", "环境卫生/垃圾清运"),
    ("垃圾房门口堆满垃圾，臭得很", "环境卫生/垃圾清运"),
    ("小区蚊虫太多，请安排消杀", "环境卫生"),
    ("化粪池满了，污水从下水道反水到一楼", "环境卫生/污水管道"),
    ("下水道堵塞，院子里全是脏水", "环境卫生/污水管道"),
    ("楼道灯坏了，晚上老人下楼看不见", "公共设施/照明"),
    ("东门口的路灯连着几天不亮", "公共设施/照明"),
    ("照明太暗，请加装路灯", "公共设施/照明"),
    ("人行道塌了一个坑，下雨就积水", "公共设施/道路"),
    ("路面坑坑洼洼，骑车摔了", "公共设施/道路"),
    ("健身器材的螺丝松了", "公共设施"),
    ("护栏断了一截，怕孩子摔下去", "公共设施"),
    ("物业收了物业费不管事", "物业管理"),
    ("保安晚上不在岗，业委会也不管", "物业管理"),
    ("电梯困人两次了，请检修", "物业管理/电梯"),
    ("5 幢电梯门关不上", "物业管理/电梯"),
    ("车位被占，外来车乱停车", "物业管理/停车充电"),
    ("有人从楼上飞线给电动车充电", "物业管理/停车充电"),
    ("能不能装几个充电桩", "物业管理/停车充电"),
    ("家里停水一天了，也没有通知", "水电气热"),
    ("六楼水压太低，热水器打不着", "水电气热"),
    ("燃气表读数不对，电费也多收", "水电气热"),
    ("消防通道被堵死，有隐患", "公共安全"),
    ("楼上高空抛物，差点砸到人", "公共安全"),
    ("工地半夜施工，噪音吵得睡不着", "噪声扰民"),
    ("广场舞音响太大声", "噪声扰民"),
    ("隔壁独居老人没人照看，想申请养老服务", "民政养老"),
    ("残疾人低保怎么还没发", "民政养老"),
    ("四点半放学没人接，想办托管", "教育托管"),
    ("孩子入学的学校怎么划分", "教育托管"),
    ("家庭医生一直没来过，疫苗去哪打", "医疗卫生"),
    ("老板拖欠工资三个月", "劳动社保"),
    ("楼顶有人违建，搭建了阳光房", "违法建设"),
    ("请问社区几点上班", "咨询建议"),
    ("晚上回家黑灯瞎火，看不见台阶", "公共设施/照明"),
    ("井盖不见了，怕人掉下去", "公共设施/道路"),
    ("隔壁装修天天敲墙，孩子没法写作业", "噪声扰民"),
    ("楼上的水管爆了，流了一地", "水电气热"),
    ("邻居把杂物堆在楼梯口，出不去", "公共安全"),
    ("孩子暑假没人带，社区有没有班", "教育托管"),
    ("我妈一个人在家，能不能有人来看看", "民政养老"),
    ("请问新生儿怎么上医保", "医疗卫生"),
)
"""What residents say, and what it is in our own tree."""


@pytest.fixture
def bring(defaults, tmp_path, capsys):
    """Bring a tree in; what the command says."""

    def bring(text: str) -> str:
        path = Path(tmp_path / "分类.csv")
        path.write_text(text)
        call_command("import_categories", str(path))
        return capsys.readouterr().out

    return bring


def in_use() -> set[str]:
    return set(Category.objects.filter(kind="request", retired_at=None).values_list("path", flat=True))


def state() -> list[tuple]:
    """Everything that an import may write."""
    rows = [Category, RoutingRule, TimeLimit, Case, CaseEvent]
    return [row for model in rows for row in model.objects.order_by("pk").values_list()]


def share_right(right: dict[str, str]) -> float:
    """Of the sentences, those whose first suggestion is the right one, that of `right` for the name in our tree."""
    first = [suggest_categories(words)[:1] for words, _ in SAID]
    return sum(
        suggested[:1] != [] and suggested[0].path == right[path]
        for suggested, (_, path) in zip(first, SAID, strict=True)
    ) / len(SAID)


def test_suggestions_stay_as_good_and_two_trees_would_compete(bring):
    before = share_right({path: path for _, path in SAID})
    lines = [line.split(",") for line in HOTLINE.splitlines()[1:]]
    new = ["/".join(filter(None, names)) for *names, _ in lines]
    right = {
        old: path
        for path, (*_, replaces) in zip(new, lines, strict=True)
        for old in (replaces or path).replace("、", "；").split("；")
    }
    categories.ensure_all(kind="request", rows=[(path, "") for path in new])
    beside = share_right(right)
    Category.objects.filter(kind="request", path__in=new).exclude(path="公共安全").delete()
    bring(HOTLINE)
    replaced = share_right(right)
    assert beside < before * 0.6
    assert replaced >= before > 0.7


def test_the_new_tree_is_the_only_one(bring):
    keywords = Category.objects.get(path="公共安全").keywords
    output = bring(HOTLINE)
    assert in_use() == {
        "/".join(names[:depth])
        for line in HOTLINE.splitlines()[1:]
        for names in [[name for name in line.split(",")[:3] if name]]
        for depth in range(1, len(names) + 1)
    }
    assert Category.objects.get(path="公共安全").keywords == keywords
    assert "停用 17 个" in output
    lamp = Category.objects.get(path="公共设施/照明")
    assert (lamp.retired_at is not None, lamp.successor.path) == (True, "城乡建设/市政设施/路灯")
    assert lamp.successor.keywords == lamp.keywords == "路灯 楼道灯 灯坏 不亮"


def test_the_same_table_again_changes_nothing(bring, town, staff, resident):
    route(case_id=submit(resident, town, category=Category.objects.get(path="公共设施/照明")).pk, at=MONDAY)
    bring(HOTLINE)
    Category.objects.filter(path="城乡建设/市政设施/路灯").update(keywords="路灯")  # staff tune it
    before = state()
    assert "新增分类 0 个，停用 0 个。" in bring(HOTLINE)
    assert state() == before


def test_open_cases_get_the_new_name_and_keep_their_limits(bring, town, staff, resident):
    lamp = Category.objects.get(path="公共设施/照明")
    case, closed = (submit(resident, town, key=key, category=lamp) for key in ("open", "closed"))
    route(case_id=case.pk, at=MONDAY)
    draw(closed, "withdraw", resident)
    kept = (
        "due_at", "due_from_at", "finish_by_at", "finish_amount", "finish_unit", "wake_at", "wake_for", "version", "holder",
    )  # fmt: skip
    before, story = Case.objects.values(*kept).get(pk=case.pk), list(case.events.order_by("pk").values_list())
    TimeLimit.objects.create(  # the new category has a tighter limit, for cases that are opened from now on
        kind="request",
        stage="finish",
        amount=1,
        unit="hour",
        category=categories.ensure(kind="request", path="城乡建设"),
    )
    assert "未办结事项 1 件" in bring(HOTLINE)
    assert Case.objects.values(*kept).get(pk=case.pk) == before
    assert [Case.objects.get(pk=moved.pk).category.path for moved in (case, closed)] == [
        "城乡建设/市政设施/路灯",
        "公共设施/照明",
    ]
    events = case.events.order_by("pk")
    assert list(events.values_list())[:-1] == story
    assert events.last().said["why"] == "公共设施/照明 → 城乡建设/市政设施/路灯"
    assert list(unsound_cases()) == []
    assert len(heard("分类", resident)) == 0


def test_rules_and_limits_go_over(bring):
    output = bring(HOTLINE)
    assert "办理时限 4 条" in output
    assert "派单规则 1 条" in output
    assert RoutingRule.objects.get(name="违法建设由社区牵头").category.path == "城乡建设/规划执法/违章搭建"
    assert RoutingRule.objects.get(name="公共安全由支部牵头").category.path == "公共安全"
    assert TimeLimit.objects.get(category__path="公用事业/水电燃气").amount == 24
    assert "已停用，还有内容在用" not in output
    before = state()
    load_defaults(missing=True)
    assert [row for row in state() if row not in before] == []  # nothing comes back beside the tree


def test_what_is_not_mapped_is_said_and_goes_on(bring, town, staff, resident):
    case = submit(resident, town, category=Category.objects.get(path="违法建设"))
    output = bring(HEAD + "城乡建设,违章搭建,,\n公用事业,水电燃气,,水电气热\n")
    line = f"违法建设：未办结事项 1 件（{case.number}），派单规则 1 条（违法建设由社区牵头），办理时限 1 条（办结）"
    assert line in output.splitlines()
    route(case_id=case.pk, at=MONDAY)  # by the rule that names the old one
    case.refresh_from_db()
    assert (case.holder.role, case.category.path) == ("community_secretary", "违法建设")
    output = bring(HEAD + "城乡建设,违章搭建,,违法建设\n公用事业,水电燃气,,水电气热\n")
    case.refresh_from_db()
    assert "违法建设" not in output
    assert case.category.path == "城乡建设/违章搭建"
    assert "违建" in case.category.keywords


def test_a_limit_whose_place_is_taken_stays_and_is_said(bring):
    output = bring(HEAD + "民生,,,水电气热；违法建设\n")
    assert TimeLimit.objects.get(category__path="民生").amount == 24
    assert "违法建设：办理时限 1 条（办结）" in output


def test_keywords_that_do_not_fit_are_said(bring):
    Category.objects.filter(path="咨询建议").update(keywords="长" * 290)
    output = bring(HEAD + "咨询建议,,,民政养老；违法建设\n")
    assert "咨询建议：关键词最多 300 字，没有加上“救助 独居 老人”" in output
    assert "低保 养老" in Category.objects.get(path="咨询建议").keywords


def test_what_was_retired_comes_back_with_its_keywords(bring):
    bring(HOTLINE)
    bring(HEAD + "公共设施,照明,,城乡建设/市政设施/路灯\n")
    lamp = Category.objects.get(path="公共设施/照明")
    assert (in_use(), lamp.successor, lamp.keywords) == ({"公共设施", "公共设施/照明"}, None, "路灯 楼道灯 灯坏 不亮")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("甲,乙,,没有的/分类\n", "第 2 行：没有“没有的/分类”这个原分类"),
        ("甲,,,违法建设\n乙,,,噪声扰民、违法建设\n", "第 2 行和第 3 行：都对应原分类“违法建设”"),
        ("甲,,,公共设施\n公共设施,照明,,\n", "第 2 行：原分类“公共设施”在新表里还有"),
        ("甲,,,\n,乙,,违法建设\n", "第 3 行：上级分类没有填"),
        (f"甲,{'长' * 41},,\n", "第 2 行：分类名最多 40 字"),
        ("甲,,,,,多的\n", "第 2 行：有 6 列"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_nothing_changes(bring, rows, words):
    before = state()
    with pytest.raises(CommandError, match=words):
        bring(HEAD + rows)
    assert state() == before


def test_every_bad_mapping_is_said_at_once(bring):
    with pytest.raises(CommandError, match="(?s)第 2 行.*第 3 行"):
        bring(HEAD + "甲,,,没有一\n乙,,,没有二\n")


@pytest.mark.parametrize("written", ["供水、供电", "供水、供电；噪声扰民", "噪声扰民、供水", " 噪声扰民 ；\n供水"])
def test_a_name_may_hold_the_sign_that_separates(bring, written):
    for name in ("供水、供电", "供水", "供电"):
        categories.ensure(kind="request", path=name)
    bring(f'{HEAD}甲,,,"{written}"\n')
    mapped = set(Category.objects.exclude(successor=None).values_list("path", flat=True))
    named = {"供水、供电"} if "供水、供电" in written else {"供水"}
    assert mapped == named | ({"噪声扰民"} if "噪声扰民" in written else set())


def test_retired_ones_are_offered_nowhere(bring, county_admin, worker_at_desk, request_case):
    bring(HOTLINE)
    lamp = Category.objects.get(path="公共设施/照明")
    assert lamp not in suggest_categories("路灯坏了")
    assert "公共设施 › 照明" not in signed_in(worker_at_desk).get("/requests/register/").content.decode()
    desk = signed_in(county_admin)
    asked = {"app_label": "cases", "model_name": "routingrule", "field_name": "category", "term": "楼道灯"}
    offered = desk.get("/admin/autocomplete/", asked).json()["results"]
    assert [offer["text"] for offer in offered] == ["城乡建设/市政设施/路灯"]
    rule = RoutingRule.objects.get(name="一般诉求派网格长")
    form = {"name": rule.name, "order": 9, "kind": "request", "category": lamp.pk, "urgency": "", "grid": "",
            "role": "grid_leader", "co_role": "", "is_active": "on"}  # fmt: skip
    address = f"/admin/cases/routingrule/{rule.pk}/change/"
    assert "这一分类已停用" in inside(desk.post(address, form), ERROR)
    RoutingRule.objects.filter(pk=rule.pk).update(category=lamp)  # it has it already: the rest may be changed
    assert desk.post(address, form).status_code == 302


def test_by_hand_it_is_the_same_act(request_case, county_admin):
    noise, safety = (Category.objects.get(path=path) for path in ("噪声扰民", "公共安全"))
    Case.objects.filter(pk=request_case.pk).update(category=noise)
    form = {"kind": "request", "parent": "", "name": noise.name, "keywords": noise.keywords, "is_retired": "on"}
    address, desk = f"/admin/cases/category/{noise.pk}/change/", signed_in(county_admin)
    left = desk.post(address, form, follow=True).content.decode()
    assert f"噪声扰民：未办结事项 1 件（{request_case.number}）" in left
    assert (
        "转到新分类：未办结事项 1 件"
        in desk.post(address, {**form, "replaced_by": safety.pk}, follow=True).content.decode()
    )
    noise.refresh_from_db()
    request_case.refresh_from_db()
    assert (noise.successor, request_case.category) == (safety, safety)
    del form["is_retired"]
    desk.post(address, form)
    noise.refresh_from_db()
    assert (noise.retired_at, noise.successor) == (None, None)


@pytest.mark.parametrize(
    ("path", "spoil", "words"),
    [
        ("公共设施", {}, "下级“照明”还在用"),
        ("噪声扰民", {"replaced_by": "噪声扰民"}, "请选一个同一事项类型、在用的分类"),
        ("噪声扰民", {"replaced_by": "应急支援"}, "请选一个同一事项类型、在用的分类"),
        ("噪声扰民", {"replaced_by": "公共安全", "is_retired": ""}, "勾选“停用”后"),
    ],
)
def test_what_cannot_be_retired_so_is_said_on_the_form(defaults, county_admin, path, spoil, words):
    categories.ensure(kind="service", path="应急支援")
    category = Category.objects.get(path=path)
    form = {"kind": "request", "parent": "", "name": category.name, "keywords": "", "is_retired": "on", **spoil}
    if "replaced_by" in form:
        form["replaced_by"] = Category.objects.get(path=form["replaced_by"]).pk
    answer = signed_in(county_admin).post(f"/admin/cases/category/{category.pk}/change/", form)
    assert words in inside(answer, ERROR)
    category.refresh_from_db()
    assert category.retired_at is None


def test_below_a_retired_one_nothing_is_taken_into_use(defaults, county_admin):
    Category.objects.filter(path__startswith="公共设施").update(retired_at=MONDAY)
    lamp = Category.objects.get(path="公共设施/照明")
    form = {"kind": "request", "parent": lamp.parent_id, "name": "照明", "keywords": ""}
    answer = signed_in(county_admin).post(f"/admin/cases/category/{lamp.pk}/change/", form)
    assert "上级分类“公共设施”已停用" in inside(answer, ERROR)


def test_other_rooms_follow_too(defaults, db):
    old, new = (categories.ensure(kind="service", path=path) for path in ("理发", "理发助浴"))
    rule = PointRule.objects.create(what="service", points=5, category=old, from_date=MONDAY)
    category_tree.retire(category=old, successor=new, at=MONDAY)
    rule.refresh_from_db()
    assert rule.category == new
    assert {referrer.label for referrer in REFERRERS} <= {referrer.label for referrer in category_tree.REFERRERS}


def test_everybody_who_names_a_category_is_known():
    """A new foreign key to a category is a new referrer."""
    named = {link.related_model for link in Category._meta.related_objects if not link.many_to_many} - {Category}
    assert named <= {referrer.rows().model for referrer in category_tree.REFERRERS}
