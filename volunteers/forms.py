"""What this room's pages ask for. Shape only; the services say what is allowed."""

from django import forms

from cases.forms import TableField


class RosterForm(forms.Form):
    """A unit's people."""

    file = TableField(
        help_text="第一行是列名，要有：姓名、手机号、单位、身份（在职或退休，党员另加“党员”）；可有：报到社区/小区、特长。"
    )
