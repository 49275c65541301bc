"""Categories renamed and moved by hand: full names stay true, and what cannot be is refused at its field."""

import pytest

from cases.models import Category
from tests.support.cast import signed_in
from tests.support.pages import ERROR, inside


@pytest.fixture
def desk(defaults, county_admin):
    return signed_in(county_admin)


def of(path: str) -> Category:
    return Category.objects.get(kind="request", path=path)


def save(desk, category: Category, **posted):
    form = {
        "kind": "request", "parent": category.parent_id or "", "name": category.name, "keywords": category.keywords,
        **posted,
    }  # fmt: skip
    return desk.post(f"/admin/cases/category/{category.pk}/change/", form)


def test_those_below_follow_the_new_name(desk):
    lamp = of("公共设施/照明")
    assert save(desk, of("公共设施"), name="市政设施").status_code == 302
    lamp.refresh_from_db()
    assert lamp.path == "市政设施/照明"
    assert of("市政设施").is_within(of("市政设施"))
    assert not Category.objects.filter(path__startswith="公共设施").exists()


def test_a_branch_moves_with_what_is_below_it(desk):
    lamp = of("公共设施/照明")
    save(desk, of("公共设施"), parent=of("公共安全").pk)
    lamp.refresh_from_db()
    assert lamp.path == "公共安全/公共设施/照明"


@pytest.mark.parametrize(
    ("path", "posted", "refusal"),
    [
        ("公共设施", {"name": "公共安全"}, "已经有“公共安全”这一分类。"),
        ("公共设施", {"name": "照明/路灯"}, "名称不能是空的，也不能含“/”。"),
        ("公共设施", {"parent": "公共设施"}, "上级分类就是它自己或在它下面，请另选。"),
        ("公共设施", {"parent": "公共设施/照明"}, "上级分类就是它自己或在它下面，请另选。"),
        ("公共设施", {"parent": "物业管理/电梯"}, "分类最多 3 级。"),
        ("公共设施/照明", {"parent": ""}, None),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(desk, path, posted, refusal):
    category = of(path)
    parent = {"parent": posted["parent"] and of(posted["parent"]).pk} if "parent" in posted else {}
    answer = save(desk, category, **{**posted, **parent})
    if refusal is None:
        assert answer.status_code == 302
        return
    assert refusal in inside(answer, ERROR)
    category.refresh_from_db()
    assert category.path == path


def test_a_new_one_of_another_kind_is_refused(desk):
    other = Category.objects.create(kind="service", name="理发", path="理发")
    answer = desk.post(
        "/admin/cases/category/add/", {"kind": "request", "parent": other.pk, "name": "灯", "keywords": ""}
    )
    assert "上级分类是另一种事项类型的" in inside(answer, ERROR)
    assert not Category.objects.filter(name="灯").exists()
