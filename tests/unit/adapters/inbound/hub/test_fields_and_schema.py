"""Form, query and schema are one thing: what one can say, the others take."""

from contextlib import suppress
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from multiplespawner.adapters.inbound.hub.fields import Field, fields_of, filled, read_fields
from multiplespawner.domain import offers as o
from multiplespawner.domain.refusals import Refusal
from offer_strategies import JSON, PATTERNS, TEXT, UNLIKE, requests, several, values

KNOWN = several(PATTERNS | UNLIKE)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), known=KNOWN, in_form=st.booleans())
def test_whatever_a_form_can_send_is_accepted(
    data: st.DataObject, known: list[o.Offer], in_form: bool
) -> None:
    """Each field holds what it lets one choose, or is left as it is; as a form or as a link."""
    offer = data.draw(st.sampled_from(known))
    sent = {"offer": [offer.id]}
    for each in known if in_form else [offer]:
        for field in fields_of(each):
            sent[field.key if in_form else field.name] = data.draw(texts(field, each))
    assume(not names_no_gpu(sent, offer))
    request = read_fields(sent, known)
    assert o.choose(request, None, known, "ada", ()).offer == offer
    assert Draft202012Validator(o.schema(known, empty=False)).is_valid(request)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), known=KNOWN)
def test_whatever_is_accepted_can_be_sent_by_form_and_link(data: st.DataObject, known: list[o.Offer]) -> None:
    """Alone or with all other fields as the form has them at first, it makes the same selection."""
    request = data.draw(requests(known))
    choice = o.choose(request, None, known, "ada", ())
    texts = filled(choice.offer, request)
    fields = {field.name: field for field in fields_of(choice.offer)}
    asked: Any = {"offer": request["offer"]} if "offer" in request else {}
    untouched = {name: field.default for name, field in fields.items() if field.default is not None}
    for said in (texts, {**untouched, **texts}):
        for sent in (said, {fields[name].key: text for name, text in said.items()}):
            read = read_fields({**asked, **sent}, known)
            assert o.choose(read, None, known, "ada", ()).selection == choice.selection


@settings(deadline=None)
@given(data=st.data(), known=KNOWN)
def test_a_selection_fills_the_form(data: st.DataObject, known: list[o.Offer]) -> None:
    """What was chosen before is shown as it was, each text one that the field lets one choose."""
    choice = o.choose(data.draw(requests(known)), None, known, "ada", ())
    texts = filled(choice.offer, o.request_for(choice.offer, choice.selection))
    for field in fields_of(choice.offer):
        if field.choices and field.name in texts:
            assert texts[field.name] in dict(field.choices)
    read = read_fields({"offer": choice.offer.id, **texts}, known)
    assert o.choose(read, None, known, "ada", ()).selection == choice.selection


@settings(max_examples=200, deadline=None)
@given(data=st.data(), known=KNOWN)
def test_any_fields_are_a_request_or_a_refusal(data: st.DataObject, known: list[o.Offer]) -> None:
    """Names and values of ours, half of ours and of nobody."""
    fields = [field for each in known for field in fields_of(each)]
    odd = ["offer", "hardware", "hardware.", "lifetime.x", "options", "options.", ":", "offer:", "inner"]
    names = [*odd, *(field.name for field in fields), *(field.key for field in fields)]
    sent = data.draw(
        st.dictionaries(
            st.sampled_from(names) | TEXT,
            st.lists(TEXT | st.sampled_from(["on", "1", "nan", "-inf", "9" * 5000, known[0].id])) | JSON,
            max_size=8,
        )
    )
    with suppress(Refusal):
        o.choose(read_fields(sent, known), None, known, "ada", ())


@settings(deadline=None)
@given(known=KNOWN)
def test_fields_say_what_the_schema_says(known: list[o.Offer]) -> None:
    """Each control of an offer has a name of its own, and its choices differ for people too."""
    for each in known:
        fields = fields_of(each)
        assert len({field.key for field in fields}) == len(fields)
        for field in fields:
            assert len({words for _, words in field.choices}) == len(field.choices)
            assert (field.kind in ("number", "integer")) == (field.minimum is not None)


def texts(field: Field, offer: o.Offer) -> st.SearchStrategy[list[str]]:
    """What a form sends for a field: filled with something that it allows, or as it is at first."""
    at_first = [] if field.required and field.default is None else [field.default or ""]
    match field.kind:
        case "boolean":
            return st.sampled_from([["false"], ["false", "on"], ["true"]])
        case "choice" | "flavor":
            return st.sampled_from([[text] for text in (*at_first, *(text for text, _ in field.choices))])
        case "number":
            numbers: st.SearchStrategy[Any] = st.floats(field.minimum, field.maximum)
        case "integer":
            numbers = st.integers(int(field.minimum or 0), int(field.maximum or 0))
        case "text":
            (option,) = (each for each in offer.options if f"options.{each.name}" == field.name)
            allowed: st.SearchStrategy[list[str]] = values(option).map(lambda text: [text])
            return allowed | st.just(at_first) if at_first else allowed
    filled_in = numbers.map(lambda number: [str(number)])
    return filled_in | st.just(at_first) if at_first else filled_in


def names_no_gpu(sent: dict[str, list[str]], offer: o.Offer) -> bool:
    """Whether a kind of GPU is asked for together with none, which is refused wherever it comes from."""
    held = {field.name: sent.get(field.key, sent.get(field.name)) for field in fields_of(offer)}
    return held.get("hardware.gpu") in (["0"], [""]) and held.get("hardware.gpu_kind", [""]) != [""]
