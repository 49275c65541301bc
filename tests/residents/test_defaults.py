"""What a new portal starts with is loaded once; what staff made of it stays."""

from django.core.management import call_command

from cases.models import Category, RoutingRule, TimeLimit
from residents.defaults import RULES
from residents.models import Channel


def test_what_staff_renamed_or_deleted_stays_so(defaults):
    RoutingRule.objects.filter(name="一般诉求派网格长").update(name="我们的规则")
    TimeLimit.objects.filter(stage="redo").delete()
    Channel.objects.filter(order=60).delete()
    Category.objects.filter(path="咨询建议").update(name="咨询", path="咨询")
    call_command("load_defaults", verbosity=0)
    assert RoutingRule.objects.count() == len(RULES)
    assert not TimeLimit.objects.filter(stage="redo").exists()
    assert not Channel.objects.filter(order=60).exists()
    assert not Category.objects.filter(path="咨询建议").exists()


def test_limits_that_kinds_declare_are_loaded_once_a_kind(defaults):
    TimeLimit.objects.filter(kind="task", stage="sign").delete()
    TimeLimit.objects.filter(kind="topic").delete()
    call_command("load_defaults", verbosity=0)
    assert not TimeLimit.objects.filter(kind="task", stage="sign").exists()
    screen = TimeLimit.objects.get(kind="topic", stage="screen")
    assert (screen.amount, screen.unit, screen.source) == (5, "work_day", "本平台建议值")


def test_what_a_newer_version_brings_is_added_when_asked_for(defaults):
    TimeLimit.objects.filter(stage="redo").delete()
    RoutingRule.objects.filter(name="一般诉求派网格长").update(order=99)
    call_command("load_defaults", "--missing", verbosity=0)
    assert TimeLimit.objects.filter(stage="redo").exists()
    assert RoutingRule.objects.get(name="一般诉求派网格长").order == 99
