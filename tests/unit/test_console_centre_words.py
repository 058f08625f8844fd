"""Each field and each closed value of the centre's document has a word for administrators."""

from pydantic import BaseModel

from agent_console.centre import labels
from agent_console.centre.parts import PARTS, SHAPE
from kernel.centre import Centre
from tests.support.centre_form import scalars


def test_each_field_of_the_document_is_in_one_part_has_a_word_and_closed_values_have_words():
    fields = [name for part in PARTS for name in part.fields]
    assert sorted(fields) == sorted(Centre.model_fields)
    wordless = [
        f"{model.__name__}.{name}" for model in models(Centre) for name in shown_fields(model) if no_word(model, name)
    ]
    assert wordless == []
    assert {choice for scalar in scalars(SHAPE) if not scalar.refers for choice in scalar.choices} - set(
        "1234567890*#"
    ) <= set(labels.CHOICES)


def no_word(model, name):
    return name not in labels.LABELS.get(model, {})


def shown_fields(model):
    return [name for name in model.model_fields if (model, name) not in labels.HIDDEN]


def models(model, found=None):
    """All that are shown with fields of their own."""
    found = found if found is not None else []
    if model not in found and model.__name__ not in {"Lead", "Closed"}:
        found.append(model)
        for info in model.model_fields.values():
            for inner in mentioned(info.annotation):
                models(inner, found)
    return found


def mentioned(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for argument in getattr(annotation, "__args__", ()) for one in mentioned(argument)]
