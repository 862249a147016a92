"""The keywords, made from the description of the program."""

from __future__ import annotations

import json
import unittest
from datetime import timedelta
from types import SimpleNamespace
from typing import Union, get_args
from unittest import mock

from AzureDevOps import AzureDevOps, keywords, library
from AzureDevOps.binary import run_json
from AzureDevOps.keywords import package, read
from robot.api.types import Secret

from support.robot import PROJECT, a_token


def call(name: str, *positional: object, **named: object) -> dict:
    return package().keywords[name].invocation("r1", list(positional), named)


class Names(unittest.TestCase):
    def test_keywords_come_from_the_program(self):
        self.assertIn("Wait For Pipeline Run", package().keywords)
        self.assertEqual(package().keywords["Connect"].arguments[0].name, "personal_access_token")

    def test_the_keywords_are_the_actions_of_the_manifest(self):
        manifest = json.loads((PROJECT / "package-manifest.json").read_text("utf-8"))
        actions = [command["name"] for command in manifest["commands"]]
        self.assertEqual([keyword.action for keyword in package().keywords.values()], actions)

    def test_every_field_is_an_argument(self):
        for action in run_json("actions", "--json")["actions"]:
            keyword = package().keywords[action["names"]["robotFramework"]]
            inputs = {argument.wire for argument in keyword.arguments if not argument.target}
            self.assertEqual(inputs, set(action["input"]["properties"]), action["name"])

    def test_a_renamed_keyword_keeps_its_old_name(self):
        with mock.patch.dict(keywords.RENAMED, {"Make Repository": "Create Repository"}):
            both = read(run_json("actions", "--json")).keywords
        old, new = both["Make Repository"], both["Create Repository"]
        self.assertEqual(old.documentation, "*DEPRECATED!* Use keyword `Create Repository` instead.")
        self.assertEqual((old.action, old.arguments), (new.action, new.arguments))


class Conventions(unittest.TestCase):
    def test_required_arguments_come_first_and_the_session_last(self):
        for keyword in package().keywords.values():
            required = [argument.required for argument in keyword.arguments]
            self.assertEqual(required, sorted(required, reverse=True), keyword.name)
            self.assertEqual((keyword.arguments[-1].name, keyword.arguments[-1].default), ("session", "Default"))

    def test_the_arguments_of_connect(self):
        connect = package().keywords["Connect"]
        self.assertEqual(
            [(one.name, "required" if one.required else one.default) for one in connect.arguments],
            [
                ("personal_access_token", "required"),
                ("organization_url", "required"),
                ("project_name", "required"),
                ("authentication_method", "PAT"),
                ("entra_credential", None),
                ("intended_usage", []),
                ("if_project_missing", "FAIL"),
                ("process_template", "Basic"),
                ("visibility", "PRIVATE"),
                ("if_session_exists", "ERROR"),
                ("time_limit", "55 seconds"),
                ("scope", "Local"),
                ("session", "Default"),
            ],
        )

    def test_several_choices_are_listed_and_checked(self):
        usage = next(one for one in package().keywords["Connect"].arguments if one.name == "intended_usage")
        self.assertIn("`repositories.write`", usage.description)
        self.assertIn("repositories.write", get_args(get_args(usage.type)[0]))

    def test_the_texts_about_the_token_are_those_of_robot_framework(self):
        documentation = package().keywords["Connect"].documentation
        self.assertIn("``Secret`` variable", documentation)
        for other in ["credential of the vault", "insecure string", "string variable"]:
            self.assertNotIn(other, documentation)

    def test_every_number_of_seconds_is_a_duration(self):
        for action in run_json("actions", "--json")["actions"]:
            for argument in package().keywords[action["names"]["robotFramework"]].arguments:
                if action["input"]["properties"].get(argument.wire, {}).get("x-unit") == "seconds":
                    self.assertIn(argument.type, (timedelta, Union[timedelta, None]), argument)
                # A field with seconds must declare the unit in its kind, not in its description.
                self.assertNotIn("second", argument.description)

    def test_the_documentation_has_the_effect_and_the_needs_of_an_action(self):
        run = package().keywords["Run Pipeline"]
        self.assertEqual(run.tags, ["Pipeline runs", "creates"])
        self.assertIn("Build: Queue builds", run.documentation)
        self.assertTrue(run.documentation.endswith("; token scope Build (read and execute)."), run.documentation)
        self.assertNotIn("Needs", package().keywords["Check Session"].documentation)


