"""Secret ballots are sealed to a key that witnesses hold on paper, and lie in a table of their own; what is counted keeps
options and receipts apart."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

# Secret votes of a demonstration made before: what was counted stays, what was still sealed is gone with its key.
KEPT = """
    DELETE FROM meetings_ballot WHERE sealed <> '';
    UPDATE meetings_vote SET urn_key = 'none' WHERE is_secret;
    INSERT INTO meetings_receipt (id, vote_id, index)
        SELECT gen_random_uuid(), vote_id, receipt_index FROM meetings_ballot WHERE receipt_index <> '';
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_topics_and_conferences")]
    operations = [
        migrations.AddField(
            "vote",
            "urn_key",
            models.CharField(
                "票箱的锁", max_length=64, blank=True, help_text="公钥，只能封票；开箱的钥匙在监票人手里"
            ),
        ),
        migrations.AddField(
            "vote",
            "witnesses",
            models.CharField("监票人", max_length=100, blank=True, help_text="三位，各有一张钥匙纸条"),
        ),
        migrations.AddField(
            "vote",
            "closed_at",
            models.DateTimeField("停止收票时间", null=True, help_text="不记名的，此后等监票人开箱"),
        ),
        migrations.AddField(
            "vote",
            "needs_mixing",
            models.BooleanField("票箱待摇匀", default=False, help_text="停止收票以后和计票以后各一次"),
        ),
        migrations.CreateModel(
            name="SealedBallot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="meetings.vote",
                        verbose_name="表决",
                    ),
                ),
                ("paper", models.BinaryField(verbose_name="密封的票")),
            ],
            options={"verbose_name": "密封的票", "verbose_name_plural": "密封的票"},
        ),
        migrations.RemoveConstraint("ballot", "receipt_once"),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="meetings.vote",
                        verbose_name="表决",
                    ),
                ),
                ("index", models.CharField(max_length=64, verbose_name="回执索引")),
            ],
            options={
                "verbose_name": "计入的回执",
                "verbose_name_plural": "计入的回执",
                "constraints": [models.UniqueConstraint(fields=["vote", "index"], name="receipt_once")],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RemoveConstraint("ballot", "ballot_is_sealed_counted_or_by_name"),
        migrations.RemoveField("ballot", "sealed"),
        migrations.RemoveField("ballot", "receipt_index"),
        migrations.AlterField(
            "ballot",
            "option",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ballots",
                to="meetings.option",
                verbose_name="选项",
            ),
        ),
        migrations.AddConstraint(
            "vote",
            models.CheckConstraint(
                condition=models.Q(("is_secret", False), models.Q(("urn_key", ""), _negated=True), _connector="OR"),
                name="secret_vote_has_an_urn",
            ),
        ),
    ]
