"""Runs those steps of a workflow that use the action, with the action's own script: steps.py WORKFLOW ACTION."""

import os
import subprocess
import sys
import tempfile

import yaml

with open(sys.argv[1]) as file:
    workflow = yaml.safe_load(file)
with open(sys.argv[2]) as file:
    action = yaml.safe_load(file)
inputs = {name: entry.get("default", "") for name, entry in action["inputs"].items()}
script = next(step for step in action["runs"]["steps"] if step.get("id") == "run")
count = 0
# Inside `vmyna run` already: the step makes a world of its own, and shall not see this one's.
outside = {name: value for name, value in os.environ.items() if not name.startswith(("VMYNA_", "PCSCLITE_"))}
for step in workflow["jobs"]["log-in"]["steps"]:
    if step.get("uses") != "./packaging/github-action":
        continue
    given = step["with"]
    unknown = set(given) - set(inputs)
    assert not unknown, f"the action has no input {unknown}"
    values = {**inputs, **given}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**outside, "RUNNER_TEMP": folder, "GITHUB_OUTPUT": os.path.join(folder, "output")}
        for name, expression in script["env"].items():
            environment[name] = str(values[expression.removeprefix("${{ inputs.").removesuffix(" }}")])
        subprocess.run(["bash", "-eo", "pipefail", "-c", script["run"]], check=True, env=environment, cwd=folder)
    count += 1
print(f"workflow: {count} steps of the action")
