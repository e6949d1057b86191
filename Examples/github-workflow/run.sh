# The workflow's own steps, run as the action runs them; GitHub's part (checkout, download, installation) is left out.
# needs: opensc openssl python3-yaml
here=$(cd "$(dirname "$0")" && pwd)
/usr/bin/python3 -B "$here/steps.py" "$here/vmyna.yml" "$here/../../packaging/github-action/action.yml"