class Misspelled(unittest.TestCase):
    def test_a_name_that_is_nearly_an_argument_is_an_error_that_names_it(self):
        create = package().keywords["Create Branch"]
        for text, meant in [
            ("repositry=site", "repository"),
            ("Repository=site", "repository"),
            ("sesion=Default", "session"),
        ]:
            error = create.misspelled(["site", text]) or ""
            self.assertIn(f"has no argument '{text.split('=')[0]}'. Did you mean '{meant}'?", error)
        connect = package().keywords["Connect"]
        self.assertIn("'organization_url'", connect.misspelled(["organizationUrl=https://x"]) or "")

    def test_a_name_of_another_tool_is_an_error_that_names_what_it_means(self):
        for keyword, text, meant in [
            ("Get Repository", "repo=site", "repository"),
            ("List Repositories", "top=5", "limit"),
            ("Get Pull Request", "pullRequest=1", "id"),
            ("Connect", "url=https://x", "organization_url"),
        ]:
            error = package().keywords[keyword].misspelled([text]) or ""
            self.assertIn(f"Did you mean '{meant}'?", error, text)

    def test_other_texts_with_an_equals_sign_are_values(self):
        create = package().keywords["Create Branch"]
        for text in ["repository=site", "repositry\\=site", "a=b", "=", "x y z=1", "https://host/?q=1", 7, None]:
            self.assertIsNone(create.misspelled([text]), text)

    def test_errors_name_arguments_as_a_suite_does(self):
        for text, expected in [
            ('connect: the field "organizationUrl" is missing', 'connect: the field "organization_url" is missing'),
            # An argument of another keyword, in the help.
            ("Enable it with Update repository (isDisabled false).", "Enable it with Update repository (is_disabled false)."),
            (
                "Correct the field; `azdo-bot actions list-repositories` describes the fields.",
                'Correct the argument; `libdoc AzureDevOps show "list repositories"` describes it.',
            ),
            ("the file newNames.txt, scope and name", "the file newNames.txt, scope and name"),
        ]:
            self.assertEqual(package().reworded(text), expected)


class Invocations(unittest.TestCase):
    def test_default_values_are_left_out(self):
        self.assertEqual(
            call("Create Repository", "site"),
            {"botRun": "r1", "action": "createRepository", "inputs": {"name": "site"}},
        )
        self.assertEqual(call("Create Repository", "site", session="Default")["inputs"], {"name": "site"})
        self.assertEqual(call("Run Pipeline", "p", branch=None, variables={}, template_parameters={})["inputs"], {"pipeline": "p"})

    def test_a_required_argument_is_always_sent(self):
        self.assertEqual(call("Create Repository", "")["inputs"], {"name": ""})

    def test_the_target_of_the_session(self):
        rows = [
            ({}, None),
            ({"scope": "Local", "session": "Default"}, None),
            ({"scope": "Global"}, {"scope": "GLOBAL"}),
            ({"scope": "Variable"}, {"scope": "VARIABLE"}),
            ({"session": "Release"}, {"name": "Release"}),
            ({"scope": "Global", "session": "Release"}, {"scope": "GLOBAL", "name": "Release"}),
        ]
        for given, target in rows:
            made = call("Connect", "env:T", "https://dev.azure.com/o", "p", **given)
            self.assertEqual(made.get("target"), target)
            self.assertEqual(set(made["inputs"]), {"personalAccessToken", "organizationUrl", "projectName"})

    def test_values_on_the_wire(self):
        token = a_token()
        made = call("Connect", Secret(token), "u", "p", time_limit=timedelta(minutes=1, milliseconds=1))
        self.assertEqual(made["inputs"]["personalAccessToken"], {"insecure": token})
        self.assertEqual(made["inputs"]["timeLimit"], 61)
        made = call("Connect", "env:T", "u", "p", if_session_exists="REUSE")
        self.assertEqual(made["inputs"]["personalAccessToken"], "env:T")
        self.assertEqual(made["inputs"]["ifSessionExists"], "REUSE")

    def test_the_error_for_a_value_without_a_json_form_does_not_quote_it(self):
        token = a_token()
        for value in [{"a": Secret(token)}, {"a": [Secret(token)]}, Secret(token), {"a": {token}}, {"a": float("nan")}]:
            with self.assertRaisesRegex(ValueError, "^Argument 'variables' ") as raised:
                call("Run Pipeline", "p", variables=value)
            self.assertNotIn(token, repr(raised.exception))


class Results(unittest.TestCase):
    def test_a_session_a_list_and_a_dictionary(self):
        deleted = {"name": "b", "commitId": "c"}
        rows = [
            ("Connect", {"outputs": {"user": "u"}, "session": "azdo-session:1"}, "azdo-session:1"),
            ("List Branches", {"outputs": {"branches": [], "more": False}}, []),
            ("Delete Branch", {"outputs": deleted}, deleted),
        ]
        for name, success, returned in rows:
            self.assertEqual(package().keywords[name].result(success), returned)

    def test_an_output_that_may_be_empty_is_none(self):
        project = package().keywords["Get Project"].result({"outputs": {"id": "1"}})
        self.assertEqual((project["id"], project["description"]), ("1", None))
        listed = package().keywords["List Repositories"].result({"outputs": {"repositories": [{"id": "1"}], "more": False}})
        self.assertEqual((listed[0]["id"], listed[0]["defaultBranch"]), ("1", None))

    def test_every_dictionary_has_its_values_as_attributes(self):
        outputs = {"id": 1, "fields": {"a": {"b": [{"c": 2}]}}}
        self.assertEqual(package().keywords["Get Work Item"].result({"outputs": outputs}).fields.a.b[0].c, 2)


class Documentation(unittest.TestCase):
    def test_a_run_has_the_first_paragraph_only(self):
        whole = AzureDevOps().get_keyword_documentation("Get Project")
        with mock.patch.object(library, "EXECUTION_CONTEXTS", SimpleNamespace(current=SimpleNamespace())):
            first = AzureDevOps().get_keyword_documentation("Get Project")
        self.assertEqual(whole.splitlines()[0], first)
        self.assertIn("=Argument=", whole)


if __name__ == "__main__":
    unittest.main()
