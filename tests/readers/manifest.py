"""The guide's Kubernetes manifest is one of a Job, by the schema of the version that the library knows."""

import pathlib
import re
import sys

try:
    import kubernetes_validate
    import yaml
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(0)

page = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
manifests = [yaml.safe_load(text) for text in re.findall(r"```text\n(apiVersion: .*?)```", page, re.DOTALL)]
version = kubernetes_validate.latest_version()
assert manifests, "the page has no manifest"
for manifest in manifests:
    kubernetes_validate.validate(manifest, version, strict=True)
    wrong = {**manifest, "spec": {**manifest["spec"], "completionsMode": "Indexed"}}
    try:
        kubernetes_validate.validate(wrong, version, strict=True)
    except kubernetes_validate.ValidationError:
        continue
    sys.exit("the schema takes anything")
print(f"{len(manifests)} manifest, valid by the schema of Kubernetes {version}")
