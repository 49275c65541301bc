"""Photos of a form that was refused for something else come along the next time."""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import KeptForm
from cases.models import Attachment
from tests.accounts.test_kept_forms import HERE, photo
from tests.support.cast import draw, signed_in
from tests.support.forms import fields_of, form_on
from tests.support.pages import inside


def test_photos_of_a_form_refused_for_something_else_need_not_be_chosen_again(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    client = signed_in(grid_leader)
    address = f"/cases/{request_case.number}/start/"
    sent = {"version": request_case.version, "words": " ", "photos": [photo("前.jpg"), photo("后.jpg", "blue")]}
    answer = client.post(address, sent, **HERE)
    assert answer.context["form"].errors.keys() == {"words"}
    form = form_on(answer)
    assert "前.jpg、后.jpg" in inside(answer, "//*[contains(@class, 'given-back')]")
    again = client.post(address, {**fields_of(form), "words": "看过了"}, **HERE)
    assert again.status_code == 302
    assert Attachment.objects.filter(event__verb="start").count() == 2
    assert not KeptForm.objects.exists()


def test_a_photo_that_is_itself_refused_is_not_brought_again(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    wrong = SimpleUploadedFile("前.jpg", b"no picture", "image/jpeg")
    sent = {"version": request_case.version, "words": "看过了", "photos": [wrong]}
    answer = signed_in(grid_leader).post(f"/cases/{request_case.number}/start/", sent, **HERE)
    assert answer.context["form"].errors.keys() == {"photos"}
    assert not KeptForm.objects.exists()
