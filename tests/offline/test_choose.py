"""The component that is chosen for an action over the built-in catalog, or none."""

from __future__ import annotations

import pytest

from flowloom.assembly import Assembly
from flowloom.offline.choosing.choose import Choice
from flowloom.offline.composer import shared_composer
from flowloom.offline.planning.actions import parse_action
from flowloom.offline.planning.nest import Nester
from flowloom.offline.planning.shapes import shapes_of
from flowloom.offline.reading.masking import mask
from flowloom.retrieval.query import Hit, Query
from tests.offline.stand_ins import composer

CHOSEN = {
    "core.log": ['log "hello"', 'write a log line "done"', "log the number of issues"],
    "core.wait": ["wait 5 minutes", "pause for an hour"],
    "core.wait_until": ["wait until 2026-01-01"],
    "http.get": ["fetch https://a.example.com", "get https://a.example.com/data.json"],
    "http.post": ["post the data to https://a.example.com/hook",
                  "call https://a.example.com/hook with POST"],
    "http.download": ["download https://a.example.com/x.zip to x.zip"],
    "http.upload": ["upload report.pdf to https://a.example.com/in"],
    "file.read": ["read notes.txt"],
    "file.write": ['write "x" to out.txt', "write the number to count.txt"],
    "file.append": ['append "x" to log.txt'],
    "file.move": ["rename a.txt to b.txt"],
    "file.exists": ["check whether /tmp/a.lock exists"],
    "csv.read_file": ["open sales.csv"],
    "csv.write_file": ["save it to out.csv", "save the rows as out.csv"],
    "json.write_file": ["write the result to out.json"],
    "yaml.read_file": ["load the file config.yaml"],
    "csv.parse": ["parse the CSV text"],
    "json.format": ["format the data as JSON"],
    "html.to_text": ["convert the HTML to text"],
    "markdown.to_html": ["convert the markdown to HTML"],
    "text.split": ["split the text into lines"],
    "text.replace": ['replace "a" with "b" in the text'],
    "text.extract_emails": ["extract the e-mail addresses from the text"],
    "date.now": ["get the current time"],
    "math.round": ["round the number to 2 decimals"],
    "list.filter": ["keep the rows where city is Paris", "filter the orders whose sum is 5"],
    "list.sort": ["sort the invoices by date"],
    "list.count": ["count the rows"],
    "list.slice": ["take the first five rows"],
    "list.group_by": ["group the rows by city"],
    "list.remove_duplicates": ["remove the duplicates"],
    "list.aggregate": ["sum the amount column"],
    "list.aggregate_by": ["compute the total amount per customer"],
    "list.select_fields": ["keep only some fields"],
    "sql.query": ['run the SQL query "SELECT 1"'],
    "sql.execute": ['run the SQL statement "DELETE FROM a"'],
    "email.send": ["send an email to a@example.com", "send the summary to a@example.com",
                   "notify a@example.com"],
    "email.search": ["search my inbox for mails from a@example.com", "find the unread e-mails"],
    "rss.read": ["read the feed https://a.example.com/rss"],
    "ai.summarize": ["summarise the text", "summarize the article"],
    "ai.translate": ["translate it into French"],
    "github.issues.list": ["list the open issues of acme/app on GitHub",
                           "retrieve the open bug reports of acme/app in GitHub"],
    "github.issues.get": ["get issue 4 of acme/app on GitHub"],
    "github.issues.add_labels": ['label the GitHub issue 4 of acme/app "bug"'],
    "github.repos.get": ["get the number of stars of acme/app"],
    "slack.chat.post_message": ['post "x" to the general channel in Slack', "tell #eng \"x\"",
                                "post the number of rows to #data"],
    "slack.conversations.invite": ["invite ana to the Slack channel #eng"],
    "jira.issues.search": ["list the tickets in Jira"],
    "calendar.events.insert": ["create an event in Google Calendar"],
    "stripe.refunds.create": ["refund the Stripe charge ch_1"],
    "todoist.tasks.close": ["complete the task in Todoist"],
    "open_meteo.forecast": ["get the weather forecast for 52.5, 13.4"],
}  # fmt: skip
FOR_A_PERSON = [
    "draw a pie chart", "make coffee", "book a flight to Rome", "sign the contract",
    "water the plants", "clean the kitchen", "make my life easier", "fix the bug",
    "pay the rent", "print the report on the office printer", "train the new colleague",
    "notify the customer", "tell the manager", "restart the server", "edit the video",
]  # fmt: skip


def choice_of(words: str, assembly: Assembly, *, providers: tuple[str, ...] = ()) -> Choice:
    chooser = shared_composer(assembly.catalog, assembly.index.search).chooser
    masked = mask(words)
    plain = Nester(chooser, masked).plain(masked.text)
    [action, *_] = parse_action(masked.text, plain)
    shapes = shapes_of(value for value, _ in masked.values_in(masked.text))
    return chooser.choose(action, plain, shapes=shapes, providers=providers)


@pytest.mark.parametrize(
    ("words", "component"), [(words, name) for name, all_ in CHOSEN.items() for words in all_]
)
def test_the_component_for_words(words: str, component: str, builtin: Assembly) -> None:
    assert choice_of(words, builtin).ids[:1] == (component,)


@pytest.mark.parametrize("words", FOR_A_PERSON)
def test_what_no_component_does_is_for_a_person(words: str, builtin: Assembly) -> None:
    found = choice_of(words, builtin)
    assert found.ids == ()
    assert found.fits  # what was weighed can be shown


def test_the_service_of_the_conversation_counts(builtin: Assembly) -> None:
    assert choice_of("create an issue", builtin, providers=("Jira",)).ids[0] == "jira.issues.create"
    there = choice_of("create an issue", builtin, providers=("GitHub",))
    assert there.ids[0] == "github.issues.create"


def test_services_that_do_the_same_are_asked_about(builtin: Assembly) -> None:
    assert set(choice_of("create an issue", builtin).rivals) >= {"Jira", "GitHub"}
    assert choice_of("create an issue", builtin, providers=("Jira",)).rivals == ()
    assert choice_of("create an issue in Jira", builtin).rivals == ()
    composer = shared_composer(builtin.catalog, builtin.index.search)
    [asked] = composer.compose('Create an issue titled "x"').questions
    question = asked.text
    assert asked.default == asked.suggestions[0]
    assert "Jira" in question
    assert "GitHub" in question


def test_a_named_service_wins_over_the_conversation(builtin: Assembly) -> None:
    found = choice_of("create an issue in GitHub", builtin, providers=("Jira",))
    assert found.ids[0] == "github.issues.create"
    assert found.service == "GitHub"


def test_the_beginning_of_a_verb_names_no_service(builtin: Assembly) -> None:
    assert choice_of("slacken the rope", builtin).ids == ()


def test_the_margin_is_that_to_the_next(builtin: Assembly) -> None:
    found = choice_of("list the GitHub issues of acme/app", builtin)
    assert found.margin == pytest.approx(found.fits[0].score - found.fits[1].score)


def test_planner_and_generator_ask_the_index_once() -> None:
    asked: list[Query] = []
    small = composer()
    search = small.search

    def counting(query: Query) -> list[Hit]:
        asked.append(query)
        return list(search(query))

    counted = type(small)(small.catalog, counting)
    first = counted.compose("Create a ticket in Desk")
    count = len(asked)
    assert counted.compose("Create a ticket in Desk") is first
    assert len(asked) == count
